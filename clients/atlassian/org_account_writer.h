// OrgAccountWriter: takes one account out, or brings it back: by switching the account itself, by
// suspending or restoring it in directories, or both (rule A4). Only what is missing is sent, one
// request each; directories are always named, never `-`.
//
// An answer that may mean "it is so already" (400, 409, 404) is settled by reading the account.
// What was done in part is told: the status is that of the worst request, the message names
// directories. Thread-safe: every call works on its own state. Cost: the writes; a read where the
// account was not read within the last minute.
#ifndef CLIENTS_ATLASSIAN_ORG_ACCOUNT_WRITER_H_
#define CLIENTS_ATLASSIAN_ORG_ACCOUNT_WRITER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/atlassian/org_accounts.h"
#include "clients/atlassian/org_api.h"
#include "clients/atlassian/org_book.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class OrgAccountWriter {
 public:
  // All must outlive this object.
  OrgAccountWriter(OrgApi& api, OrgAccounts& accounts, OrgBook& book, Runtime& runtime)
      : api_(api), accounts_(accounts), book_(book), runtime_(runtime) {}

  WriteReply Activate(const std::string& account, const CallContext& context);
  WriteReply Deactivate(const std::string& account, const CallContext& context);

 private:
  enum class Step : uint8_t { kDisable, kEnable, kSuspend, kRestore };
  struct Job {
    const std::string& account;
    const CallContext& context;
    std::string what;
    WriteReply reply;
    std::vector<std::string> done;    // "suspended in d1"
    std::vector<std::string> failed;  // what could not be done, with the answer
    absl::Status absent;              // a directory did not know the account
  };

  struct Look {
    OrgStanding standing;
    OrgDirectories directories;  // of its places
  };
  // As it was read a moment ago, else as it is now.
  absl::StatusOr<Look> LookAt(const std::string& account, const CallContext& context);
  // LookAt, and whether the account may be changed at all; otherwise the reply is final.
  std::optional<Look> Begin(Job& job);
  // Sends one request and takes its answer into the job.
  void Take(Job& job, Step step, const std::string& directory);
  OrgApi::Reply Send(const Job& job, Step step, const std::string& directory);
  absl::Status Judge(const Job& job, Step step, const std::string& directory,
                     const HttpResponse& answer, std::string* owner);
  // Is it so already, as reading shows?
  bool IsSo(const Job& job, Step step, const std::string& directory);
  void TakeEach(Job& job, const Look& look, OrgMembership from, Step step);
  WriteReply Conclude(Job& job);

  OrgApi& api_;
  OrgAccounts& accounts_;
  OrgBook& book_;
  Runtime& runtime_;
};

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_ACCOUNT_WRITER_H_
