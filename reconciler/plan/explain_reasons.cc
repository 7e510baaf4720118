#include "reconciler/plan/explain_reasons.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rollcall {
namespace {

std::string ListConditions(const std::vector<Condition>& conditions) {
  return absl::StrJoin(conditions, ", ", [](std::string* out, const Condition& condition) {
    absl::StrAppend(out, condition.attribute, " = ", condition.value);
  });
}

// The first entitling group that lists the person; empty: none does.
std::string EntitlingGroup(const PeopleRule& rule, const Export& exported, PersonIndex person) {
  for (const std::string& name : rule.groups) {
    for (size_t i : FindExportGroups(exported, name)) {
      const std::vector<PersonIndex>& members = exported.groups[i].members;
      if (std::binary_search(members.begin(), members.end(), person)) {
        return std::string(exported.groups[i].name);
      }
    }
  }
  return "";
}

Cited WhyNotRemoved(const DraftDirectory& directory, const ManagedGroup& managed,
                    AccountIndex account) {
  if (managed.mode == GroupMode::kAdditive) {
    return {"G1", "the export does not list the person, but the group is only added to"};
  }
  if (managed.removals_held) {
    return {"G4", "the export does not list the person, but its list may be incomplete"};
  }
  switch (directory.projection.rulings[account]) {
    case Ruling::kInactive:
      return {"A2", "memberships of inactive people are kept (inactive_memberships)"};
    case Ruling::kOutOfScope:
      return {"S1", "the account is out of scope, so its memberships are left alone"};
    default:
      break;
  }
  RulingText ruling = Describe(directory.projection.rulings[account]);
  return {"G2", absl::StrCat("the membership stays (", ruling.rule, ": ", ruling.sentence, ")")};
}

Cited WhyNotAdded(const DraftDirectory& directory, AccountIndex account) {
  RulingText ruling = Describe(directory.projection.rulings[account]);
  return {ruling.rule, absl::StrCat("listed, but not added: ", ruling.sentence)};
}

}  // namespace

Cited WhyLinked(const DraftDirectory& directory, AccountIndex account, absl::string_view person) {
  const AccountLink& link = directory.links.accounts[account];
  switch (link.state) {
    case LinkState::kLinked:
      return {"L1", absl::StrCat("belongs to ", person, ", proved by ", ProofName(link.proof))};
    case LinkState::kGone:
      return {"L6", absl::StrCat("belongs to ", person, ", whom the export no longer holds")};
    case LinkState::kAmbiguous:
      return {"L4", "fits more than one counterpart equally well, so nothing is guessed"};
    case LinkState::kConflict:
      return {"L8", "its id contradicts the recorded link"};
    case LinkState::kForeign:
      return {"L7",
              "its externalId, or that of the SCIM record that names it, is no stable id of the "
              "export, so it counts as another's"};
    case LinkState::kSecond:
      return {"L4", absl::StrCat("a further account of ", person,
                                 ", who is linked to another one by a stronger proof")};
    case LinkState::kUnlinked:
      break;
  }
  return {"L1", "no proof ties it to anybody"};
}

Cited WhyEntitled(const DirectorySpec& directory, const Export& exported, PersonIndex person,
                  bool entitled, bool excluded) {
  if (excluded) return {"E2", "excluded by the configuration: known, never touched"};
  switch (directory.people.kind) {
    case PeopleRule::Kind::kAll:
      return {"E1", "everybody of the export is entitled (people: all)"};
    case PeopleRule::Kind::kGroups: {
      std::string group = EntitlingGroup(directory.people, exported, person);
      if (!group.empty()) return {"E1", absl::StrCat("a member of ", group)};
      return {"E1",
              absl::StrCat("a member of none of: ", absl::StrJoin(directory.people.groups, ", "))};
    }
    case PeopleRule::Kind::kWhere:
      break;
  }
  return {"E1", absl::StrCat(entitled ? "fits where " : "does not fit where ",
                             ListConditions(directory.people.conditions))};
}

Cited WhyMember(const DraftDirectory& directory, const ManagedGroup& managed,
                const ExplainedGroup& group, AccountIndex account) {
  if (group.member && group.should_member) {
    return group.listed ? Cited{"G1", "the export lists the person"}
                        : WhyNotRemoved(directory, managed, account);
  }
  if (group.should_member) return {"G1", "the export lists the person, so they are to be added"};
  if (!group.member) return WhyNotAdded(directory, account);
  if (directory.projection.rulings[account] == Ruling::kInactive) {
    return {"A2", "memberships of inactive people are removed (inactive_memberships)"};
  }
  return {"G2", "the export's group does not list the person, so they are to be removed"};
}

const char* LinkStateName(LinkState state) {
  switch (state) {
    case LinkState::kUnlinked:
      return "not linked";
    case LinkState::kLinked:
      return "linked";
    case LinkState::kGone:
      return "of somebody who is gone";
    case LinkState::kAmbiguous:
      return "ambiguous";
    case LinkState::kConflict:
      return "in conflict";
    case LinkState::kForeign:
      return "foreign";
    case LinkState::kSecond:
      return "a second account";
  }
  return "";
}

}  // namespace rollcall
