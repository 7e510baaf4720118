// `self`, `protected`, `not_allowed`: changes that are left out of the plan and named; the plan
// stays READY. A change that more than one of them would leave out is named by the first.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/effects.h"
#include "reconciler/plan/guards/blocking.h"
#include "reconciler/plan/guards/guard.h"
#include "reconciler/plan/guards/protection.h"

namespace rollcall {
namespace {

enum class Cause : uint8_t { kSelf, kProtected, kNotAllowed };

// Rollcall's own accounts: of an identity that is no account id, all that bear it as a name.
class OwnAccounts {
 public:
  explicit OwnAccounts(const PlanInput& input, const Draft& draft) {
    for (const DirectorySpec& spec : input.spec.directories) {
      if (spec.identity.empty()) continue;
      accounts_.insert(AccountName(spec.id, spec.identity));
      const DraftDirectory* directory = FindDirectory(draft, spec.id);
      if (directory != nullptr) FindByName(*directory);
    }
  }

  bool Contains(const Impact& impact) const {
    return !accounts_.empty() &&
           accounts_.contains(AccountName(impact.directory_id, impact.account_id));
  }

  // An identity that no account of its directory bears protects nobody: most likely a slip.
  std::vector<Finding> Warnings() const {
    std::vector<Finding> findings;
    for (const auto& [directory, identity] : unknown_) {
      Finding finding;
      finding.name = "self";
      finding.severity = Severity::kWarning;
      finding.message = absl::StrCat("no account of ", directory, " is its `identity` ", identity,
                                     ", so that nothing keeps Rollcall from its own account there");
      finding.cure = "correct `identity` of the directory: an account's id, user name or e-mail";
      finding.directory = directory;
      findings.push_back(std::move(finding));
    }
    return findings;
  }

 private:
  void FindByName(const DraftDirectory& directory) {
    const std::string& identity = directory.spec->identity;
    if (directory.roster().FindAccount(identity) != kNoAccount) return;
    bool found = false;
    for (const Account& account : directory.roster().accounts) {
      if (FoldedEquals(account.user_name, identity) || FoldedEquals(account.email, identity)) {
        accounts_.insert(AccountName(directory.spec->id, account.id));
        found = true;
      }
    }
    if (!found) unknown_.emplace(directory.spec->id, identity);
  }

  absl::flat_hash_set<std::string> accounts_;   // "directory/account"
  std::map<std::string, std::string> unknown_;  // directory -> identity that fits no account
};

bool IsAllowed(const DirectorySpec& spec, Action action) {
  return spec.apply && std::find(spec.allow.begin(), spec.allow.end(), action) != spec.allow.end();
}

struct Left {
  int64_t changes = 0;
  std::vector<std::string> subjects;
};

class Withholding {
 public:
  Withholding(const PlanInput& input, const Draft& draft)
      : input_(input), draft_(draft), own_(input, draft), protection_(input, draft) {}

  // True: the change is left out, and remembered for the findings.
  bool Takes(const Change& change, const Impact* begin, const Impact* end) {
    const auto is_own = [this](const Impact& impact) { return own_.Contains(impact); };
    const auto is_covered = [this](const Impact& impact) {
      return protection_.CoversAccount(impact);
    };
    if (TakesIf(Cause::kSelf, change, begin, end, is_own)) return true;
    if (TakesIf(Cause::kProtected, change, begin, end, is_covered)) return true;
    // What a SCIM record names may not be as it was read, and be carried along after all.
    const std::optional<Effect> unseen = EffectIfReadWrongly(draft_, change);
    if (unseen.has_value()) {
      const Impact impact = ImpactOf(*unseen, *begin);
      if (TakesIf(Cause::kSelf, change, &impact, &impact + 1, is_own)) return true;
      if (TakesIf(Cause::kProtected, change, &impact, &impact + 1, is_covered)) return true;
    }
    if (TakesIf(Cause::kProtected, change, begin, end,
                [this](const Impact& impact) { return protection_.CoversGroup(impact); })) {
      left_[{Cause::kProtected, change.directory}].subjects.push_back(change.group);
      return true;
    }
    const DirectorySpec* spec = input_.spec.FindDirectory(change.directory);
    return TakesIf(Cause::kNotAllowed, change, begin, end, [&](const Impact& impact) {
      return !impact.effect && spec != nullptr && !IsAllowed(*spec, impact.action);
    });
  }

  std::vector<Finding> Findings() const {
    std::vector<Finding> findings;
    for (const auto& [key, left] : left_) {
      findings.push_back(Describe(key.first, key.second, left));
    }
    for (const std::vector<Finding>& warnings : {own_.Warnings(), protection_.Warnings()}) {
      findings.insert(findings.end(), warnings.begin(), warnings.end());
    }
    return findings;
  }

 private:
  // `effect` outlives the impact; `own` is that of the change which it would follow from.
  Impact ImpactOf(const Effect& effect, const Impact& own) const {
    Impact impact = own;
    impact.effect = true;
    impact.directory_id = effect.directory;
    impact.directory = FindDirectory(draft_, effect.directory);
    impact.account_id = effect.account;
    impact.account = impact.directory->roster().FindAccount(effect.account);
    return impact;
  }

  template <typename Predicate>
  bool TakesIf(Cause cause, const Change& change, const Impact* begin, const Impact* end,
               Predicate touches) {
    const Impact* found = std::find_if(begin, end, touches);
    if (found == end) return false;
    Left& left = left_[{cause, change.directory}];
    ++left.changes;
    left.subjects.push_back(found->person);
    return true;
  }

  Finding Describe(Cause cause, const std::string& directory, const Left& left) const {
    Finding finding;
    finding.severity = Severity::kWithholding;
    finding.directory = directory;
    finding.observed = left.changes;
    std::string changes =
        absl::StrCat(Count(left.changes, "change", "changes"), InDirectory(directory),
                     left.changes == 1 ? " is" : " are", " left out: ");
    switch (cause) {
      case Cause::kSelf:
        finding.name = "self";
        finding.message =
            absl::StrCat(changes, "the account that Rollcall works with would be touched");
        finding.cure = "make the change by hand, or correct `identity` of the directory";
        break;
      case Cause::kProtected:
        finding.name = "protected";
        finding.message =
            absl::StrCat(changes, "people, accounts or groups that are protected would be touched");
        finding.cure =
            "make the change by hand if it is right, or take the entry out of `guards: protected`";
        break;
      case Cause::kNotAllowed:
        finding.name = "not_allowed";
        finding.message = absl::StrCat(changes, Staged(directory));
        finding.cure =
            "look at what would be done; when it is right, widen `allow`, or take "
            "`apply: false` out of the directory";
        break;
    }
    finding.subjects = left.subjects;
    std::sort(finding.subjects.begin(), finding.subjects.end());
    finding.subjects.erase(std::unique(finding.subjects.begin(), finding.subjects.end()),
                           finding.subjects.end());
    return finding;
  }

  std::string Staged(const std::string& directory) const {
    const DirectorySpec* spec = input_.spec.FindDirectory(directory);
    if (!spec->apply) return "the directory says `apply: false`";
    std::vector<std::string> allowed;
    for (Action action : spec->allow) {
      allowed.push_back(absl::AsciiStrToLower(ActionName(action)));
    }
    return absl::StrCat("the directory allows only [", absl::StrJoin(allowed, ", "), "]");
  }

  const PlanInput& input_;
  const Draft& draft_;
  OwnAccounts own_;
  Protection protection_;
  std::map<std::pair<Cause, std::string>, Left> left_;
};

}  // namespace

std::vector<Finding> Withhold(const PlanInput& input, const Draft& draft,
                              std::vector<Change>& changes) {
  Withholding withholding(input, draft);
  std::vector<Impact> impacts = ImpactsOf(input.exported, draft, changes);
  std::vector<Change> kept;
  kept.reserve(changes.size());
  const Impact* begin = impacts.data();
  for (Change& change : changes) {
    const Impact* end = begin + 1 + change.effects.size();
    if (!withholding.Takes(change, begin, end)) kept.push_back(std::move(change));
    begin = end;
  }
  changes = std::move(kept);
  return withholding.Findings();
}

}  // namespace rollcall
