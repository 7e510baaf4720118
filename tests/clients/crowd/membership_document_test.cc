#include "clients/crowd/membership_document.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

class MembershipNotes final : public MembershipSink {
 public:
  absl::Status Group(absl::string_view name) override {
    absl::StrAppend(&text, "[", name, "]");
    return absl::OkStatus();
  }
  void User(absl::string_view name) override { absl::StrAppend(&text, " u:", name); }
  void ChildGroup(absl::string_view name) override { absl::StrAppend(&text, " g:", name); }
  std::string text;
};

constexpr char kWhole[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<memberships>\n"
    "  <membership group=\"R&amp;D &lt;1&gt;\"><users><user name=\"o'hara\"/><user name=\"漢\"/>"
    "</users><groups><group name=\"child\"/></groups></membership>\n"
    "  <membership group=\"empty\"><users/><groups/></membership>\n</memberships>\n";

TEST(MembershipDocument, GroupsUsersAndChildGroupsComeInOrder) {
  MembershipNotes notes;
  ASSERT_TRUE(DecodeMemberships(kWhole, notes).ok());
  EXPECT_EQ(notes.text, "[R&D <1>] u:o'hara u:漢 g:child[empty]");
}

TEST(MembershipDocument, EveryCutIsDataLoss) {
  const std::string whole(kWhole);
  const size_t last = whole.rfind('>');  // only line breaks follow
  for (size_t size = 0; size < last; ++size) {
    MembershipNotes notes;
    EXPECT_EQ(DecodeMemberships(whole.substr(0, size), notes).code(), absl::StatusCode::kDataLoss)
        << size;
  }
}

TEST(MembershipDocument, WhatIsNoMembershipDocumentIsDataLoss) {
  for (const char* body :
       {"<html/>", "<error><reason>X</reason></error>",
        "<memberships><user name=\"a\"/></memberships>", "<memberships><membership/></memberships>",
        "<memberships><membership group=\"\"/></memberships>",
        "<memberships><membership group=\"g\"><users><user/></users></membership></memberships>",
        "<memberships><membership group=\"g\"><user name=\"a\"/></membership></memberships>",
        "<!DOCTYPE m [<!ENTITY e \"x\">]><memberships/>",
        "<memberships><membership group=\"\x01\"/></memberships>"}) {
    MembershipNotes notes;
    EXPECT_EQ(DecodeMemberships(body, notes).code(), absl::StatusCode::kDataLoss) << body;
  }
}

TEST(MembershipDocument, MoreAboutAMemberThanItsNameIsSkipped) {
  MembershipNotes notes;
  ASSERT_TRUE(DecodeMemberships("<memberships><membership group=\"g\"><users><user name=\"a\">"
                                "<link href=\"x\"/></user></users></membership></memberships>",
                                notes)
                  .ok());
  EXPECT_EQ(notes.text, "[g] u:a");
}

}  // namespace
}  // namespace rollcall
