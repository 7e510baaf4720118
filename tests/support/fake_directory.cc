#include "tests/support/fake_directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

absl::Status Dead() { return absl::CancelledError("the process is dead"); }

}  // namespace

FakeDirectory::FakeDirectory(std::string id, Runtime& runtime)
    : id_(std::move(id)), runtime_(runtime) {}

void FakeDirectory::AddAccount(AccountRecord account) {
  MutexLock lock(mutex_);
  const std::string id = account.id;
  world_.accounts[id] = std::move(account);
}

void FakeDirectory::RemoveAccount(const std::string& id) {
  MutexLock lock(mutex_);
  world_.accounts.erase(id);
}

void FakeDirectory::AddGroup(const std::string& id, const std::string& name,
                             std::set<std::string> members) {
  MutexLock lock(mutex_);
  world_.groups[id] = {name, std::move(members)};
}

void FakeDirectory::RemoveGroup(const std::string& id) {
  MutexLock lock(mutex_);
  world_.groups.erase(id);
}

void FakeDirectory::SetTraits(const DirectoryTraits& traits) {
  MutexLock lock(mutex_);
  traits_ = traits;
}

void FakeDirectory::SetProbe(ProbeResult result) {
  MutexLock lock(mutex_);
  probe_ = std::move(result);
}

void FakeDirectory::Script(Fault fault) {
  MutexLock lock(mutex_);
  FakeWorld frozen;
  if (fault.kind == Fault::Kind::kStaleReads) frozen = world_;
  script_.push_back({std::move(fault), 0, std::move(frozen)});
}

void FakeDirectory::RefuseAllFrom(int64_t request, absl::StatusCode code) {
  MutexLock lock(mutex_);
  refuse_from_ = requests_ + request;
  refuse_code_ = code;
}

void FakeDirectory::SetCrash(CrashSwitch* crash) {
  MutexLock lock(mutex_);
  crash_ = crash;
}

void FakeDirectory::OnEffect(std::function<void(const FakeEffect&)> observer) {
  on_effect_ = std::move(observer);
}

void FakeDirectory::OnRequest(std::function<void(int64_t)> observer) {
  on_request_ = std::move(observer);
}

FakeWorld FakeDirectory::world() const {
  MutexLock lock(mutex_);
  return world_;
}

std::vector<FakeEffect> FakeDirectory::effects() const {
  MutexLock lock(mutex_);
  return effects_;
}

int64_t FakeDirectory::reads() const {
  MutexLock lock(mutex_);
  return reads_;
}

int64_t FakeDirectory::writes() const {
  MutexLock lock(mutex_);
  return writes_;
}

int64_t FakeDirectory::reads_of(const std::string& object) const {
  MutexLock lock(mutex_);
  const auto found = reads_of_.find(object);
  return found == reads_of_.end() ? 0 : found->second;
}

std::vector<std::vector<std::string>> FakeDirectory::asked() const {
  MutexLock lock(mutex_);
  return asked_;
}

int64_t FakeDirectory::UnmetFaults() const {
  MutexLock lock(mutex_);
  return std::count_if(script_.begin(), script_.end(), [](const Scripted& scripted) {
    return scripted.fault.times == Fault::kAlways ? scripted.met == 0
                                                  : scripted.met < scripted.fault.times;
  });
}

DirectoryTraits FakeDirectory::Traits() const {
  MutexLock lock(mutex_);
  return traits_;
}

absl::StatusOr<Snapshot> FakeDirectory::ReadAll(const GroupFilter& managed,
                                                const CallContext& context) {
  FakeWorld seen;
  if (const absl::Status status = ArriveToRead("", context, seen); !status.ok()) return status;
  RosterBuilder builder;
  for (const auto& [id, record] : seen.accounts) {
    Account account;
    account.id = record.id;
    account.user_name = record.user_name;
    account.email = record.email;
    account.external_id = record.external_id;
    account.linked_account = record.linked_account;
    account.state = record.state;
    builder.AddAccount(account);
  }
  for (const auto& [id, fake] : seen.groups) {
    Group group;
    group.id = id;
    group.name = fake.name;
    const uint32_t handle = builder.AddGroup(group);
    if (!managed.Wants(fake.name)) continue;
    for (const std::string& member : fake.members) builder.AddMember(handle, member);
  }
  absl::StatusOr<Roster> roster = std::move(builder).Finish();
  if (!roster.ok()) return roster.status();
  Snapshot snapshot;
  snapshot.roster = *std::move(roster);
  snapshot.complete_at = runtime_.Now();
  return snapshot;
}

absl::StatusOr<ProbeResult> FakeDirectory::Probe(const ProbeRequest& request,
                                                 const CallContext& context) {
  FakeWorld seen;
  if (const absl::Status status = ArriveToRead("", context, seen); !status.ok()) return status;
  MutexLock lock(mutex_);
  ProbeResult result;
  for (const std::string& account : request.accounts) {
    const auto found = probe_.accounts.find(account);
    if (found != probe_.accounts.end()) result.accounts.insert(*found);
  }
  for (const std::string& group : request.groups) {
    const auto found = probe_.groups.find(group);
    if (found != probe_.groups.end()) result.groups.insert(*found);
  }
  return result;
}

absl::StatusOr<AccountRecord> FakeDirectory::ReadAccount(const std::string& account,
                                                         const CallContext& context) {
  FakeWorld seen;
  if (const absl::Status status = ArriveToRead(account, context, seen); !status.ok()) return status;
  const auto found = seen.accounts.find(account);
  if (found != seen.accounts.end()) return found->second;
  return absl::NotFoundError(absl::StrCat(id_, ": no account ", account));
}

absl::StatusOr<GroupMembers> FakeDirectory::ReadGroup(const std::string& group_id,
                                                      const CallContext& context) {
  absl::StatusOr<GroupMembers> group = SeeGroup(group_id, context);
  MutexLock lock(mutex_);
  if (group.ok() && Meet({Fault::Kind::kShortList}, {group_id}) != nullptr) group->members.clear();
  return group;
}

absl::StatusOr<GroupMembers> FakeDirectory::ReadMemberships(const MembershipQuestion& question,
                                                            const CallContext& context) {
  {
    MutexLock lock(mutex_);
    asked_.push_back(question.removed);
  }
  return SeeGroup(question.group_id, context);
}

absl::StatusOr<GroupMembers> FakeDirectory::SeeGroup(const std::string& group_id,
                                                     const CallContext& context) {
  FakeWorld seen;
  if (const absl::Status status = ArriveToRead(group_id, context, seen); !status.ok()) {
    return status;
  }
  const auto found = seen.groups.find(group_id);
  if (found == seen.groups.end()) {
    return absl::NotFoundError(absl::StrCat(id_, ": no group ", group_id));
  }
  const FakeGroup& group = found->second;
  return GroupMembers{group_id, group.name, {group.members.begin(), group.members.end()}};
}

DirectoryCheck FakeDirectory::Check(const CallContext& context) {
  DirectoryCheck check;
  bool dies_after = false;
  const absl::Status status = Arrive(context, dies_after);
  check.reachable = status.code() != absl::StatusCode::kUnavailable;
  check.signed_in = status.ok();
  if (!status.ok()) check.faults.emplace_back(status.message());
  return check;
}

int64_t FakeDirectory::requests_sent() const {
  MutexLock lock(mutex_);
  return requests_;
}

WriteReply FakeDirectory::Activate(const std::string& account, const CallContext& context) {
  return Write({{Action::kActivate, account, ""}}, context);
}

WriteReply FakeDirectory::Deactivate(const std::string& account, const CallContext& context) {
  return Write({{Action::kDeactivate, account, ""}}, context);
}

WriteReply FakeDirectory::ChangeMembers(MembershipAction action, const std::string& group_id,
                                        absl::Span<const std::string> accounts,
                                        const CallContext& context) {
  const Action what =
      action == MembershipAction::kAdd ? Action::kAddMembership : Action::kRemoveMembership;
  std::vector<FakeEffect> wanted;
  for (const std::string& account : accounts) wanted.push_back({what, account, group_id});
  return Write(wanted, context);
}

absl::Status FakeDirectory::Arrive(const CallContext& context, bool& dies_after) {
  int64_t number = 0;
  {
    MutexLock lock(mutex_);
    number = requests_ + 1;
  }
  if (on_request_) on_request_(number);
  if (context.stopped()) return absl::CancelledError("the run is being stopped");
  MutexLock lock(mutex_);
  const CrashSwitch::Step step = crash_ == nullptr ? CrashSwitch::Step::kAlive : crash_->Take();
  if (step == CrashSwitch::Step::kDead) return Dead();
  dies_after = step == CrashSwitch::Step::kEffectThenDeath;
  ++requests_;
  if (refuse_from_ > 0 && requests_ >= refuse_from_) {
    return absl::Status(refuse_code_, absl::StrCat(id_, " answers nothing else"));
  }
  return absl::OkStatus();
}

absl::Status FakeDirectory::ArriveToRead(const std::string& object, const CallContext& context,
                                         FakeWorld& seen) {
  bool dies_after = false;
  const absl::Status status = Arrive(context, dies_after);
  if (dies_after) return Dead();
  MutexLock lock(mutex_);
  ++reads_;
  ++reads_of_[object];
  if (!status.ok()) return status;
  if (const Scripted* fails = Meet({Fault::Kind::kReadFails}, {object}); fails != nullptr) {
    return absl::Status(fails->fault.code, absl::StrCat(id_, ": reading ", object, " fails"));
  }
  const Scripted* stale = Meet({Fault::Kind::kStaleReads}, {object});
  seen = stale == nullptr ? world_ : stale->frozen;
  return absl::OkStatus();
}

WriteReply FakeDirectory::Write(const std::vector<FakeEffect>& wanted, const CallContext& context) {
  bool dies_after = false;
  const absl::Status arrived = Arrive(context, dies_after);
  if (arrived.code() == absl::StatusCode::kCancelled) return {arrived, 0, 0};
  WriteReply reply{arrived, arrived.ok() ? 200 : 0, 1};
  std::vector<FakeEffect> made;
  {
    MutexLock lock(mutex_);
    ++writes_;
    bool effect = arrived.ok();
    if (arrived.ok()) reply = Judge(wanted, effect);
    if (effect) {
      std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(made),
                   [&](const FakeEffect& one)
                       ABSL_NO_THREAD_SAFETY_ANALYSIS { return ChangesAnything(one); });
    }
  }
  for (const FakeEffect& effect : made) {
    if (on_effect_) on_effect_(effect);
  }
  MutexLock lock(mutex_);
  for (const FakeEffect& effect : made) Make(effect);
  if (dies_after) return {Dead(), 0, 0};
  return reply;
}

WriteReply FakeDirectory::Judge(const std::vector<FakeEffect>& wanted, bool& effect) {
  effect = false;
  std::vector<std::string> objects;
  std::vector<std::string> members;
  for (const FakeEffect& one : wanted) {
    objects.push_back(one.group.empty() ? one.account : one.group);
    if (!one.group.empty()) members.push_back(one.account);
  }
  if (const Scripted* met = Meet({Fault::Kind::kRefuseMember}, members); met != nullptr) {
    return {absl::Status(met->fault.code, "one of them is refused"), met->fault.http_status, 1};
  }
  const Scripted* met = Meet({Fault::Kind::kRefuse, Fault::Kind::kLostAfter,
                              Fault::Kind::kLostBefore, Fault::Kind::kSilent},
                             objects);
  if (met != nullptr && met->fault.kind == Fault::Kind::kRefuse) {
    WriteReply reply{absl::Status(met->fault.code, "scripted"), met->fault.http_status, 1};
    reply.owner = met->fault.owner;
    if (!met->fault.finding.empty()) {
      reply.status.SetPayload(kFindingPayload, absl::Cord(met->fault.finding));
    }
    return reply;
  }
  if (met != nullptr && met->fault.kind == Fault::Kind::kLostBefore) {
    return {absl::UnknownError("the connection broke"), 0, 1};
  }
  if (met != nullptr && met->fault.kind == Fault::Kind::kSilent) {
    return {{}, 200, 1, met->fault.note};
  }
  if (const absl::Status missing = MissingObject(wanted); !missing.ok()) return {missing, 404, 1};
  effect = true;
  if (met != nullptr) return {absl::UnknownError("the connection broke"), 0, 1};
  return {absl::OkStatus(), 200, 1};
}

absl::Status FakeDirectory::MissingObject(const std::vector<FakeEffect>& wanted) const {
  for (const FakeEffect& one : wanted) {
    if (!one.group.empty() && world_.groups.count(one.group) == 0) {
      return absl::NotFoundError(absl::StrCat("no group ", one.group));
    }
    const bool needs_account = one.action != Action::kRemoveMembership;
    if (needs_account && world_.accounts.count(one.account) == 0) {
      return absl::NotFoundError(absl::StrCat("no account ", one.account));
    }
  }
  return absl::OkStatus();
}

FakeDirectory::Scripted* FakeDirectory::Meet(const std::vector<Fault::Kind>& kinds,
                                             const std::vector<std::string>& objects) {
  for (Scripted& scripted : script_) {
    const Fault& fault = scripted.fault;
    if (scripted.met >= fault.times) continue;
    if (std::find(kinds.begin(), kinds.end(), fault.kind) == kinds.end()) continue;
    const bool fits = fault.object.empty() ? !objects.empty()
                                           : std::find(objects.begin(), objects.end(),
                                                       fault.object) != objects.end();
    if (!fits) continue;
    ++scripted.met;
    return &scripted;
  }
  return nullptr;
}

bool FakeDirectory::ChangesAnything(const FakeEffect& effect) const {
  if (!effect.group.empty()) {
    const bool member = world_.groups.at(effect.group).members.count(effect.account) > 0;
    return member != (effect.action == Action::kAddMembership);
  }
  const AccountState goal =
      effect.action == Action::kActivate ? AccountState::kActive : AccountState::kInactive;
  return world_.accounts.at(effect.account).state != goal;
}

void FakeDirectory::Make(const FakeEffect& effect) {
  effects_.push_back(effect);
  switch (effect.action) {
    case Action::kActivate:
      world_.accounts.at(effect.account).state = AccountState::kActive;
      break;
    case Action::kDeactivate:
      world_.accounts.at(effect.account).state = AccountState::kInactive;
      break;
    case Action::kAddMembership:
      world_.groups.at(effect.group).members.insert(effect.account);
      break;
    case Action::kRemoveMembership:
      world_.groups.at(effect.group).members.erase(effect.account);
      break;
  }
}

}  // namespace rollcall
