#include "reconciler/apply/verification_targets.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/apply/phases.h"
#include "reconciler/apply/staleness.h"

namespace rollcall {
namespace {

using Key = std::pair<TargetKind, std::string>;
using Collected = std::map<std::string, std::map<Key, std::vector<Expectation>>>;

bool NeedsVerification(const Outcome& outcome) {
  return !outcome.verified &&
         (outcome.state == OutcomeState::kApplied || outcome.state == OutcomeState::kAlreadyDone ||
          outcome.state == OutcomeState::kUnknown);
}

// Of a change or an effect: which object shows it.
template <typename Write>
Key KeyOf(const Write& write) {
  return IsMembership(write.action) ? Key(TargetKind::kGroup, write.group_id)
                                    : Key(TargetKind::kAccount, write.account);
}

void Expect(const Change& change, size_t open, Collected& collected) {
  Expectation expectation;
  expectation.open = open;
  expectation.action = change.action;
  expectation.account = change.account;
  collected[change.directory][KeyOf(change)].push_back(std::move(expectation));
}

void ExpectEffects(OpenChange& open, size_t number, const std::map<std::string, bool>& readable,
                   Collected& collected) {
  for (const Effect& effect : open.change->effects) {
    ++open.waiting;
    if (readable.count(effect.directory) == 0) {
      open.problem = absl::StrCat("the effect in ", effect.directory,
                                  " cannot be seen: that directory is not configured");
      continue;
    }
    Expectation expectation;
    expectation.open = number;
    expectation.action = effect.action;
    expectation.account = effect.account;
    expectation.is_effect = true;
    collected[effect.directory][KeyOf(effect)].push_back(std::move(expectation));
  }
}

void ReadFailed(const absl::Status& status, Target& target) {
  target.hopeless = status.code() == absl::StatusCode::kUnauthenticated ||
                    status.code() == absl::StatusCode::kPermissionDenied ||
                    status.code() == absl::StatusCode::kDataLoss;
  target.Mark(absl::StrCat("could not be read back: ", std::string(status.message())));
}

}  // namespace

bool Target::Holds() const {
  return std::all_of(expectations.begin(), expectations.end(),
                     [](const Expectation& expectation) { return expectation.held; });
}

void Target::Mark(const std::string& problem) {
  for (Expectation& expectation : expectations) {
    if (expectation.held) continue;
    expectation.problem = problem;
    expectation.contradicted = false;
  }
}

VerificationTargets TargetsOf(const std::vector<const Change*>& changes,
                              const std::map<std::string, Outcome>& outcomes,
                              const std::map<std::string, bool>& readable) {
  VerificationTargets result;
  Collected collected;
  for (const Change* made : changes) {
    const Change& change = *made;
    const auto outcome = outcomes.find(change.id);
    if (outcome == outcomes.end() || !NeedsVerification(outcome->second)) continue;
    if (readable.count(change.directory) == 0) continue;
    const size_t number = result.open.size();
    OpenChange open{&change, 1, "", false};
    Expect(change, number, collected);
    ExpectEffects(open, number, readable, collected);
    result.open.push_back(std::move(open));
  }
  for (auto& [directory, targets] : collected) {
    for (auto& [key, expectations] : targets) {
      Target target;
      target.kind = key.first;
      target.id = key.second;
      target.expectations = std::move(expectations);
      result.by_directory[directory].push_back(std::move(target));
    }
  }
  return result;
}

MembershipQuestion QuestionOf(const Target& target) {
  MembershipQuestion question;
  question.group_id = target.id;
  for (const Expectation& expectation : target.expectations) {
    if (expectation.held) continue;
    const bool wanted = expectation.action == Action::kAddMembership;
    (wanted ? question.added : question.removed).push_back(expectation.account);
  }
  return question;
}

void JudgeAccount(const absl::StatusOr<AccountRecord>& account, Target& target) {
  target.hopeless = false;
  if (!account.ok() && account.status().code() != absl::StatusCode::kNotFound) {
    return ReadFailed(account.status(), target);
  }
  for (Expectation& expectation : target.expectations) {
    // An account that is not served (any more) gives nobody access.
    if (expectation.held) continue;
    const auto at_goal = expectation.is_effect ? EffectAtGoal : AtGoal;
    expectation.held = account.ok() ? at_goal(expectation.action, account->state)
                                    : expectation.action == Action::kDeactivate;
    const char* still = !account.ok()                               ? "gone"
                        : expectation.action == Action::kDeactivate ? "not inactive"
                                                                    : "not active";
    expectation.problem = absl::StrCat("the account is ", still);
    expectation.contradicted = !expectation.held;
  }
}

void JudgeGroup(const absl::StatusOr<GroupMembers>& group, Target& target) {
  target.hopeless = false;
  if (!group.ok() && group.status().code() != absl::StatusCode::kNotFound) {
    return ReadFailed(group.status(), target);
  }
  for (Expectation& expectation : target.expectations) {
    if (expectation.held) continue;
    const bool wanted = expectation.action == Action::kAddMembership;
    const bool member = group.ok() && std::binary_search(group->members.begin(),
                                                         group->members.end(), expectation.account);
    const char* still = !group.ok() ? "the group is gone"
                        : wanted    ? "the account is not a member"
                                    : "the account is still a member";
    expectation.held = member == wanted;
    expectation.problem = still;
    expectation.contradicted = !expectation.held;
  }
}

}  // namespace rollcall
