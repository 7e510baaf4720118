#include "tests/simulation/witness.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

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

void Witness::BeginApplying(const Plan& plan, Store& store, bool waived) {
  ++process_;
  plan_ = &plan;
  store_ = &store;
  waived_ = waived;
  run_.clear();
  in_gap_.clear();
  if (answered_plan_ != plan.id) {
    answered_.clear();
    done_.clear();
  }
  answered_plan_ = plan.id;
}

void Witness::Close() {
  plan_ = nullptr;
  store_ = nullptr;
}

void Witness::NoteRival(const std::vector<Turn>& turns) {
  for (const Turn& turn : turns) {
    NoteRivalEdit(turn.fact.directory, turn.fact.account);
    log_.Add(absl::StrCat("rival: ", Say(turn)));
  }
}

void Witness::NoteRivalEdit(const std::string& directory, const std::string& account) {
  rivalled_.insert({directory, account});
  // The same write may be right again.
  answered_.clear();
}

void Witness::NoteEffects(const Sent& sent, const std::vector<Turn>& turns) {
  for (const Turn& turn : turns) {
    ++effects_;
    log_.Add(absl::StrCat("effect: ", Say(turn)));
    if (plan_ == nullptr) {
      Fail(absl::StrCat("a write before all reads were complete: ", Say(turn)));
      continue;
    }
    if (IsNoEffect(sent.to, turn)) continue;
    CheckAllowed(turn);
    CheckPlanned(sent, turn);
    CheckLimit(turn);
  }
}

Witness::Sent Witness::NoteSend(const twins::TwinRequest& request) {
  const auto before = answered_.find({request.target, request.method + request.body});
  if (before != answered_.end() && IsRepeated(request, before->second)) {
    Fail(absl::StrCat("sent again although it was known to have worked: ", request.method, " ",
                      request.target, " ", request.body));
  }
  Sent sent;
  sent.to = SimWorld::DirectoryOf(request.target);
  if (plan_ == nullptr) return sent;
  if (!disk_.LogIsDurable()) {
    Fail(absl::StrCat("sent while the journal was not durable: ", request.method, " ",
                      request.target));
  }
  sent.intents = OpenIntents();
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
  for (const auto& [key, answer] : answered_) {
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
  Answered& answer = answered_[{request.target, request.method + request.body}];
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
  if (change.directory == fact.directory && change.account == fact.account &&
      change.action == turn.action && change.group_id == fact.group) {
    return true;
  }
  if (change.reroute.has_value() && change.reroute->directory == fact.directory &&
      change.reroute->account == fact.account && change.action == turn.action &&
      change.reroute->group_id == fact.group) {
    return true;
  }
  for (const Effect& effect : change.effects) {
    if (effect.directory == fact.directory && effect.account == fact.account &&
        effect.action == turn.action && effect.group_id == fact.group) {
      return true;
    }
  }
  return false;
}

bool Witness::IsPlanned(const Turn& turn) const {
  return std::any_of(plan_->changes.begin(), plan_->changes.end(),
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
  std::vector<const Change*> owners;
  for (const Change& change : plan_->changes) {
    if (Matches(change, turn)) owners.push_back(&change);
  }
  if (owners.empty()) {
    // What SCIM carries along is no change of the plan where another administrator made it look as
    // if it was so already.
    const bool carried = sent.to != turn.fact.directory;
    if (carried && RivalTouched(turn.fact.directory, turn.fact.account)) return;
    Fail(absl::StrCat("not in plan ", plan_->id, ": ", Say(turn)));
    return;
  }
  for (const Change* owner : owners) {
    if (sent.intents.count(owner->id) == 0) continue;
    const bool own = sent.to == turn.fact.directory && turn.fact.place.empty();
    if (own) done_.insert(owner->id);
    return;
  }
  Fail(absl::StrCat("sent without an intent in the journal: ", owners.front()->id, " ", Say(turn)));
}

std::set<std::string> Witness::OpenIntents() {
  if (run_.empty()) {
    const absl::StatusOr<std::optional<std::string>> run = store_->runs().UnfinishedOf(plan_->id);
    if (run.ok() && run->has_value()) run_ = **run;
  }
  const absl::StatusOr<RunRecord> record = store_->runs().Load(run_);
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
  const Fact fact = {made.directory, made.account, made.group_id, ""};
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
    if (deleted_groups_.count({made.directory, made.group_id}) > 0) continue;
    const bool is_true = IsTrue(made, now);
    const bool denies = outcome.state == OutcomeState::kRefused ||
                        outcome.state == OutcomeState::kFailed ||
                        outcome.state == OutcomeState::kSkippedStale;
    if (denies && is_true && done_.count(change.id) > 0) {
      Fail(absl::StrCat("it happened, and the run says ", OutcomeStateName(outcome.state), ": ",
                        change.id, " ", outcome.message));
    }
    if (outcome.verified && !is_true) {
      Fail(absl::StrCat("the run says that it was seen to hold, and it does not: ", change.id));
    }
  }
}

bool Witness::IsOfALeaver(const Turn& turn) const {
  if (turn.action != Action::kRemoveMembership) return false;
  std::set<std::string> people;
  for (const Change& change : plan_->changes) {
    if (change.action == Action::kDeactivate) people.insert(change.person);
  }
  return std::any_of(plan_->changes.begin(), plan_->changes.end(), [&](const Change& change) {
    return Matches(change, turn) && people.count(change.person) > 0;
  });
}

void Witness::CheckLimit(const Turn& turn) {
  if (waived_ || !turn.fact.place.empty() || IsOfALeaver(turn)) return;
  std::set<Fact>& counted = counted_[{turn.fact.directory, turn.action}];
  counted.insert(turn.fact);
  const Limit& limit = LimitOf(world_.spec().guards, turn.action);
  if (static_cast<int64_t>(counted.size()) > limit.count.value_or(1'000'000)) {
    Fail(absl::StrCat("beyond the limit of ", *limit.count, ": ", Say(turn)));
  }
}

}  // namespace rollcall::simulation
