// OrgAccounts: reads single accounts of the organisation, and the list of its directories. One read
// where the organisation has one directory. Where it has several, what the account's own
// `membershipStatus` says may be meant for all of them together: then the role assignments tell
// each directory's status (userDirectoryStatus), and a directory of which they do not speak is
// asked by its own id. Thread-safe. Codes as in reconciler/ports/directory.h.
#ifndef CLIENTS_ATLASSIAN_ORG_ACCOUNTS_H_
#define CLIENTS_ATLASSIAN_ORG_ACCOUNTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/atlassian/org_api.h"
#include "clients/atlassian/org_book.h"
#include "clients/atlassian/org_pager.h"
#include "clients/atlassian/org_standing.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct OrgScope {
  std::string directory = kAllDirectories;  // the configured one, or `-`
  OrgWay way = OrgWay::kAccount;
};

struct OrgAccount {
  std::string id;
  std::string email;
  OrgStanding standing;
  std::optional<absl::Time> deactivated;  // when, where it says so
};

// How much has to be known.
enum class OrgDepth : uint8_t {
  kState,   // enough for StateOf
  kPlaces,  // its status in every directory
};

class OrgAccounts {
 public:
  static constexpr size_t kMaxDirectories = 1000;

  // All must outlive this object.
  OrgAccounts(OrgApi& api, OrgBook& book, Runtime& runtime, const OrgScope& scope,
              const OrgPaging& paging)
      : api_(api), book_(book), runtime_(runtime), scope_(scope), paging_(paging) {}

  // NOT_FOUND also for an account that is none of these directories (see IsNowhere).
  absl::StatusOr<OrgAccount> Read(const std::string& account, OrgDepth depth,
                                  const CallContext& context);

  // Fills in what each directory says of the account.
  absl::Status ReadPlaces(const std::string& account, OrgStanding& standing,
                          const CallContext& context);

  // As remembered, else asked for.
  absl::StatusOr<OrgDirectories> Directories(const CallContext& context);
  // Asks, with names; remembers.
  absl::StatusOr<std::vector<OrgNamed>> ListAll(const CallContext& context);
  // Asks. NOT_FOUND when the configured directory is none of them; DATA_LOSS without any.
  absl::StatusOr<OrgDirectories> RefreshDirectories(const CallContext& context);

  const OrgScope& scope() const { return scope_; }

 private:
  absl::StatusOr<OrgUser> Fetch(const std::string& account, const CallContext& context);
  // A managed account that the directories do not know, by its own profile.
  absl::StatusOr<OrgUser> FetchProfile(const std::string& account, const absl::Status& not_found,
                                       const CallContext& context);
  // Each directory's status as the role assignments tell it; nothing where they do not, or not with
  // one voice.
  absl::StatusOr<std::vector<std::optional<OrgMembership>>> StatusesByRole(
      const std::string& account, const OrgDirectories& directories, const CallContext& context);
  absl::StatusOr<OrgMembership> StatusIn(const std::string& directory, const std::string& account,
                                         const CallContext& context);
  bool NeedsPlaces(const OrgUser& user, const OrgStanding& standing, OrgDepth depth) const;

  OrgApi& api_;
  OrgBook& book_;
  Runtime& runtime_;
  const OrgScope scope_;
  const OrgPaging paging_;
};

// The user that an answer holds; an answer that holds another one is DATA_LOSS.
absl::StatusOr<OrgUser> DecodeOrgUser(const std::string& what, const std::string& account,
                                      HttpResponse& response);

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_ACCOUNTS_H_
