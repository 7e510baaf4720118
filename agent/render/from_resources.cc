#include "agent/render/from_resources.h"

#include <string>

#include "absl/time/time.h"

namespace rollcall {
namespace {

// The values of a domain enum, from the first to `last`, by the name that a message gives them.
template <typename Enum, typename Name>
Enum Named(absl::string_view text, Enum last, Enum otherwise, Name name) {
  for (int value = 0; value <= static_cast<int>(last); ++value) {
    if (name(static_cast<Enum>(value)) == text) return static_cast<Enum>(value);
  }
  return otherwise;
}

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

absl::Duration DurationOf(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

std::vector<std::string> TextsOf(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

Action FromAction(v1::Action action) {
  return Named(v1::Action_Name(action), Action::kRemoveMembership, Action::kActivate, ActionName);
}

Severity FromSeverity(v1::Finding::Severity severity) {
  switch (severity) {
    case v1::Finding::WARNING:
      return Severity::kWarning;
    case v1::Finding::WITHHOLDING:
      return Severity::kWithholding;
    case v1::Finding::BLOCKING:
      return Severity::kBlocking;
    default:
      return Severity::kInfo;
  }
}

Change FromResource(const v1::Change& change) {
  Change result;
  result.id = change.id();
  result.directory = change.directory();
  result.action = FromAction(change.action());
  result.person = change.person();
  result.account = change.account();
  result.user_name = change.user_name();
  result.group = change.group();
  result.reason = change.reason();
  result.routed_from = change.routed_from();
  for (const v1::Effect& effect : change.effects()) {
    Effect& added = result.effects.emplace_back();
    added.directory = effect.directory();
    added.account = effect.account();
    added.action = FromAction(effect.action());
  }
  if (!change.reroute_directory().empty()) {
    Reroute& reroute = result.reroute.emplace();
    reroute.directory = change.reroute_directory();
    reroute.account = change.reroute_account();
  }
  return result;
}

Counts FromResource(const v1::Counts& counts) {
  return {counts.activate(),          counts.deactivate(), counts.add_membership(),
          counts.remove_membership(), counts.unchanged(),  counts.out_of_scope()};
}

Standing FromStanding(absl::string_view text) {
  if (text == "INACTIVE") return Standing::kInactive;
  return text == "ACTIVE" ? Standing::kActive : Standing::kHold;
}

Cited FromResource(const v1::Cited& why) { return {why.rule(), why.sentence()}; }

ExplainedPerson FromResource(const v1::ExplainedPerson& person) {
  ExplainedPerson result;
  result.row = static_cast<uint32_t>(person.row());
  result.id = person.id();
  result.user_name = person.user_name();
  result.email = person.email();
  result.aliases = TextsOf(person.aliases());
  for (const v1::ExplainedAttribute& attribute : person.attributes()) {
    result.attributes.emplace_back(attribute.name(), attribute.value());
  }
  result.standing = FromStanding(person.standing());
  result.excluded = person.excluded();
  result.duplicate = person.duplicate();
  result.groups = TextsOf(person.groups());
  return result;
}

ExplainedAccount FromResource(const v1::ExplainedAccount& account) {
  ExplainedAccount result;
  result.id = account.id();
  result.user_name = account.user_name();
  result.email = account.email();
  result.external_id = account.external_id();
  result.link = Named(account.link(), LinkState::kSecond, LinkState::kAmbiguous, LinkStateName);
  result.proof = Named(account.proof(), Proof::kNone, Proof::kNone, ProofName);
  result.person = account.person();
  result.why_linked = FromResource(account.why_linked());
  result.in_scope = account.in_scope();
  result.state = AccountStateOf(account.state());
  result.wanted = AccountStateOf(account.wanted());
  result.why_state = FromResource(account.why_state());
  for (const v1::ExplainedGroup& group : account.groups()) {
    result.groups.push_back({group.name(), group.member(), group.listed(), group.should_member(),
                             FromResource(group.why())});
  }
  return result;
}

ExplainedDirectory FromResource(const v1::ExplainedDirectory& directory) {
  ExplainedDirectory result;
  result.id = directory.id();
  result.was_read = directory.was_read();
  result.unreadable = directory.unreadable();
  for (const v1::ExplainedEntitlement& entitlement : directory.entitlements()) {
    result.entitlements.push_back(
        {entitlement.person(), entitlement.entitled(), FromResource(entitlement.why())});
  }
  for (const v1::ExplainedAccount& account : directory.accounts()) {
    result.accounts.push_back(FromResource(account));
  }
  for (const v1::Change& change : directory.changes()) {
    result.changes.push_back(FromResource(change));
  }
  return result;
}

}  // namespace

AccountState AccountStateOf(absl::string_view name) {
  if (name == "ACTIVE") return AccountState::kActive;
  if (name == "INACTIVE") return AccountState::kInactive;
  return name == "PARTLY_ACTIVE" ? AccountState::kPartlyActive : AccountState::kUntouchable;
}

Hold FromResource(const v1::Hold& hold) {
  Hold result;
  result.id = hold.id();
  result.person = hold.person();
  result.email = hold.email();
  result.kind =
      hold.kind() == v1::Hold::ACTIVATED ? Hold::Kind::kActivated : Hold::Kind::kDeactivated;
  result.reason = hold.reason();
  result.created = TimeOf(hold.create_time());
  if (hold.has_end_time()) result.until = TimeOf(hold.end_time());
  return result;
}

Finding FromResource(const v1::Finding& finding) {
  Finding result;
  result.name = finding.name();
  result.severity = FromSeverity(finding.severity());
  result.message = finding.message();
  result.cure = finding.cure();
  result.directory = finding.directory();
  result.observed = finding.observed();
  result.limit = finding.limit();
  result.subjects = TextsOf(finding.subjects());
  return result;
}

Plan FromResource(const v1::Plan& plan) {
  Plan result;
  result.id = plan.id();
  // What is not known cannot be applied.
  result.state = Named(v1::Plan::State_Name(plan.state()), PlanState::kFailed, PlanState::kStale,
                       PlanStateName);
  result.etag = plan.etag();
  result.create_time = TimeOf(plan.create_time());
  result.counts = FromResource(plan.counts());
  result.requests_used = plan.requests_used();
  result.budget = {plan.budget().read_requests(), plan.budget().write_requests(),
                   DurationOf(plan.budget().estimated_duration())};
  for (const v1::Change& change : plan.changes()) result.changes.push_back(FromResource(change));
  for (const v1::Finding& finding : plan.findings()) {
    result.findings.push_back(FromResource(finding));
  }
  result.directories = TextsOf(plan.directories());
  result.unreadable = TextsOf(plan.unreadable());
  for (const v1::Label& label : plan.labels()) result.labels[label.person()] = label.name();
  return result;
}

Outcome FromResource(const v1::Outcome& outcome) {
  Outcome result;
  result.change = outcome.change();
  result.state = Named(v1::Outcome::State_Name(outcome.state()), OutcomeState::kUnknown,
                       OutcomeState::kUnknown, OutcomeStateName);
  result.verified = outcome.verified();
  result.attempts = outcome.attempts();
  result.http_status = outcome.http_status();
  result.message = outcome.message();
  result.finding = outcome.finding();
  result.rerouted = !outcome.rerouted_through().empty();
  return result;
}

RunState FromResource(v1::Run::State state) {
  return Named(v1::Run::State_Name(state), RunState::kInterrupted, RunState::kInterrupted,
               RunStateName);
}

RunRecord FromResource(const v1::Run& run) {
  RunRecord result;
  result.id = run.id();
  result.plan = run.plan();
  result.state = FromResource(run.state());
  result.started = TimeOf(run.start_time());
  if (run.has_end_time()) result.ended = TimeOf(run.end_time());
  for (const v1::Waiver& waiver : run.waivers()) {
    result.waivers.push_back({waiver.guard(), waiver.reason()});
  }
  result.drift_left = run.drift_left();
  result.requests_used = run.requests_used();
  for (const v1::Throttling& one : run.throttling()) {
    result.throttling[one.directory()] = {one.waits(), DurationOf(one.waited()), one.busy()};
  }
  result.message = run.message();
  for (const v1::Outcome& outcome : run.outcomes()) {
    result.outcomes[outcome.change()] = FromResource(outcome);
  }
  for (const std::string& change : run.in_doubt()) result.unknown.insert(change);
  return result;
}

Explanation FromResource(const v1::Explanation& explanation) {
  Explanation result;
  result.query = explanation.query();
  result.known = explanation.known();
  for (const v1::ExplainedPerson& person : explanation.people()) {
    result.people.push_back(FromResource(person));
  }
  for (const v1::Hold& hold : explanation.holds()) result.holds.push_back(FromResource(hold));
  for (const v1::ExplainedDirectory& directory : explanation.directories()) {
    result.directories.push_back(FromResource(directory));
  }
  for (const v1::Finding& finding : explanation.findings()) {
    result.findings.push_back(FromResource(finding));
  }
  return result;
}

}  // namespace rollcall
