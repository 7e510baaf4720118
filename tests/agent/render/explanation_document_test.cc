#include "agent/render/explanation_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "agent/render/document_writer.h"
#include "tests/agent/render/sample_plan.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int kScreen = 50;  // lines of a terminal

ExplainedDirectory Directory(const std::string& id, const std::string& account) {
  ExplainedDirectory directory;
  directory.id = id;
  directory.entitlements = {{"p1", true, {"E1", "everybody is entitled here"}}};
  ExplainedAccount row;
  row.id = account;
  row.user_name = "ada";
  row.link = LinkState::kLinked;
  row.proof = Proof::kExternalId;
  row.person = "p1";
  row.why_linked = {"L1", "its externalId is the person's id"};
  row.in_scope = true;
  row.wanted = AccountState::kInactive;
  row.why_state = {"A1", "inactive in the export"};
  row.groups = {{"engineers", true, false, true, {"A2", "inactive_memberships keeps"}}};
  directory.accounts = {row};
  return directory;
}

// A leaver in Crowd, in SCIM, whose change carries the organisation and the site along.
Explanation Leaver() {
  Explanation explanation;
  explanation.query = "ada";
  explanation.known = true;
  ExplainedPerson person;
  person.id = "p1";
  person.user_name = "ada";
  person.email = "ada@example.com";
  person.standing = Standing::kInactive;
  explanation.people = {person};
  explanation.directories = {Directory("crowd", "k1"), Directory("cloud", "c1"),
                             Directory("cloud-scim", "s1"), Directory("site", "c1")};
  Change crowd = SampleChange(1, Action::kDeactivate, "ada");
  Change scim = SampleChange(2, Action::kDeactivate, "ada");
  scim.effects = {{"cloud", "c1", Action::kDeactivate}, {"site", "c1", Action::kDeactivate}};
  explanation.directories[0].changes = {crowd};
  explanation.directories[2].changes = {scim};
  return explanation;
}

std::string TextOf(const Explanation& explanation) {
  return WriteText(ExplanationDocument(explanation, {}), Colour::kOff);
}

TEST(ExplanationTextTest, OnePersonOverFourDirectoriesFitsOnOneScreen) {
  const std::string text = TextOf(Leaver());
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), kScreen) << text;
  EXPECT_THAT(text, StartsWith("PENDING  a plan would make 2 changes for ada."));
}

TEST(ExplanationTextTest, WhatFollowsFromAnotherDirectoryIsToldWhereItShows) {
  const std::string text = TextOf(Leaver());
  EXPECT_THAT(text, HasSubstr("Follows by itself: deactivate c1 (by the change in cloud-scim)"));
  EXPECT_THAT(text, Not(HasSubstr("A plan would change nothing here")));
  Explanation alone = Leaver();
  alone.directories[2].changes.clear();
  EXPECT_THAT(TextOf(alone), HasSubstr("A plan would change nothing here"));
}

TEST(ExplanationTextTest, WhoNeedsSomebodyIsNotCalledInStep) {
  Explanation explanation = Leaver();
  for (ExplainedDirectory& directory : explanation.directories) directory.changes.clear();
  EXPECT_THAT(TextOf(explanation), StartsWith("IN STEP"));
  explanation.findings = {SampleFinding("held", Severity::kInfo)};
  EXPECT_THAT(TextOf(explanation), StartsWith("IN STEP"));
  explanation.findings = {SampleFinding("read_only", Severity::kWarning)};
  EXPECT_THAT(TextOf(explanation), StartsWith("NOT IN STEP"));
}

}  // namespace
}  // namespace rollcall
