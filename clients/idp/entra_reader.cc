#include "clients/idp/entra_reader.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/idp/record_handler.h"
#include "clients/idp/shown.h"

namespace rollcall::idp {
namespace {

// Microsoft Graph returns no more members of a group than this with $expand=members, and says
// nothing of the others.
constexpr int64_t kExpandedMembers = 20;

constexpr RecordKey kEntraPerson[] = {
    {"value", RecordField::kList},
    {"@odata.nextLink", RecordField::kNext},
    {"@odata.count", RecordField::kTotal},
    {"@odata.deltaLink", RecordField::kChanges},
    {"@removed", RecordField::kChanges},
    {"error", RecordField::kError},
    {"id", RecordField::kId},
    {"userPrincipalName", RecordField::kUserName},
    {"mail", RecordField::kEmail},
    {"accountEnabled", RecordField::kEnabled},
};
constexpr RecordKey kEntraGroup[] = {
    {"value", RecordField::kList},
    {"@odata.nextLink", RecordField::kNext},
    {"@odata.count", RecordField::kTotal},
    {"@odata.deltaLink", RecordField::kChanges},
    {"@removed", RecordField::kChanges},
    {"error", RecordField::kError},
    {"id", RecordField::kId},
    {"displayName", RecordField::kName},
    {"userPrincipalName", RecordField::kUserName},
    {"members", RecordField::kMembers},
    {"members@odata.count", RecordField::kMembersCount},
    {"members@odata.nextLink", RecordField::kNext},
};
constexpr RecordKey kEntraMember[] = {{"id", RecordField::kId},
                                      {"@odata.type", RecordField::kType}};

RecordKeys EntraKeys(Part part) {
  if (part == Part::kPeople) return {kEntraPerson, kEntraMember};
  return {kEntraGroup, kEntraMember};
}

class EntraHandler final : public RecordHandler {
 public:
  EntraHandler(Part part, ExportBuilder& builder) : RecordHandler(EntraKeys(part), part, builder) {}

 private:
  bool EndPerson() override {
    if (record().id.empty()) return Missing("id");
    if (record().user_name.empty()) {
      return Missing("userPrincipalName", "export it, and give groups in export.groups");
    }
    if (!record().enabled.has_value()) {
      return Missing("accountEnabled",
                     "Microsoft Graph leaves it out unless it is asked for: export again with "
                     "$select=accountEnabled among the other fields (id, userPrincipalName, mail, "
                     "displayName, userType)");
    }
    UseUserNameAsEmail();
    return AddPerson(*record().enabled ? Standing::kActive : Standing::kInactive);
  }

  bool GroupIsKnown() const override { return !record().id.empty() && !record().name.empty(); }
  bool GroupOf(GroupRecord& group) override {
    if (record().id.empty()) return Missing("id");
    if (record().name.empty()) return Missing("displayName");
    group.key = group.id = record().id;
    group.name = record().name;
    return true;
  }

  // Devices, applications and contacts are members, but no people and no groups.
  bool TakeEntry(const MemberEntry& entry) override {
    absl::string_view type = entry.type;
    absl::ConsumePrefix(&type, "#microsoft.graph.");
    if (type == "device" || type == "servicePrincipal" || type == "orgContact") return true;
    return RecordHandler::TakeEntry(entry);
  }

  bool EndGroup(absl::string_view key) override {
    const int64_t listed = record().members_listed;
    if (record().members_count.has_value() && *record().members_count > listed) {
      return Cut(absl::StrCat(Who(), " has ", *record().members_count,
                              " members by its \"members@odata.count\", but ", listed,
                              " are listed: the export was cut; export every page of its members"));
    }
    const bool marked = record().members_count.has_value() || record().says_next;
    if (listed != kExpandedMembers || marked) return true;
    builder().HoldGroup(key,
                        absl::StrCat("row ", record().row, ": it has exactly ", kExpandedMembers,
                                     " members, after which $expand=members ends silently"));
    of_twenty_.Add(record().name);
    return true;
  }

  void AddFindings() override {
    if (of_twenty_.count() == 0) return;
    Finding finding;
    finding.name = "members_may_be_cut";
    finding.severity = Severity::kWarning;
    finding.message = absl::StrCat(
        of_twenty_.Have(), " exactly ", kExpandedMembers,
        " members in the export; $expand=members returns no more of them and does not say so, "
        "therefore nobody is removed from there");
    finding.cure =
        "Export the members from /groups/{id}/members, every page of them, with "
        "\"members@odata.count\".";
    finding.observed = of_twenty_.count();
    finding.subjects = of_twenty_.names();
    builder().AddFinding(std::move(finding));
  }

  NamedGroups of_twenty_;
};

}  // namespace

absl::Status EntraReader::Recognise(const Shape& shape, const ReadContext& context) const {
  if (!shape.is_json()) return absl::InvalidArgumentError("it does not begin with { or [");
  const bool scim =
      absl::StrContains(shape.schemas, "urn:ietf:params:scim:") || shape.FirstHas("Resources");
  const bool list = shape.FirstHas("value") || shape.Has("@odata.context") ||
                    shape.Has("@odata.nextLink") || shape.Has("@odata.deltaLink");
  const bool group = context.part == Part::kGroups && shape.Has("id") && shape.Has("displayName");
  if (!scim && (list || group || shape.Has("userPrincipalName"))) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "there is neither \"value\" nor \"@odata.context\" nor \"userPrincipalName\" in its first "
      "object");
}

absl::Status EntraReader::Read(json::ByteSource& source, const ReadContext& context,
                               ExportBuilder& builder) const {
  return EntraHandler(context.part, builder).Read(source);
}

}  // namespace rollcall::idp
