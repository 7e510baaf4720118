#include "tests/simulation/witness.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/runs/applying.h"

namespace rollcall::simulation {
namespace {

const Limit& LimitOf(const GuardSpec& guards, Action action) {
  switch (action) {
    case Action::kActivate:
      return guards.max_activations;
    case Action::kDeactivate:
      return guards.max_deactivations;
    case Action::kAddMembership:
      return guards.max_additions;
    case Action::kRemoveMembership:
      return guards.max_removals;
  }
  return guards.max_deactivations;
}

bool Adds(Action action) { return action == Action::kActivate || action == Action::kAddMembership; }

std::string Say(const Turn& turn) {
  return absl::StrCat(ActionName(turn.action), " ", turn.fact.ToString());
}

}  // namespace

void Witness::BeginReading() {
  works_.clear();
  store_ = nullptr;
  follows_ = false;
}

void Witness::BeginApplying(const Plan& plan, Store& store, bool waived) {
  ++process_;
  works_ = {{std::make_shared<const Plan>(plan), "", waived}};
  store_ = &store;
  follows_ = false;
  in_gap_.clear();
}

void Witness::Follow(Store& store) {
  BeginReading();
  ++process_;
  store_ = &store;
  follows_ = true;
}

std::shared_ptr<const Plan> Witness::PlanOf(const std::string& id) {
  std::shared_ptr<const Plan>& plan = plans_[id];
  if (plan != nullptr) return plan;
  const absl::StatusOr<Plan> loaded = store_->plans().Load(id);
  if (!loaded.ok()) Fail(absl::StrCat("a run has no plan: ", loaded.status().ToString()));
  plan = std::make_shared<const Plan>(loaded.ok() ? *loaded : Plan());
  return plan;
}

void Witness::LookAtState() {
  works_.clear();
  const absl::StatusOr<std::vector<RunSummary>> runs = store_->runs().Unfinished();
  if (!runs.ok()) return Fail(absl::StrCat("no runs can be listed: ", runs.status().ToString()));
  for (const RunSummary& run : *runs) {
    if (run.state == RunState::kInterrupted) continue;
    const absl::StatusOr<RunRecord> record = store_->runs().Load(run.id);
    works_.push_back({PlanOf(run.plan), run.id, record.ok() && !record->waivers.empty()});
  }
}

std::optional<Witness::Work> Witness::WorkAt(const std::string& directory) {
  if (!follows_) return works_.empty() ? std::nullopt : std::make_optional(works_.front());
  LookAtState();
  std::optional<Work> found;
  for (const Work& work : works_) {
    const std::vector<std::string> touched = TouchedDirectories(*work.plan);
    if (!std::binary_search(touched.begin(), touched.end(), directory)) continue;
    if (found.has_value()) {
      Fail(absl::StrCat("two runs at once at ", directory, ": ", found->run, " and ", work.run));
    }
    found = work;
  }
  return found;
}

void Witness::NoteRival(const std::vector<Turn>& turns) {
  for (const Turn& turn : turns) {
    NoteRivalEdit(turn.fact.directory, turn.fact.account);
    log_.Add(absl::StrCat("rival: ", Say(turn)));
  }
}

const std::string& Witness::AccountsAt(const std::string& directory) {
  static const std::string& organisation = *new std::string(kCloud);
  return directory == kSite ? organisation : directory;
}

bool Witness::IsOf(const std::string& directory, const Fact& fact) {
  if (!fact.group.empty()) return AccountsAt(directory) == fact.directory;
  return directory == fact.directory;
}

void Witness::NoteRivalEdit(const std::string& directory, const std::string& account) {
  rivalled_.insert({AccountsAt(directory), account});
  // The same write may be right again.
  for (auto& [directory, sends] : sends_) sends.answered.clear();
}

void Witness::NoteEffects(const Sent& sent, const std::vector<Turn>& turns) {
  for (const Turn& turn : turns) {
    ++effects_;
    ++effects_at_[sent.to];
    log_.Add(absl::StrCat("effect: ", Say(turn)));
    if (!sent.work.has_value()) {
      Fail(absl::StrCat("a write before all reads were complete: ", Say(turn)));
      continue;
    }
    if (IsNoEffect(sent, turn)) continue;
    CheckAllowed(turn);
    CheckPlanned(sent, turn);
    if (!ComesWithAccess(sent, turn)) CheckLimit(sent, turn);
  }
}

Witness::Sent Witness::NoteSend(const twins::TwinRequest& request) {
  Sent sent;
  sent.to = SimWorld::DirectoryOf(request.target);
  sent.work = WorkAt(sent.to);
  Sends& sends = sends_[sent.to];
  if (sent.work.has_value() && sends.plan != sent.work->plan->id) {
    sends = {sent.work->plan->id, {}};
  }
  const auto before = sends.answered.find({request.target, request.method + request.body});
  if (before != sends.answered.end() && IsRepeated(request, before->second)) {
    Fail(absl::StrCat("sent again although it was known to have worked: ", request.method, " ",
                      request.target, " ", request.body));
  }
  if (!sent.work.has_value()) return sent;
  if (!disk_.LogIsDurable()) {
    Fail(absl::StrCat("sent while the journal was not durable: ", request.method, " ",
                      request.target));
  }
  sent.intents = OpenIntents(*sent.work);
  return sent;
}

bool Witness::IsRepeated(const twins::TwinRequest& request, Answered& before) const {
  if (!before.certain) return false;
  if (!lagging_) return true;
  if (before.process != process_) return false;
  const bool removal = request.method == "PATCH" && absl::StrContains(request.target, "/Groups/") &&
                       absl::StrContains(request.body, R"("op":"remove")");
  const bool may = (removal || IsPartOfADoubt(request)) && !before.again;
  before.again = true;
  return !may;
}

bool Witness::IsPartOfADoubt(const twins::TwinRequest& request) const {
  const bool standing =
      absl::EndsWith(request.target, "/suspend") || absl::EndsWith(request.target, "/restore");
  if (!standing) return false;
  const size_t users = request.target.find("/users/");
  const auto sends = sends_.find(SimWorld::DirectoryOf(request.target));
  if (sends == sends_.end()) return false;
  for (const auto& [key, answer] : sends->second.answered) {
    const std::string& target = key.first;
    const size_t other = target.find("/users/");
    if (users == std::string::npos || other == std::string::npos || target == request.target) {
      continue;
    }
    const bool same_change = target.substr(other) == request.target.substr(users);
    if (same_change && answer.doubted && answer.process == process_) return true;
  }
  return false;
}

void Witness::NoteAnswer(const twins::TwinRequest& request, bool certain) {
  Sends& sends = sends_[SimWorld::DirectoryOf(request.target)];
  Answered& answer = sends.answered[{request.target, request.method + request.body}];
  if (answer.process != process_) answer.again = answer.doubted = false;
  answer.doubted = answer.doubted || !certain;
  answer.certain = certain;
  answer.process = process_;
}

void Witness::Fail(const std::string& what) {
  log_.Add(absl::StrCat("FAILED: ", what));
  failures_.push_back(what);
}

bool Witness::Matches(const Change& change, const Turn& turn) {
  const Fact& fact = turn.fact;
  if (IsOf(change.directory, fact) && change.account == fact.account &&
      change.action == turn.action && change.group_id == fact.group) {
    return true;
  }
  if (change.reroute.has_value() && IsOf(change.reroute->directory, fact) &&
      change.reroute->account == fact.account && change.action == turn.action &&
      change.reroute->group_id == fact.group) {
    return true;
  }
  for (const Effect& effect : change.effects) {
    if (IsOf(effect.directory, fact) && effect.account == fact.account &&
        effect.action == turn.action && effect.group_id == fact.group) {
      return true;
    }
  }
  return false;
}

bool Witness::ComesWithAccess(const Sent& sent, const Turn& turn) {
  if (sent.to != kSite || turn.fact.group.empty()) return false;
  const Action wanted = Adds(turn.action) ? Action::kActivate : Action::kDeactivate;
  const std::vector<Change>& changes = sent.work->plan->changes;
  return std::any_of(changes.begin(), changes.end(), [&](const Change& change) {
    return change.directory == kSite && change.group_id.empty() && change.action == wanted &&
           change.account == turn.fact.account && sent.intents.count(change.id) > 0;
  });
}

bool Witness::FollowsUnseen(const Sent& sent, const Turn& turn) {
  if (turn.fact.directory != kSite || sent.to == kSite) return false;
  const Plan& plan = *sent.work->plan;
  const bool seen = std::count(plan.directories.begin(), plan.directories.end(), kSite) > 0 &&
                    std::count(plan.unreadable.begin(), plan.unreadable.end(), kSite) == 0;
  Turn elsewhere = turn;
  elsewhere.fact.directory = kCloud;
  return !seen && IsPlanned(plan, elsewhere);
}

bool Witness::IsPlanned(const Plan& plan, const Turn& turn) {
  return std::any_of(plan.changes.begin(), plan.changes.end(),
                     [&](const Change& change) { return Matches(change, turn); });
}

void Witness::CheckAllowed(const Turn& turn) {
  const std::pair<std::string, std::string> account = {turn.fact.directory, turn.fact.account};
  if (world_.untouchable().count(account) > 0) {
    Fail(absl::StrCat("touched what is protected, out of scope or its own: ", Say(turn)));
  }
  if (Adds(turn.action) && world_.held().count(account) > 0) {
    Fail(absl::StrCat("let in somebody who is held: ", Say(turn)));
  }
}

void Witness::CheckPlanned(const Sent& sent, const Turn& turn) {
  const Plan& plan = *sent.work->plan;
  std::vector<const Change*> owners;
  for (const Change& change : plan.changes) {
    if (Matches(change, turn)) owners.push_back(&change);
  }
  if (owners.empty()) {
    // What SCIM carries along is no change of the plan where another administrator made it look as
    // if it was so already.
    const bool carried = sent.to != turn.fact.directory;
    if (carried && RivalTouched(turn.fact.directory, turn.fact.account)) return;
    if (ComesWithAccess(sent, turn) || FollowsUnseen(sent, turn)) return;
    Fail(absl::StrCat("not in plan ", plan.id, ": ", Say(turn)));
    return;
  }
  for (const Change* owner : owners) {
    if (sent.intents.count(owner->id) == 0) continue;
    const bool own = IsOf(sent.to, turn.fact) && turn.fact.place.empty();
    if (own) done_.insert({plan.id, owner->id});
    return;
  }
  if (ComesWithAccess(sent, turn)) return;  // one of the plan would have done so later
  // What a site's own change was to do may be done by the account's, which another administrator
  // had made look done.
  const bool follows = turn.fact.directory == kSite && sent.to != kSite;
  if (follows && RivalTouched(turn.fact.directory, turn.fact.account)) return;
  Fail(absl::StrCat("sent without an intent in the journal: ", owners.front()->id, " ", Say(turn)));
}

std::set<std::string> Witness::OpenIntents(Work& work) {
  if (work.run.empty()) {
    const absl::StatusOr<std::optional<std::string>> run =
        store_->runs().UnfinishedOf(work.plan->id);
    if (run.ok() && run->has_value()) works_.front().run = work.run = **run;
  }
  const absl::StatusOr<RunRecord> record = store_->runs().Load(work.run);
  return record.ok() ? record->unknown : std::set<std::string>();
}

bool IsIn(const twins::World& world, const Facts& facts, const std::string& directory,
          const std::string& account) {
  const auto has = [&](const std::string& place) {
    return std::binary_search(facts.begin(), facts.end(), Fact{directory, account, "", place});
  };
  if (!has("")) return false;
  if (directory != kCloud) return true;
  const auto known = world.cloud_accounts.find(account);
  if (known == world.cloud_accounts.end()) return false;
  const auto& places = known->second.directories;
  return places.empty() || std::any_of(places.begin(), places.end(),
                                       [&](const auto& place) { return has(place.first); });
}

bool Witness::IsTrue(const Change& made, const Facts& now) const {
  if (made.directory == kCloud && made.group_id.empty()) {
    return IsIn(world_.world(), now, kCloud, made.account) == Adds(made.action);
  }
  const std::string& directory =
      made.group_id.empty() ? made.directory : AccountsAt(made.directory);
  const Fact fact = {directory, made.account, made.group_id, ""};
  return std::binary_search(now.begin(), now.end(), fact) == Adds(made.action);
}

void Witness::CheckGap(const Change& made, const Outcome& outcome) {
  const auto edit = in_gap_.find(made.account);
  if (made.directory != kCrowd || !only_people_ || edit == in_gap_.end()) return;
  if (!made.group_id.empty()) return;
  bool kept = false;
  const twins::CrowdDirectory& directory = world_.world().crowd.at(kCrowd).directories[0];
  for (const auto& [folded, user] : directory.users) {
    kept |= CrowdKeyOf(directory, user) == made.account && user.email == edit->second;
  }
  if (kept || absl::StrContains(outcome.message, "somebody else")) return;
  // A daemon's run may be cancelled, or the daemon ended, between the write and the look at it.
  if (follows_ && absl::StrContains(outcome.message, "not read back")) return;
  Fail(absl::StrCat("overwrote what somebody else had changed, and does not say so: ", made.id, " ",
                    outcome.message));
}

void Witness::CheckOutcomes(const Plan& plan, const RunRecord& run) {
  const Facts now = FactsOf(world_.world());
  for (const Change& change : plan.changes) {
    const auto found = run.outcomes.find(change.id);
    if (found == run.outcomes.end()) continue;
    const Outcome& outcome = found->second;
    const Change made =
        outcome.rerouted && change.reroute.has_value() ? ThroughOwner(change) : change;
    const bool blames = absl::StrContains(outcome.message, "somebody else seems to have changed");
    if (blames && !RivalTouched(made.directory, made.account)) {
      Fail(absl::StrCat("nobody else was there: ", change.id, " ", outcome.message));
    }
    CheckGap(made, outcome);
    // Somebody else may have been there since.
    if (RivalTouched(made.directory, made.account)) continue;
    if (deleted_groups_.count({AccountsAt(made.directory), made.group_id}) > 0) continue;
    const bool is_true = IsTrue(made, now);
    const bool denies = outcome.state == OutcomeState::kRefused ||
                        outcome.state == OutcomeState::kFailed ||
                        outcome.state == OutcomeState::kSkippedStale;
    if (denies && is_true && done_.count({plan.id, change.id}) > 0) {
      Fail(absl::StrCat("it happened, and the run says ", OutcomeStateName(outcome.state), ": ",
                        change.id, " ", outcome.message));
    }
    if (outcome.verified && !is_true) {
      Fail(absl::StrCat("the run says that it was seen to hold, and it does not: ", change.id));
    }
  }
  for (const Change& change : plan.changes) in_gap_.erase(change.account);
}

bool Witness::IsOfALeaver(const Plan& plan, const Turn& turn) {
  if (turn.action != Action::kRemoveMembership) return false;
  std::set<std::string> people;
  for (const Change& change : plan.changes) {
    if (change.action == Action::kDeactivate) people.insert(change.person);
  }
  return std::any_of(plan.changes.begin(), plan.changes.end(), [&](const Change& change) {
    return Matches(change, turn) && people.count(change.person) > 0;
  });
}

void Witness::CheckLimit(const Sent& sent, const Turn& turn) {
  const Work& work = *sent.work;
  if (work.waived || !turn.fact.place.empty() || IsOfALeaver(*work.plan, turn)) return;
  const std::string& directory = IsOf(sent.to, turn.fact) ? sent.to : turn.fact.directory;
  std::set<Fact>& counted = counted_[{directory, turn.action}];
  counted.insert(turn.fact);
  const Limit& limit = LimitOf(world_.spec().guards, turn.action);
  if (static_cast<int64_t>(counted.size()) > limit.count.value_or(1'000'000)) {
    Fail(absl::StrCat("beyond the limit of ", *limit.count, ": ", Say(turn)));
  }
}

}  // namespace rollcall::simulation
