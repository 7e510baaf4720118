#include "clients/atlassian/org_links.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/atlassian/org_errors.h"
#include "clients/http/server_answer.h"
#include "clients/json/value.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

// Where the text itself is an id, it is no message.
std::string Named(absl::string_view what, const std::string& name) {
  return absl::StrCat(what, " ", ForMessage(name, 80));
}

absl::Status BadLink(const std::string& what, size_t number, absl::string_view why) {
  return absl::DataLossError(
      absl::StrCat(what, ": link ", number, " of the answer ", why, "; nothing of it is used"));
}

// The text under a key; null and nothing are empty where `may_be_empty`. False: not usable.
bool TakeId(const json::Value& link, absl::string_view key, bool may_be_empty, std::string* id) {
  const json::Value* value = link.Find(key);
  if (value == nullptr || value->is_null()) return may_be_empty;
  if (!value->is_string()) return false;
  *id = std::string(value->text());
  return may_be_empty || !id->empty();
}

// What a write came to. A server that answers anything but 2xx has refused, or says nothing sure.
WriteReply JudgeLinkWrite(const std::string& what, const OrgApi::Reply& answer) {
  WriteReply reply;
  reply.attempts = AttemptsIn(answer);
  if (!answer.ok()) {
    reply.status = WriteTransportFailure(what, answer.status());
    return reply;
  }
  reply.http_status = answer->status;
  if (IsSuccess(answer->status)) return reply;
  const OrgError error = ParseOrgError(*answer);
  reply.owner = error.reason;
  reply.status = RefusalInDoubt(OrgWriteFailure(what, error), answer->after_doubt);
  return reply;
}

}  // namespace

absl::StatusOr<std::vector<ScimLink>> OrgLinks::OfAccount(const std::string& account,
                                                          const CallContext& context) {
  return Decode(Named("the SCIM links of account", account), account,
                api_.GetScimLinks(account, context));
}

absl::StatusOr<std::vector<ScimLink>> OrgLinks::OfEmail(const std::string& email,
                                                        const CallContext& context) {
  return Decode(Named("the SCIM links of", email), "", api_.GetScimLinksForEmail(email, context));
}

WriteReply OrgLinks::Unlink(const ScimLink& link, const CallContext& context) {
  return JudgeLinkWrite(absl::StrCat(Named("unlinking SCIM record", link.directory), "/",
                                     ForMessage(link.record, 80)),
                        api_.UnlinkScimUser(link.directory, link.record, context));
}

WriteReply OrgLinks::DeleteRecords(const std::string& account, const CallContext& context) {
  return JudgeLinkWrite(Named("deleting the SCIM records of account", account),
                        api_.DeleteScimRecords(account, context));
}

absl::StatusOr<std::vector<ScimLink>> OrgLinks::Decode(const std::string& what,
                                                       const std::string& account,
                                                       const OrgApi::Reply& reply) const {
  if (!reply.ok()) return Annotate(reply.status(), what);
  if (!IsSuccess(reply->status)) return OrgReadFailure(what, ParseOrgError(*reply));
  RETURN_IF_ERROR(RequireOrgJson(what, *reply));
  const absl::StatusOr<json::Value> body = json::Value::Parse(reply->body);
  if (!body.ok()) {
    return absl::DataLossError(
        absl::StrCat(what, ": the answer cannot be read: ", body.status().message()));
  }
  const json::Value* rows = body->Find("scimLinks");
  if (rows == nullptr || !rows->is_array()) {
    return absl::DataLossError(absl::StrCat(what, ": the answer holds no list `scimLinks`"));
  }
  if (rows->items().size() > kMostLinks) {
    return absl::DataLossError(absl::StrCat(what, ": ", rows->items().size(),
                                            " links, the limit of one answer is ", kMostLinks));
  }
  std::vector<ScimLink> links;
  for (const json::Value& row : rows->items()) {
    const size_t number = links.size() + 1;
    ScimLink& link = links.emplace_back();
    std::string organisation;
    if (!TakeId(row, "directoryId", false, &link.directory) ||
        !TakeId(row, "scimUserId", false, &link.record) ||
        !TakeId(row, "atlassianAccountId", true, &link.account) ||
        !TakeId(row, "orgId", false, &organisation)) {
      return BadLink(what, number, "lacks an id, or has one that is no text");
    }
    if (organisation != api_.org_id()) {
      return BadLink(what, number, Named("is of another organisation,", organisation));
    }
    if (!account.empty() && link.account != account) {
      return BadLink(what, number, "is of another account");
    }
  }
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  return links;
}

}  // namespace rollcall
