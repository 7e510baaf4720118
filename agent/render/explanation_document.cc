#include "agent/render/explanation_document.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/render/plan_document.h"
#include "agent/render/wording.h"

namespace rollcall {
namespace {

std::string Because(const Cited& why) {
  return why.rule.empty() ? why.sentence : absl::StrCat(why.sentence, " [", why.rule, "]");
}

const char* StandingText(Standing standing) {
  switch (standing) {
    case Standing::kActive:
      return "active";
    case Standing::kInactive:
      return "inactive";
    case Standing::kHold:
      return "on hold by its status";
  }
  return "";
}

Entry PersonEntry(const ExplainedPerson& person) {
  Entry entry;
  entry.tone = person.standing == Standing::kActive ? Tone::kGood : Tone::kNotice;
  entry.label = absl::StrCat("ROW ", person.row);
  entry.title = absl::StrCat(person.user_name, ", ", StandingText(person.standing));
  entry.lines.push_back(
      absl::StrCat("Stable id ", person.id, person.email.empty() ? "" : ", e-mail ", person.email));
  if (!person.aliases.empty()) {
    entry.lines.push_back(absl::StrCat("Also known as ", Enumerate(person.aliases, 20)));
  }
  std::vector<std::string> attributes;
  for (const auto& [name, value] : person.attributes) {
    attributes.push_back(absl::StrCat(name, "=", value));
  }
  if (!attributes.empty()) {
    entry.lines.push_back(absl::StrCat("Attributes: ", Enumerate(attributes, 50)));
  }
  entry.lines.push_back(person.groups.empty()
                            ? std::string("In no group of the export")
                            : absl::StrCat("Groups: ", Enumerate(person.groups, 50)));
  if (person.excluded) entry.lines.push_back("Excluded by the configuration, never touched [E2]");
  if (person.duplicate) {
    entry.lines.push_back("Shares its stable id or user name with another row [duplicate_people]");
  }
  return entry;
}

Entry HoldEntry(const Hold& hold, const ViewOptions& options) {
  Entry entry;
  entry.tone = Tone::kNotice;
  entry.label = absl::StrCat("HOLD ", hold.id);
  entry.title = hold.kind == Hold::Kind::kDeactivated ? "kept out" : "kept in";
  entry.lines.push_back(absl::StrCat(
      "Since ", Stamp(hold.created), ", ",
      hold.until.has_value() ? absl::StrCat("until ", Stamp(*hold.until)) : "until ended by hand",
      ": ", hold.reason, " [H1]"));
  entry.lines.push_back(absl::StrCat("To end it: ", options.command, " holds end ", hold.id));
  return entry;
}

Entry AccountEntry(const ExplainedAccount& account) {
  Entry entry;
  entry.tone = account.state == account.wanted ? Tone::kGood : Tone::kNotice;
  entry.label = "ACCOUNT";
  const std::string& name = account.user_name.empty() ? account.email : account.user_name;
  entry.title = absl::StrCat(account.id, name.empty() ? "" : absl::StrCat(" (", name, ")"));
  entry.lines.push_back(
      absl::StrCat("Link: ", LinkStateName(account.link),
                   account.person.empty() ? "" : absl::StrCat(", person ", account.person), "; ",
                   Because(account.why_linked)));
  entry.lines.push_back(absl::StrCat("Is ", InWords(account.state), ", should be ",
                                     InWords(account.wanted), "; ", Because(account.why_state)));
  if (!account.in_scope) entry.lines.push_back("Out of scope: never touched [S1]");
  for (const ExplainedGroup& group : account.groups) {
    entry.lines.push_back(absl::StrCat(
        "Group ", group.name, ": ", group.member ? "a member" : "no member", ", ",
        group.listed ? "listed" : "not listed", " by the export, ",
        group.should_member ? "should be one" : "should be none", "; ", Because(group.why)));
  }
  return entry;
}

std::string ChangeText(const Change& change) {
  return absl::StrCat(
      Verb(change.action), " ", change.group.empty() ? "" : absl::StrCat(change.group, ": "),
      change.user_name.empty() ? change.account : change.user_name, " (", change.reason, ")");
}

// What happens here because of a change in another directory (rule R2).
std::vector<std::string> EffectsIn(const std::string& id, const Explanation& explanation) {
  std::vector<std::string> effects;
  for (const ExplainedDirectory& other : explanation.directories) {
    for (const Change& change : other.changes) {
      for (const Effect& effect : change.effects) {
        if (effect.directory != id) continue;
        effects.push_back(
            absl::StrCat(Verb(effect.action), " ",
                         IsMembership(effect.action) ? absl::StrCat(change.group, ": ") : "",
                         effect.account, " (by the change in ", other.id, ")"));
      }
    }
  }
  return effects;
}

void AddDirectory(const ExplainedDirectory& directory, const Explanation& explanation,
                  std::vector<Block>& blocks) {
  blocks.push_back(Heading{absl::StrCat("Directory ", directory.id)});
  if (!directory.was_read) {
    blocks.push_back(Paragraph{absl::StrCat("  Could not be read: ", directory.unreadable, " [M3]"),
                               Tone::kBad});
    return;
  }
  for (const ExplainedEntitlement& entitlement : directory.entitlements) {
    blocks.push_back(
        Paragraph{absl::StrCat("  ", entitlement.person, entitlement.entitled ? " is" : " is not",
                               " entitled: ", Because(entitlement.why)),
                  Tone::kPlain});
  }
  if (directory.accounts.empty()) {
    blocks.push_back(Paragraph{"  No account is linked or matches.", Tone::kNotice});
  }
  for (const ExplainedAccount& account : directory.accounts)
    blocks.push_back(AccountEntry(account));
  std::vector<std::string> changes;
  for (const Change& change : directory.changes) changes.push_back(ChangeText(change));
  const std::vector<std::string> effects = EffectsIn(directory.id, explanation);
  if (changes.empty() && effects.empty()) {
    blocks.push_back(Paragraph{"  A plan would change nothing here.", Tone::kPlain});
  }
  if (!changes.empty()) {
    blocks.push_back(
        Paragraph{absl::StrCat("  A plan would: ", Enumerate(changes, 100)), Tone::kNotice});
  }
  if (!effects.empty()) {
    blocks.push_back(
        Paragraph{absl::StrCat("  Follows by itself: ", Enumerate(effects, 100)), Tone::kNotice});
  }
}

Headline ExplanationHeadline(const Explanation& explanation) {
  if (!explanation.known) {
    return {Tone::kBad, "UNKNOWN",
            absl::StrCat("neither the export nor a directory that was read knows ",
                         explanation.query, ".")};
  }
  size_t changes = 0;
  for (const ExplainedDirectory& directory : explanation.directories) {
    changes += directory.changes.size();
  }
  if (explanation.people.size() > 1) {
    return {Tone::kNotice, "SEVERAL",
            absl::StrCat(Grouped(static_cast<int64_t>(explanation.people.size())),
                         " rows of the export are called ", explanation.query, ".")};
  }
  const auto drift =
      std::count_if(explanation.findings.begin(), explanation.findings.end(), IsDrift);
  if (changes == 0 && drift > 0) {
    return {Tone::kNotice, "NOT IN STEP",
            absl::StrCat("a plan would change nothing for ", explanation.query, ", but ",
                         CountOf(drift, "finding"), drift == 1 ? " needs" : " need", " somebody.")};
  }
  return {changes == 0 ? Tone::kGood : Tone::kNotice, changes == 0 ? "IN STEP" : "PENDING",
          changes == 0
              ? absl::StrCat("a plan would change nothing for ", explanation.query, ".")
              : absl::StrCat("a plan would make ", CountOf(static_cast<int64_t>(changes), "change"),
                             " for ", explanation.query, ".")};
}

}  // namespace

Document ExplanationDocument(const Explanation& explanation, const ViewOptions& options) {
  Document document;
  document.title = absl::StrCat("Rollcall explains ", explanation.query);
  std::vector<Block>& blocks = document.blocks;
  blocks.push_back(ExplanationHeadline(explanation));
  blocks.push_back(Heading{"Export"});
  if (explanation.people.empty()) {
    blocks.push_back(Paragraph{"  The export does not know this person.", Tone::kNotice});
  }
  for (const ExplainedPerson& person : explanation.people) blocks.push_back(PersonEntry(person));
  for (const Hold& hold : explanation.holds) blocks.push_back(HoldEntry(hold, options));
  for (const ExplainedDirectory& directory : explanation.directories) {
    AddDirectory(directory, explanation, blocks);
  }
  if (!explanation.findings.empty()) {
    blocks.push_back(Heading{"Findings"});
    for (Block& block : FindingBlocks(explanation.findings, options)) {
      blocks.push_back(std::move(block));
    }
  }
  return document;
}

}  // namespace rollcall
