// The explanation of a person as the public message.
#include "agent/render/explanation_document.h"
#include "agent/render/list_documents.h"
#include "agent/render/resources.h"
#include "agent/render/wording.h"
#include "reconciler/plan/linker.h"

namespace rollcall {
namespace {

const char* StandingName(Standing standing) {
  switch (standing) {
    case Standing::kActive:
      return "ACTIVE";
    case Standing::kInactive:
      return "INACTIVE";
    case Standing::kHold:
      return "HOLD";
  }
  return "";
}

void Set(const Cited& why, v1::Cited* out) {
  out->set_rule(why.rule);
  out->set_sentence(why.sentence);
}

void Set(const ExplainedPerson& person, v1::ExplainedPerson* out) {
  out->set_row(ToCount(person.row));
  out->set_id(person.id);
  out->set_user_name(person.user_name);
  out->set_email(person.email);
  for (const std::string& alias : person.aliases) out->add_aliases(alias);
  for (const auto& [name, value] : person.attributes) {
    v1::ExplainedAttribute* attribute = out->add_attributes();
    attribute->set_name(name);
    attribute->set_value(value);
  }
  out->set_standing(StandingName(person.standing));
  out->set_excluded(person.excluded);
  out->set_duplicate(person.duplicate);
  for (const std::string& group : person.groups) out->add_groups(group);
}

void Set(const ExplainedAccount& account, v1::ExplainedAccount* out) {
  out->set_id(account.id);
  out->set_user_name(account.user_name);
  out->set_email(account.email);
  out->set_external_id(account.external_id);
  out->set_link(LinkStateName(account.link));
  out->set_proof(ProofName(account.proof));
  out->set_person(account.person);
  Set(account.why_linked, out->mutable_why_linked());
  out->set_in_scope(account.in_scope);
  out->set_state(AccountStateName(account.state));
  out->set_wanted(AccountStateName(account.wanted));
  Set(account.why_state, out->mutable_why_state());
  for (const ExplainedGroup& group : account.groups) {
    v1::ExplainedGroup* added = out->add_groups();
    added->set_name(group.name);
    added->set_member(group.member);
    added->set_listed(group.listed);
    added->set_should_member(group.should_member);
    Set(group.why, added->mutable_why());
  }
}

void Set(const ExplainedDirectory& directory, v1::ExplainedDirectory* out) {
  out->set_id(directory.id);
  out->set_was_read(directory.was_read);
  out->set_unreadable(directory.unreadable);
  for (const ExplainedEntitlement& entitlement : directory.entitlements) {
    v1::ExplainedEntitlement* added = out->add_entitlements();
    added->set_person(entitlement.person);
    added->set_entitled(entitlement.entitled);
    Set(entitlement.why, added->mutable_why());
  }
  for (const ExplainedAccount& account : directory.accounts) Set(account, out->add_accounts());
  for (const Change& change : directory.changes) *out->add_changes() = ToResource(change);
}

}  // namespace

v1::Explanation ToResource(const Explanation& explanation) {
  v1::Explanation result;
  result.set_query(explanation.query);
  result.set_known(explanation.known);
  for (const ExplainedPerson& person : explanation.people) Set(person, result.add_people());
  *result.mutable_holds() = ToResource(explanation.holds).holds();
  for (const ExplainedDirectory& directory : explanation.directories) {
    Set(directory, result.add_directories());
  }
  for (const Finding& finding : explanation.findings) *result.add_findings() = ToResource(finding);
  return result;
}

}  // namespace rollcall
