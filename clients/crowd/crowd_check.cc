#include "clients/crowd/crowd_check.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/crowd/change_feed.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/crowd/crowd_list.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kNotCrowd[] =
    "this is not a Crowd user management service (the answer lacks the header "
    "X-Embedded-Crowd-Version); `url` must be Crowd's address with its context path, often "
    "https://host/crowd, and nothing in between may take the header away";

// Signs in, and looks whether it is Crowd that answers.
absl::Status Ping(CrowdApi& api, DirectoryCheck& check, const CallContext& context) {
  const char* const what = "GET /config/cookie";
  const CrowdApi::Reply reply = api.GetCookieConfig(context);
  if (!reply.ok()) {
    return absl::Status(reply.status().code(),
                        absl::StrCat(reply.status().message(), TransportCure(reply.status())));
  }
  check.reachable = true;
  check.server = ForMessage(FindHeader(reply->headers, kCrowdVersionHeader), 80);
  const bool refused = reply->status == 401 || reply->status == 403;
  if (check.server.empty() && !refused) {
    return absl::DataLossError(absl::StrCat(what, ": the server answered ",
                                            ParseCrowdError(*reply).ToString().substr(0, 200), "; ",
                                            kNotCrowd));
  }
  if (!IsSuccess(reply->status)) return CrowdReadFailure(what, ParseCrowdError(*reply));
  RETURN_IF_ERROR(RequireCrowdJson(what, *reply));
  check.signed_in = true;
  return absl::OkStatus();
}

// Reads one row; how many came.
absl::StatusOr<int> Sample(CrowdApi& api, CrowdEntity entity, const CallContext& context) {
  const std::string what = absl::StrCat("GET /search (", EntityName(entity), "s)");
  CrowdApi::Reply reply = api.Search({entity, 0, 1, true}, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return CrowdReadFailure(what, ParseCrowdError(*reply));
  RETURN_IF_ERROR(RequireCrowdJson(what, *reply));
  int rows = 0;
  RETURN_IF_ERROR(DecodeCrowdList(what, entity, reply->body, [&](const CrowdRow& row) {
    ++rows;
    if (entity == CrowdEntity::kGroup || row.active.has_value()) return absl::OkStatus();
    return absl::DataLossError(
        "users come without `active`: this Crowd does not give the fields "
        "of users in lists, and cannot be kept in step");
  }));
  return rows;
}

void SampleUsers(CrowdApi& api, DirectoryCheck& check, const CallContext& context) {
  const absl::StatusOr<int> users = Sample(api, CrowdEntity::kUser, context);
  if (!users.ok()) {
    check.faults.push_back(std::string(users.status().message()));
  } else if (*users == 0) {
    check.faults.push_back(
        "Crowd shows this application no user at all; assign it a directory that holds them "
        "(Applications, Directories & groups)");
  } else {
    check.may.push_back("read users");
  }
}

void SampleGroups(CrowdApi& api, DirectoryCheck& check, const CallContext& context) {
  const absl::StatusOr<int> groups = Sample(api, CrowdEntity::kGroup, context);
  if (!groups.ok()) {
    check.faults.push_back(std::string(groups.status().message()));
  } else {
    check.may.push_back("read groups");
  }
}

// Whether a change that somebody else makes in the moment of a write will be told.
void TryEventFeed(CrowdApi& api, DirectoryCheck& check, const CallContext& context) {
  ChangeFeed feed(api);
  if (!feed.Begin(context).empty()) {
    check.may.push_back("read the event feed (what somebody else changes during a write is told)");
    return;
  }
  check.warnings.push_back(
      "Crowd's event feed cannot be used: what somebody else changes of a user in the moment in "
      "which Rollcall writes that user is overwritten unseen; edit users in Crowd while no run is "
      "at work, or switch incremental synchronisation on");
}

}  // namespace

DirectoryCheck CheckCrowd(CrowdApi& api, const CallContext& context) {
  DirectoryCheck check;
  const absl::Status ping = Ping(api, check, context);
  if (!ping.ok()) {
    check.faults.push_back(std::string(ping.message()));
    return check;
  }
  SampleUsers(api, check, context);
  SampleGroups(api, check, context);
  TryEventFeed(api, check, context);
  check.may.push_back(
      "change users and memberships, as far as the application and its directories allow "
      "(Crowd does not tell: found out when applying)");
  return check;
}

}  // namespace rollcall
