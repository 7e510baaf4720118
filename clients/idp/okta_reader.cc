#include "clients/idp/okta_reader.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/idp/okta_status.h"
#include "clients/idp/record_handler.h"
#include "clients/idp/shown.h"

namespace rollcall::idp {
namespace {

constexpr RecordKey kOktaPerson[] = {
    {"id", RecordField::kId},
    {"status", RecordField::kStatus},
    {"profile", RecordField::kObject},
    {"profile.login", RecordField::kUserName},
    {"profile.email", RecordField::kEmail},
    {"type", RecordField::kObject},  // {"id": …}
    {"errorCode", RecordField::kError},
};
constexpr RecordKey kOktaGroup[] = {
    {"id", RecordField::kId},
    {"profile", RecordField::kObject},
    {"profile.name", RecordField::kName},
    {"profile.login", RecordField::kUserName},
    {"members", RecordField::kMembers},
    {"_embedded", RecordField::kObject},
    {"_embedded.users", RecordField::kMembers},
    {"errorCode", RecordField::kError},
};
constexpr RecordKey kOktaMember[] = {{"id", RecordField::kId}};

RecordKeys OktaKeys(Part part) {
  if (part == Part::kPeople) return {kOktaPerson, kOktaMember};
  return {kOktaGroup, kOktaMember};
}

class OktaHandler final : public RecordHandler {
 public:
  OktaHandler(const ReadContext& context, ExportBuilder& builder)
      : RecordHandler(OktaKeys(context.part), context.part, builder), statuses_(context.statuses) {}

 private:
  bool EndPerson() override {
    if (record().id.empty()) return Missing("id");
    if (record().user_name.empty()) {
      return Missing("profile.login", "export it, and give groups in export.groups");
    }
    if (record().status.empty()) return Missing("status");
    saw_deprovisioned_ |= absl::EqualsIgnoreCase(record().status, "DEPROVISIONED");
    std::optional<Standing> standing = statuses_.Find(record().status);
    if (!standing.has_value()) standing = StandingOfOktaStatus(record().status);
    if (standing.has_value()) return AddPerson(*standing);
    return Fail(absl::StrCat("\"status\" of ", Who(), " is ", Shown(record().status),
                             ", which is no status of Okta's; say in export.statuses what it "
                             "means: active, inactive or hold"));
  }

  bool GroupIsKnown() const override { return !record().id.empty() && !record().name.empty(); }
  bool GroupOf(GroupRecord& group) override {
    if (record().id.empty()) return Missing("id");
    if (record().name.empty()) return Missing("profile.name");
    group.key = group.id = record().id;
    group.name = record().name;
    return true;
  }

  absl::string_view AttributeName(absl::string_view path) const override {
    if (path == "type.id") return "type";
    return absl::StripPrefix(path, "profile.");
  }

  void AddFindings() override {
    if (part() == Part::kGroups || rows() == 0 || saw_deprovisioned_) return;
    Finding finding;
    finding.name = "no_deprovisioned_people";
    finding.severity = Severity::kWarning;
    finding.message =
        "nobody in the export has the status DEPROVISIONED; Okta leaves these people out of its "
        "list unless a filter or a search asks for them, and leavers then look absent instead of "
        "inactive";
    finding.cure =
        "Export them too, such as with the filter status eq \"DEPROVISIONED\" in a second request; "
        "nothing is to be done where really nobody was deprovisioned.";
    builder().AddFinding(std::move(finding));
  }

  const StatusMap& statuses_;
  bool saw_deprovisioned_ = false;
};

}  // namespace

absl::Status OktaReader::Recognise(const Shape& shape, const ReadContext&) const {
  if (!shape.is_json()) return absl::InvalidArgumentError("it does not begin with { or [");
  const bool error = shape.FirstHas("errorCode") && shape.FirstHas("errorSummary");
  const bool record = shape.Has("profile") && (shape.Has("status") || shape.Has("id") ||
                                               shape.Has("members") || shape.Has("_embedded"));
  if (error || record) return absl::OkStatus();
  return absl::InvalidArgumentError("there is no \"profile\" in its first object");
}

absl::Status OktaReader::Read(json::ByteSource& source, const ReadContext& context,
                              ExportBuilder& builder) const {
  return OktaHandler(context, builder).Read(source);
}

}  // namespace rollcall::idp
