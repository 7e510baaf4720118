// OrgApi: one function a call of Atlassian Cloud's organisation API (/admin) and user management
// API (/users), which share a host and a key; requests are built here and nowhere else. What an
// answer means is judged by the callers, who know. Every request is counted. Thread-safe.
//
// Errors are those of HttpClient, with the name of the call before the message; an answer of any
// status is a value. An empty id is INVALID_ARGUMENT and sends nothing: the URL without it is
// another resource. So is `-` (all directories) in a write.
#ifndef CLIENTS_ATLASSIAN_ORG_API_H_
#define CLIENTS_ATLASSIAN_ORG_API_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/http/client.h"

namespace rollcall {

// Every directory that the key may manage; in reads only.
inline constexpr char kAllDirectories[] = "-";

// POST …/users/search: what is asked for; empty fields are left out.
struct OrgUserSearch {
  std::string directory = kAllDirectories;
  std::string group;              // members of this group only
  std::string account;            // this account only
  std::string membership_status;  // "no_membership"
  std::string claim_status;       // "managed"
  std::vector<std::string> expand;
  int64_t limit = 100;
};

class OrgApi {
 public:
  using Reply = absl::StatusOr<HttpResponse>;

  // `client` must outlive this object. `base_url` is above /admin and /users.
  OrgApi(std::string base_url, std::string org_id, HttpClient& client);

  // `cursor`: of the page before; empty: the first page. What else was asked for goes along, unless
  // the server refuses that: then the cursor goes alone from there on.
  Reply ListOrganizations(const std::string& cursor, const CallContext& context);
  // The accounts that the organisation manages, whether or not they are in a directory.
  Reply ListManaged(const std::string& cursor, const CallContext& context);
  Reply ListDirectories(const std::string& cursor, const CallContext& context);
  Reply SearchUsers(const OrgUserSearch& search, const std::string& cursor,
                    const CallContext& context);
  Reply CountUsers(const std::string& directory, const CallContext& context);
  Reply SearchGroups(const std::string& directory, int64_t limit, const std::string& cursor,
                     const CallContext& context);
  Reply GetUser(const std::string& directory, const std::string& account,
                const CallContext& context);
  Reply GetRoleAssignments(const std::string& directory, const std::string& account,
                           const std::string& cursor, const CallContext& context);
  Reply GetGroup(const std::string& directory, const std::string& group,
                 const CallContext& context);
  // A managed account by itself.
  Reply GetProfile(const std::string& account, const CallContext& context);
  // May the key enable and disable the account?
  Reply GetPrivileges(const std::string& account, const CallContext& context);

  // The SCIM records that own an account, whichever directory they are in: {"scimLinks":[…]}. This
  // and the next three are calls of the user provisioning API, known from clients only.
  Reply GetScimLinks(const std::string& account, const CallContext& context);
  // Those that bear an address.
  Reply GetScimLinksForEmail(const std::string& email, const CallContext& context);
  // Sent once, whatever becomes of the answer. `scim_directory` is the organisation's id of it.
  Reply UnlinkScimUser(const std::string& scim_directory, const std::string& scim_user,
                       const CallContext& context);
  // Likewise. In every SCIM directory; the account itself stays.
  Reply DeleteScimRecords(const std::string& account, const CallContext& context);
  // The API tokens of a managed account: a bare array.
  Reply ListApiTokens(const std::string& account, const CallContext& context);

  Reply Disable(const std::string& account, const CallContext& context);
  Reply Enable(const std::string& account, const CallContext& context);
  Reply Suspend(const std::string& directory, const std::string& account,
                const CallContext& context);
  Reply Restore(const std::string& directory, const std::string& account,
                const CallContext& context);
  Reply AddMember(const std::string& directory, const std::string& group,
                  const std::string& account, const CallContext& context);
  Reply RemoveMember(const std::string& directory, const std::string& group,
                     const std::string& account, const CallContext& context);

  // Retries included; a request that failed without an answer counts as often as it was sent.
  int64_t requests_sent() const { return sent_.load(std::memory_order_relaxed); }
  const std::string& org_id() const { return org_id_; }

 private:
  Reply Send(HttpRequest request, const CallContext& context);
  // `page` makes the request; it is told whether the cursor is to go alone.
  Reply SendPage(const std::string& cursor, absl::FunctionRef<HttpRequest(bool alone)> page,
                 const CallContext& context);
  std::string DirectoryPath(const std::string& directory) const;
  // Of user provisioning; `rest` below the organisation, encoded.
  std::string ProvisioningUrl(absl::string_view rest) const;
  Reply WriteStanding(const std::string& directory, const std::string& account,
                      absl::string_view verb, const CallContext& context);

  const std::string base_url_;
  const std::string org_id_;
  HttpClient& client_;
  std::atomic<int64_t> sent_{0};
  std::atomic<bool> cursor_alone_{false};
};

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_API_H_
