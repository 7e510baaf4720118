#include "clients/idp/google_reader.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/idp/record_handler.h"
#include "clients/idp/shown.h"
#include "reconciler/base/fold.h"

namespace rollcall::idp {
namespace {

constexpr RecordKey kGooglePerson[] = {
    {"users", RecordField::kList},
    {"groups", RecordField::kOtherList},
    {"nextPageToken", RecordField::kNext},
    {"kind", RecordField::kKind},
    {"error", RecordField::kError},
    {"id", RecordField::kId},
    {"primaryEmail", RecordField::kUserName},
    {"suspended", RecordField::kSuspended},
    {"archived", RecordField::kArchived},
    {"aliases", RecordField::kAliases},
};
constexpr RecordKey kGoogleGroup[] = {
    {"groups", RecordField::kList},
    {"users", RecordField::kOtherList},
    {"nextPageToken", RecordField::kNext},
    {"kind", RecordField::kKind},
    {"error", RecordField::kError},
    {"id", RecordField::kId},
    {"email", RecordField::kEmail},
    {"name", RecordField::kName},
    {"primaryEmail", RecordField::kUserName},
    {"members", RecordField::kMembers},
    {"directMembersCount", RecordField::kMembersCount},
};
constexpr RecordKey kGoogleMember[] = {
    {"id", RecordField::kId}, {"email", RecordField::kEmail}, {"type", RecordField::kType}};

RecordKeys GoogleKeys(Part part) {
  if (part == Part::kPeople) return {kGooglePerson, kGoogleMember};
  return {kGoogleGroup, kGoogleMember};
}

class GoogleHandler final : public RecordHandler {
 public:
  GoogleHandler(Part part, ExportBuilder& builder)
      : RecordHandler(GoogleKeys(part), part, builder) {
    // A member without an id is named by its e-mail, which is the user name.
    if (part == Part::kGroups) builder.AcceptUserNamesAsMembers();
  }

 private:
  bool EndPerson() override {
    if (record().id.empty()) return Missing("id");
    if (record().user_name.empty()) return Missing("primaryEmail");
    says_suspended_ |= record().suspended.has_value();
    UseUserNameAsEmail();
    const bool out = record().suspended.value_or(false) || record().archived.value_or(false);
    return AddPerson(out ? Standing::kInactive : Standing::kActive);
  }

  bool GroupIsKnown() const override { return !record().email.empty() && !record().name.empty(); }
  // Groups that are members are known by their e-mail, since their id may not be exported.
  bool GroupOf(GroupRecord& group) override {
    if (record().email.empty()) return Missing("email");
    if (record().name.empty()) return Missing("name");
    key_ = absl::AsciiStrToLower(record().email);
    const auto [known, added] = emails_.emplace(Fold(record().name), key_);
    if (!added && known->second != key_) {
      return Fail(absl::StrCat(
          "two groups are called ", Shown(record().name), ": ", known->second, " and ", key_,
          ", so that their name does not say which one is meant; rename one of them, or leave one "
          "out of the export"));
    }
    group.key = key_;
    group.id = record().id;
    group.name = record().name;
    group.email = record().email;
    return true;
  }

  bool TakeEntry(const MemberEntry& entry) override {
    if (absl::EqualsIgnoreCase(entry.type, "GROUP") && !entry.email.empty()) {
      return TakeMember(absl::AsciiStrToLower(entry.email));
    }
    holds_everybody_ |= absl::EqualsIgnoreCase(entry.type, "CUSTOMER");
    if (absl::EqualsIgnoreCase(entry.type, "CUSTOMER")) return true;
    if (!entry.id.empty()) return TakeMember(entry.id);
    if (!entry.email.empty()) return TakeMember(entry.email);
    return Fail(absl::StrCat("a member of ", Who(), " has neither \"id\" nor \"email\""));
  }

  bool EndGroup(absl::string_view key) override {
    if (holds_everybody_) {
      builder().HoldGroup(key, absl::StrCat("row ", record().row,
                                            ": everybody of the organisation is a member of it (a "
                                            "member of the type CUSTOMER), without being listed"));
    }
    holds_everybody_ = false;
    const int64_t count = record().members_count.value_or(0);
    if (record().has_members && count > record().members_listed) {
      builder().HoldGroup(key, absl::StrCat("row ", record().row, ": it has ", count,
                                            " members by its \"directMembersCount\", but ",
                                            record().members_listed, " are listed"));
    }
    return true;
  }

  bool IsEmptyPage() const override {
    const absl::string_view kind =
        part() == Part::kPeople ? "admin#directory#users" : "admin#directory#groups";
    return page_kind() == kind && record().id.empty();
  }

  void AddFindings() override {
    if (part() == Part::kGroups || rows() == 0 || says_suspended_) return;
    Finding finding;
    finding.name = "suspended_not_exported";
    finding.severity = Severity::kWarning;
    finding.message =
        "nobody in the export has the key \"suspended\", so that everybody counts as active unless "
        "\"archived\" says otherwise";
    finding.cure = "Export the field \"suspended\" of each user.";
    builder().AddFinding(std::move(finding));
  }

  bool says_suspended_ = false;
  bool holds_everybody_ = false;
  std::string key_;                                       // of the group that is being read
  absl::flat_hash_map<std::string, std::string> emails_;  // by folded name; as many as groups
};

}  // namespace

absl::Status GoogleReader::Recognise(const Shape& shape, const ReadContext&) const {
  if (!shape.is_json()) return absl::InvalidArgumentError("it does not begin with { or [");
  const bool scim =
      absl::StrContains(shape.schemas, "urn:ietf:params:scim:") || shape.FirstHas("Resources");
  const bool list =
      shape.FirstHas("users") || shape.FirstHas("groups") ||
      (shape.FirstHas("kind") && (shape.FirstHas("etag") || shape.FirstHas("nextPageToken")));
  const bool group = shape.Has("email") && shape.Has("name") && shape.Has("members");
  if (!scim && (list || group || shape.Has("primaryEmail"))) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "there is neither \"users\" nor \"groups\" nor \"primaryEmail\" in its first object");
}

absl::Status GoogleReader::Read(json::ByteSource& source, const ReadContext& context,
                                ExportBuilder& builder) const {
  return GoogleHandler(context.part, builder).Read(source);
}

}  // namespace rollcall::idp
