#include "clients/scim/scim_check.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/scim/scim_codec.h"
#include "clients/scim/scim_errors.h"

namespace rollcall {
namespace {

class NoGroup final : public GroupFilter {
 public:
  bool Wants(absl::string_view) const override { return false; }
};

std::string ServerName(const HttpResponse& response) {
  return ForMessage(FindHeader(response.headers, "Server"), 80);
}

// Is this one row of a list, as SCIM has them?
absl::Status CheckList(ScimResource resource, std::string& body) {
  RowGate gate;
  gate.BeginPage(false);
  RosterBuilder builder;
  ListPage page;
  absl::Status status;
  if (resource == ScimResource::kUsers) {
    UserListFacts facts;
    status = DecodeUserPage(body, gate, builder, facts, page);
  } else {
    GroupListFacts facts;
    status = DecodeGroupPage(body, NoGroup(), gate, builder, facts, page);
  }
  if (gate.fault() != RowGate::Fault::kNone || !status.ok()) return status;
  if (page.total.has_value()) return status;
  return absl::DataLossError(
      "the answer is no SCIM list (totalResults is missing); check that `url` is the SCIM base "
      "address");
}

absl::Status ReadOne(ScimApi& api, ScimResource resource, DirectoryCheck& check,
                     const CallContext& context) {
  const std::string what = absl::StrCat("GET /", ResourcePath(resource));
  ScimApi::Reply reply = api.List({resource, 1, 1, false}, context);
  if (!reply.ok()) {
    return absl::Status(reply.status().code(),
                        absl::StrCat(reply.status().message(), TransportCure(reply.status())));
  }
  check.reachable = true;
  if (check.server.empty()) check.server = ServerName(*reply);
  if (!IsSuccess(reply->status)) {
    absl::Status status = ReadFailure(what, ParseServerError(*reply));
    if (status.code() != absl::StatusCode::kNotFound) return status;
    return absl::NotFoundError(
        absl::StrCat(status.message(),
                     "; check that `url` is the SCIM base address (it often ends in "
                     "/scim/v2) without /Users"));
  }
  absl::Status json = RequireJson(what, *reply);
  if (!json.ok()) return json;
  check.signed_in = true;
  return CheckList(resource, reply->body);
}

void SayWhatItMay(const ServiceConfig& config, DirectoryCheck& check) {
  if (!config.note.empty()) check.warnings.push_back(config.note);
  if (config.patch == false) {
    check.warnings.push_back(
        "/ServiceProviderConfig says that PATCH is not supported; changes will be tried all the "
        "same, ask the server's vendor if they fail");
  }
  check.may.push_back(config.patch == true
                          ? "change users and groups (PATCH is supported)"
                          : "change users and groups (not declared: found out when applying)");
}

}  // namespace

DirectoryCheck CheckScim(ScimApi& api, Discovery& discovery, const CallContext& context) {
  DirectoryCheck check;
  absl::Status users = ReadOne(api, ScimResource::kUsers, check, context);
  if (!users.ok()) {
    check.faults.push_back(std::string(users.message()));
    return check;
  }
  check.may.push_back("read users");
  absl::Status groups = ReadOne(api, ScimResource::kGroups, check, context);
  if (groups.ok()) {
    check.may.push_back("read groups");
  } else if (absl::IsNotFound(groups) || absl::IsUnimplemented(groups)) {
    check.warnings.push_back(absl::StrCat("the server has no groups: ", groups.message()));
  } else {
    check.faults.push_back(std::string(groups.message()));
  }
  absl::StatusOr<ServiceConfig> config = discovery.Refresh(context);
  if (config.ok()) SayWhatItMay(*config, check);
  return check;
}

}  // namespace rollcall
