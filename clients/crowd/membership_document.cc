#include "clients/crowd/membership_document.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/xml/reader.h"

namespace rollcall {
namespace {

constexpr char kCall[] = "GET /group/membership";

class MembershipHandler final : public xml::Handler {
 public:
  explicit MembershipHandler(MembershipSink& sink) : sink_(sink) {}

  absl::Status StartElement(absl::string_view name, const xml::Attributes& attributes) override {
    ++depth_;
    switch (depth_) {
      case 1:
        if (name != "memberships") return Wrong(absl::StrCat("it begins with <", name, ">"));
        return absl::OkStatus();
      case 2:
        if (name != "membership") return Unknown(name);
        return StartGroup(attributes);
      case 3:
        if (name != "users" && name != "groups") return Unknown(name);
        in_users_ = name == "users";
        return absl::OkStatus();
      case 4:
        if (name != (in_users_ ? "user" : "group")) return Unknown(name);
        return Member(attributes);
      default:
        return absl::OkStatus();  // more about a member than its name
    }
  }
  absl::Status EndElement(absl::string_view) override {
    --depth_;
    return absl::OkStatus();
  }

 private:
  absl::Status StartGroup(const xml::Attributes& attributes) {
    const char* group = attributes.Find("group");
    if (group == nullptr || *group == '\0') return Wrong("a membership names no group");
    return sink_.Group(group);
  }
  absl::Status Member(const xml::Attributes& attributes) {
    const char* name = attributes.Find("name");
    if (name == nullptr || *name == '\0') return Wrong("a member has no name");
    if (in_users_) {
      sink_.User(name);
    } else {
      sink_.ChildGroup(name);
    }
    return absl::OkStatus();
  }
  static absl::Status Unknown(absl::string_view name) {
    return Wrong(absl::StrCat("<", name, "> is not expected where it stands"));
  }
  static absl::Status Wrong(absl::string_view what) {
    return absl::DataLossError(absl::StrCat("this is not what Crowd promises: ", what));
  }

  MembershipSink& sink_;
  int depth_ = 0;
  bool in_users_ = false;
};

}  // namespace

absl::Status DecodeMemberships(absl::string_view document, MembershipSink& sink) {
  MembershipHandler handler(sink);
  const absl::Status status = xml::Parse(document, handler);
  if (status.ok()) return status;
  const bool broken = status.code() == absl::StatusCode::kInvalidArgument;
  return absl::Status(broken ? absl::StatusCode::kDataLoss : status.code(),
                      absl::StrCat(kCall, ": ", status.message()));
}

}  // namespace rollcall
