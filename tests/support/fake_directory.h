// FakeDirectory: an in-memory directory behind both ports, with scripted faults, counted requests
// and a world to look at. Thread-safe. Behaves like a polite server: adding a member who is one is
// fine, removing one who is none as well, a (de)activation that changes nothing too.
//
//   FakeDirectory scim("scim", runtime);
//   scim.AddAccount({.id = "1", .user_name = "ann", .email = "ann@example.com"});
//   scim.AddGroup("g1", "Engineering", {"1"});
//   scim.Script({.kind = Fault::Kind::kSilent, .object = "1"});
//   …
//   EXPECT_EQ(scim.UnmetFaults(), 0);  // every scripted fault was met
#ifndef TESTS_SUPPORT_FAKE_DIRECTORY_H_
#define TESTS_SUPPORT_FAKE_DIRECTORY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "reconciler/base/mutex.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/runtime.h"
#include "tests/support/crash_switch.h"

namespace rollcall {

// Something that goes wrong with one object, a number of times.
struct Fault {
  enum class Kind {
    kRefuse,        // a write answers `code`, and has no effect
    kRefuseMember,  // a batch that holds the account `object` answers `code`, without effect
    kLostAfter,     // UNKNOWN, and the effect is there
    kLostBefore,    // UNKNOWN, and there is no effect
    kSilent,        // OK, and there is no effect
    kReadFails,     // a read answers `code`
    kStaleReads,    // reads that follow show the object as it was when this was scripted
    kShortList,     // the list of a group's members comes without any; who asks is told the truth
  };
  static constexpr int kAlways = 1'000'000;

  Kind kind = Kind::kRefuse;
  std::string object = {};  // account or group id; empty: any
  int times = 1;
  absl::StatusCode code = absl::StatusCode::kPermissionDenied;
  int http_status = 0;
  std::string owner = {};    // of kRefuse: WriteReply::owner
  std::string finding = {};  // of kRefuse: the status' payload
  std::string note = {};     // of kSilent: WriteReply::note
};

struct FakeGroup {
  std::string name;
  std::set<std::string> members;
  bool operator==(const FakeGroup&) const = default;
};

// One change that the directory really made.
struct FakeEffect {
  Action action = Action::kDeactivate;
  std::string account;
  std::string group;  // id; empty for (de)activations
  auto operator<=>(const FakeEffect&) const = default;
};

struct FakeWorld {
  std::map<std::string, AccountRecord> accounts;
  std::map<std::string, FakeGroup> groups;
  bool operator==(const FakeWorld&) const = default;
};

class FakeDirectory final : public DirectoryReader, public DirectoryWriter {
 public:
  FakeDirectory(std::string id, Runtime& runtime);

  void AddAccount(AccountRecord account);
  void RemoveAccount(const std::string& id);
  void AddGroup(const std::string& id, const std::string& name, std::set<std::string> members);
  void RemoveGroup(const std::string& id);
  void SetTraits(const DirectoryTraits& traits);
  void SetProbe(ProbeResult result);
  void Script(Fault fault);
  // The nth request from now (1 is the next) and all after it answer `code`, whatever they ask.
  void RefuseAllFrom(int64_t request, absl::StatusCode code);
  void SetCrash(CrashSwitch* crash);  // not owned; null: none
  // Called once for each change that is really made, before it is, without a lock.
  void OnEffect(std::function<void(const FakeEffect&)> observer);
  // Called at the start of each request, without a lock: to stop a run in its middle.
  void OnRequest(std::function<void(int64_t request)> observer);

  FakeWorld world() const;
  std::vector<FakeEffect> effects() const;  // in the order of their making
  int64_t reads() const;
  int64_t writes() const;
  int64_t reads_of(const std::string& object) const;
  // Of each ReadMemberships: the accounts that are to be none.
  std::vector<std::vector<std::string>> asked() const;
  // Scripted faults that were not met as often as they were to be; kAlways counts if never met.
  int64_t UnmetFaults() const;

  DirectoryTraits Traits() const override;
  absl::StatusOr<Snapshot> ReadAll(const GroupFilter& managed, const CallContext& context) override;
  absl::StatusOr<ProbeResult> Probe(const ProbeRequest& request,
                                    const CallContext& context) override;
  absl::StatusOr<AccountRecord> ReadAccount(const std::string& account,
                                            const CallContext& context) override;
  absl::StatusOr<GroupMembers> ReadGroup(const std::string& group_id,
                                         const CallContext& context) override;
  // One read; a short list does not concern it.
  absl::StatusOr<GroupMembers> ReadMemberships(const MembershipQuestion& question,
                                               const CallContext& context) override;
  DirectoryCheck Check(const CallContext& context) override;
  int64_t requests_sent() const override;

  WriteReply Activate(const std::string& account, const CallContext& context) override;
  WriteReply Deactivate(const std::string& account, const CallContext& context) override;
  WriteReply ChangeMembers(MembershipAction action, const std::string& group_id,
                           absl::Span<const std::string> accounts,
                           const CallContext& context) override;

 private:
  struct Scripted {
    Fault fault;
    int met = 0;
    FakeWorld frozen;  // for kStaleReads
  };

  // OK, or what the request answers without being looked at. `dies_after` is set for a request
  // whose effect comes before the kill.
  absl::Status Arrive(const CallContext& context, bool& dies_after);
  absl::StatusOr<GroupMembers> SeeGroup(const std::string& group_id, const CallContext& context);
  absl::Status ArriveToRead(const std::string& object, const CallContext& context, FakeWorld& seen);
  WriteReply Write(const std::vector<FakeEffect>& wanted, const CallContext& context);
  // What the script says of this write; `effect` says whether it is to be made.
  WriteReply Judge(const std::vector<FakeEffect>& wanted, bool& effect)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status MissingObject(const std::vector<FakeEffect>& wanted) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Scripted* Meet(const std::vector<Fault::Kind>& kinds, const std::vector<std::string>& objects)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool ChangesAnything(const FakeEffect& effect) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Make(const FakeEffect& effect) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string id_;
  Runtime& runtime_;
  mutable Mutex mutex_;
  FakeWorld world_ ABSL_GUARDED_BY(mutex_);
  std::vector<FakeEffect> effects_ ABSL_GUARDED_BY(mutex_);
  std::vector<Scripted> script_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int64_t> reads_of_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::vector<std::string>> asked_ ABSL_GUARDED_BY(mutex_);
  DirectoryTraits traits_ ABSL_GUARDED_BY(mutex_);
  ProbeResult probe_ ABSL_GUARDED_BY(mutex_);
  int64_t requests_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t reads_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t writes_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t refuse_from_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::StatusCode refuse_code_ ABSL_GUARDED_BY(mutex_) = absl::StatusCode::kUnauthenticated;
  CrashSwitch* crash_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::function<void(const FakeEffect&)> on_effect_;
  std::function<void(int64_t)> on_request_;
};

}  // namespace rollcall

#endif  // TESTS_SUPPORT_FAKE_DIRECTORY_H_
