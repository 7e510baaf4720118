#include "agent/service/orders.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "agent/service/resource_names.h"
#include "reconciler/base/fingerprint.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr size_t kLongestReason = 1000;
constexpr size_t kLongestRequestId = 64;
constexpr int64_t kLastSecond = 253'402'300'799;  // of the year 9999, as Timestamp has it

absl::Status CheckRequestId(const std::string& id) {
  constexpr char kAllowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  if (id.size() <= kLongestRequestId && id.find_first_not_of(kAllowed) == std::string::npos) {
    return absl::OkStatus();
  }
  return InvalidField(absl::StrCat("request_id may hold ", kLongestRequestId,
                                   " letters, digits, -, _ and . at most"));
}

// Of what was asked for, whatever the id under which it was.
template <typename Request>
std::string DigestOf(Request request) {
  request.clear_request_id();
  return Sha256Hex(
      absl::StrCat(request.GetDescriptor()->full_name(), "\n", request.SerializeAsString()));
}

// What both requests hold.
template <typename Request>
absl::StatusOr<PersonOrder> PersonOrderOf(const Request& request) {
  PersonOrder order;
  order.person = request.person();
  order.reason = request.reason();
  if (order.person.find_first_not_of(" \t\r\n") == std::string::npos) {
    return InvalidField("person is empty; give an e-mail, a user name or an id");
  }
  if (order.person.size() > kLongestReason) {
    return InvalidField(absl::StrCat("person is longer than ", kLongestReason, " bytes"));
  }
  if (order.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return InvalidField("reason is empty; say why, for the record");
  }
  RETURN_IF_ERROR(CheckReason(order.reason));
  if (!request.has_end_time()) return order;
  const google::protobuf::Timestamp& end = request.end_time();
  if (end.seconds() < 0 || end.seconds() > kLastSecond || end.nanos() < 0 ||
      end.nanos() >= 1'000'000'000) {
    return InvalidField("end_time is no time");
  }
  order.until = absl::FromUnixSeconds(end.seconds()) + absl::Nanoseconds(end.nanos());
  return order;
}

}  // namespace

absl::Status InvalidField(absl::string_view what) {
  return WithReason(v1::INVALID_FIELD, absl::InvalidArgumentError(what));
}

absl::Status CheckReason(const std::string& reason) {
  if (reason.size() <= kLongestReason) return absl::OkStatus();
  return InvalidField(absl::StrCat("reason is longer than ", kLongestReason, " bytes"));
}

absl::StatusOr<PlanOrder> OrderOf(const v1::CreatePlanRequest& request, Uploads& uploads) {
  PlanOrder order;
  RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  for (const std::string& name : request.directories()) {
    ASSIGN_OR_RETURN(const std::string id, IdOf(name, "directories", "directories"));
    order.directories.push_back(id);
  }
  order.as_configured_source = request.as_configured_source();
  order.request_id = request.request_id();
  order.digest = DigestOf(request);
  if (request.people().empty()) {
    if (request.groups().empty()) return order;
    return InvalidField("groups names an upload and people does not; name both");
  }
  ASSIGN_OR_RETURN(const std::string people, IdOf(request.people(), "exports", "people"));
  // Named in any case: without it the order would be another one.
  order.export_files.emplace();
  const absl::StatusOr<Upload> found = uploads.Find(people);
  if (!found.ok()) {
    order.obstacle = found.status();
    return order;
  }
  const Upload& upload = *found;
  if (upload.header.part != ExportPart::kPeople)
    return InvalidField("people names an upload of groups");
  order.export_files->people = upload.file;
  std::vector<std::string> used = {people};
  if (!request.groups().empty()) {
    ASSIGN_OR_RETURN(const std::string groups, IdOf(request.groups(), "exports", "groups"));
    const absl::StatusOr<Upload> found_groups = uploads.Find(groups);
    if (!found_groups.ok()) {
      order.obstacle = found_groups.status();
      return order;
    }
    const Upload& other = *found_groups;
    if (other.header.part != ExportPart::kGroups) {
      return InvalidField("groups names an upload of people");
    }
    order.export_files->groups = other.file;
    used.push_back(groups);
  }
  order.release = [&uploads, used] {
    for (const std::string& id : used) uploads.Delete(id);
  };
  return order;
}

absl::StatusOr<ApplyOrder> OrderOf(const v1::ApplyPlanRequest& request) {
  ApplyOrder order;
  RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(order.plan, IdOf(request.name(), "plans", "name"));
  if (request.etag().empty()) {
    return InvalidField("etag is missing; give that of the plan as it was read");
  }
  order.etag = request.etag();
  for (const v1::Waiver& waiver : request.waivers()) {
    order.waivers.push_back({waiver.guard(), waiver.reason()});
  }
  order.verify_full = request.verify_full();
  order.request_id = request.request_id();
  order.digest = DigestOf(request);
  return order;
}

absl::StatusOr<PersonOrder> OrderOf(const v1::DeactivatePersonRequest& request) {
  ASSIGN_OR_RETURN(PersonOrder order, PersonOrderOf(request));
  order.kind = Hold::Kind::kDeactivated;
  order.without_export = request.without_export();
  return order;
}

absl::StatusOr<PersonOrder> OrderOf(const v1::ActivatePersonRequest& request) {
  ASSIGN_OR_RETURN(PersonOrder order, PersonOrderOf(request));
  order.kind = Hold::Kind::kActivated;
  if (order.until.has_value()) return order;
  return InvalidField("end_time is missing; an exception needs an end");
}

}  // namespace rollcall
