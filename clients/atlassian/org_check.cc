#include "clients/atlassian/org_check.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/atlassian/org_errors.h"
#include "clients/atlassian/org_pager.h"
#include "clients/atlassian/org_probe.h"
#include "clients/atlassian/org_standing.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr int64_t kSampleRows = 10;
constexpr size_t kMostListed = 20;

std::string Listed(const std::vector<OrgNamed>& rows) {
  std::vector<std::string> texts;
  for (const OrgNamed& row : rows) {
    if (texts.size() == kMostListed) {
      texts.push_back(absl::StrCat("and ", rows.size() - kMostListed, " more"));
      break;
    }
    texts.push_back(absl::StrCat(ForMessage(row.id, 80), " (", ForMessage(row.name, 80), ")"));
  }
  return absl::StrJoin(texts, ", ");
}

// A directory or group that nobody manages: only the form of the list counts.
absl::Status FirstPage(absl::string_view what, OrgApi::Reply reply, OrgRowReader& reader) {
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return OrgReadFailure(what, ParseOrgError(*reply));
  RETURN_IF_ERROR(RequireOrgJson(what, *reply));
  OrgPageHandler handler(reader);
  return ReadOrgPage(what, reply->body, handler);
}

class OrgChecker {
 public:
  OrgChecker(OrgApi& api, OrgAccounts& accounts, const OrgPaging& paging,
             const std::string& identity, const CallContext& context)
      : api_(api), accounts_(accounts), paging_(paging), identity_(identity), context_(context) {}

  DirectoryCheck Run() {
    if (!SignIn() || !SeeDirectories()) return std::move(check_);
    SampleUsers();
    SampleGroups();
    SamplePrivilege();
    if (identity_.empty()) {
      check_.warnings.push_back(
          "the account behind the key is not known, so Rollcall cannot keep its hands off it: set "
          "`identity` to the id or e-mail of the administrator who made the key");
    }
    return std::move(check_);
  }

 private:
  void Fault(const absl::Status& status) { check_.faults.push_back(std::string(status.message())); }

  // One page of the directories: what answers, and whether it takes the key.
  bool SignIn() {
    const std::string what = "the directories of the organisation";
    const OrgApi::Reply reply = api_.ListDirectories("", context_);
    if (!reply.ok()) {
      Fault(absl::Status(reply.status().code(),
                         absl::StrCat(reply.status().message(), TransportCure(reply.status()))));
      return false;
    }
    check_.reachable = true;
    check_.server = ForMessage(FindHeader(reply->headers, "Server"), 80);
    if (!IsSuccess(reply->status)) {
      const OrgError error = ParseOrgError(*reply);
      absl::Status failure = OrgReadFailure(what, error);
      const bool elsewhere = error.status == 403 || error.status == 404;
      check_.signed_in = error.status == 403 || error.IsUnknownOrganization();
      std::string text(failure.message());
      if (elsewhere && !error.is_page && !error.IsScope()) absl::StrAppend(&text, "; ", OrgsSeen());
      check_.faults.push_back(std::move(text));
      return false;
    }
    const absl::Status json = RequireOrgJson(what, *reply);
    if (!json.ok()) Fault(json);
    check_.signed_in = json.ok();
    return json.ok();
  }

  std::string OrgsSeen() {
    std::vector<OrgNamed> rows;
    const auto take = [&](const OrgNamed& row) {
      rows.push_back(row);
      return absl::OkStatus();
    };
    OrgNamedReader reader(OrgNamedReader::Kind::kOrganization, take);
    const auto fetch = [&](const std::string& cursor) {
      return api_.ListOrganizations(cursor, context_);
    };
    const auto restart = [&] { rows.clear(); };
    const absl::Status status =
        OrgPager(paging_).Read("the organisations", fetch, restart, reader, context_);
    if (!status.ok()) {
      return absl::StrCat("which organisations the key sees could not be read either (",
                          status.message(), ")");
    }
    if (rows.empty()) return "the key shows no organisation (one with scopes never does)";
    return absl::StrCat("the key sees ", Listed(rows));
  }

  bool SeeDirectories() {
    absl::StatusOr<std::vector<OrgNamed>> rows = accounts_.ListAll(context_);
    if (!rows.ok()) {
      Fault(rows.status());
      return false;
    }
    const std::string& wanted = accounts_.scope().directory;
    const bool found = std::any_of(rows->begin(), rows->end(),
                                   [&](const OrgNamed& row) { return row.id == wanted; });
    if (rows->empty()) {
      check_.faults.push_back(
          "the key sees no directory of the organisation: make it as an administrator of the "
          "organisation");
      return false;
    }
    if (wanted != kAllDirectories && !found) {
      check_.faults.push_back(absl::StrCat("`directory_id` ", ForMessage(wanted, 80),
                                           " is no directory of the organisation; it has ",
                                           Listed(*rows)));
      return false;
    }
    check_.may.push_back(absl::StrCat("see the directories ", Listed(*rows)));
    return true;
  }

  absl::Status Users(const std::string& claim_status) {
    OrgUserSearch search;
    search.directory = accounts_.scope().directory;
    search.limit = kSampleRows;
    search.claim_status = claim_status;
    const auto take = [&](const OrgUser& row) {
      any_user_ = true;
      if (row.claim_status == "managed" && managed_.empty()) managed_ = row.id;
      if (oddity_.empty()) StandingOf(row, &oddity_);
      return absl::OkStatus();
    };
    OrgUserReader reader(take);
    return FirstPage("the users", api_.SearchUsers(search, "", context_), reader);
  }

  void SampleUsers() {
    const absl::Status status = Users("");
    if (!status.ok()) return Fault(status);
    if (!any_user_) {
      check_.faults.push_back(
          "the key sees no account in the directories: check `directory_id`, and that its owner "
          "administers them");
      return;
    }
    check_.may.push_back("read users");
    if (oddity_.empty()) return;
    check_.warnings.push_back(
        absl::StrCat("accounts come with ", oddity_,
                     ": such accounts are left alone; look after them in Atlassian Administration, "
                     "and see whether there is a newer Rollcall"));
  }

  void SampleGroups() {
    const auto take = [](const OrgGroup&) { return absl::OkStatus(); };
    OrgGroupReader reader(take);
    const absl::Status status = FirstPage(
        "the groups", api_.SearchGroups(accounts_.scope().directory, kSampleRows, "", context_),
        reader);
    if (!status.ok()) return Fault(status);
    check_.may.push_back("read groups");
  }

  // May it manage accounts? One managed account tells.
  void SamplePrivilege() {
    if (!any_user_) return;
    if (managed_.empty()) Users("managed").IgnoreError();
    if (managed_.empty()) {
      check_.warnings.push_back(
          "none of the accounts that were looked at is managed by this organisation (no claimed "
          "domain?): unmanaged ones can only be suspended in its directories, and only with "
          "`unclaimed_accounts: suspend`");
      return;
    }
    const OrgApi::Reply reply = api_.GetPrivileges(managed_, context_);
    if (!reply.ok()) return Fault(reply.status());
    const OrgError error = ParseOrgError(*reply);
    if (IsSuccess(reply->status)) {
      const absl::StatusOr<OrgPrivilege> privilege = ReadPrivilege(managed_, *reply);
      if (!privilege.ok()) return Fault(privilege.status());
      check_.may.push_back(
          privilege->allowed
              ? "switch managed accounts on and off"
              : absl::StrCat("manage accounts; the one that was asked about is not Rollcall's to "
                             "switch (",
                             privilege->reason, "): ", privilege->cure));
      return;
    }
    Fault(OrgReadFailure("managing accounts", error));
  }

  OrgApi& api_;
  OrgAccounts& accounts_;
  const OrgPaging paging_;
  const std::string& identity_;
  const CallContext& context_;
  DirectoryCheck check_;
  bool any_user_ = false;
  std::string managed_;  // the first managed account that came
  std::string oddity_;   // what was not understood of an account that came
};

}  // namespace

DirectoryCheck CheckOrg(OrgApi& api, OrgAccounts& accounts, const OrgPaging& paging,
                        const std::string& identity, const CallContext& context) {
  return OrgChecker(api, accounts, paging, identity, context).Run();
}

}  // namespace rollcall
