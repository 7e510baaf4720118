#include "reconciler/plan/guards/impact.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"

namespace rollcall {
namespace {

// Groups by folded name, one directory's table made when first asked for.
class GroupNames {
 public:
  GroupIndex Find(const DraftDirectory& directory, absl::string_view name) {
    auto [entry, fresh] = tables_.try_emplace(&directory);
    if (fresh) {
      const std::vector<Group>& groups = directory.roster().groups;
      for (GroupIndex i = 0; i < groups.size(); ++i) {
        entry->second.emplace(Fold(groups[i].name), i);
      }
    }
    auto found = entry->second.find(Fold(name));
    return found == entry->second.end() ? kNoGroup : found->second;
  }

 private:
  absl::flat_hash_map<const DraftDirectory*, absl::flat_hash_map<std::string, GroupIndex>> tables_;
};

class ImpactBuilder {
 public:
  ImpactBuilder(const Export& exported, const Draft& draft) : exported_(exported), draft_(draft) {}

  void Add(size_t index, const Change& change) {
    Impact impact = Start(index, change.directory, change.account, change.action);
    if (IsMembership(change.action)) {
      impact.group = change.group;
      if (impact.directory != nullptr) {
        impact.group_index = change.group_id.empty()
                                 ? names_.Find(*impact.directory, change.group)
                                 : impact.directory->roster().FindGroup(change.group_id);
      }
    }
    Finish(std::move(impact), change.person, "");
    const std::string subject = impacts_.back().person;
    for (const Effect& effect : change.effects) AddEffect(index, change, effect, subject);
  }

  std::vector<Impact> Take() && { return std::move(impacts_); }

 private:
  Impact Start(size_t index, absl::string_view directory, absl::string_view account,
               Action action) {
    Impact impact;
    impact.change = index;
    impact.action = action;
    impact.directory_id = directory;
    impact.account_id = account;
    impact.directory = FindDirectory(draft_, directory);
    if (impact.directory != nullptr) {
      impact.account = impact.directory->roster().FindAccount(account);
    }
    return impact;
  }

  void AddEffect(size_t index, const Change& change, const Effect& effect,
                 const std::string& subject) {
    Impact impact = Start(index, effect.directory, effect.account, effect.action);
    impact.effect = true;
    if (IsMembership(effect.action)) {
      impact.group = change.group;
      if (impact.directory != nullptr) {
        impact.group_index = names_.Find(*impact.directory, change.group);
      }
    }
    Finish(std::move(impact), change.person, subject);
  }

  // The plan says whose change it is; the effect of one person's change is that person's. What
  // belongs to nobody and follows from a change counts as one with that (`subject`).
  void Finish(Impact impact, const std::string& person, const std::string& subject) {
    absl::string_view id = person;
    if (id.empty() && impact.account != kNoAccount) {
      id = PersonBehind(exported_, *impact.directory, impact.account);
    }
    if (id.empty()) id = subject;
    impact.person =
        id.empty() ? AccountName(impact.directory_id, impact.account_id) : std::string(id);
    impacts_.push_back(std::move(impact));
  }

  const Export& exported_;
  const Draft& draft_;
  GroupNames names_;
  std::vector<Impact> impacts_;
};

}  // namespace

std::vector<Impact> ImpactsOf(const Export& exported, const Draft& draft,
                              const std::vector<Change>& changes) {
  ImpactBuilder builder(exported, draft);
  for (size_t i = 0; i < changes.size(); ++i) builder.Add(i, changes[i]);
  return std::move(builder).Take();
}

const DraftDirectory* FindDirectory(const Draft& draft, absl::string_view id) {
  for (const DraftDirectory& directory : draft.directories) {
    if (directory.spec->id == id) return &directory;
  }
  return nullptr;
}

absl::string_view PersonBehind(const Export& exported, const DraftDirectory& directory,
                               AccountIndex account) {
  if (account >= directory.links.accounts.size()) return {};
  const AccountLink& link = directory.links.accounts[account];
  if (link.person != kNobody) return exported.people[link.person].id;
  auto gone = directory.links.gone_person.find(account);
  return gone == directory.links.gone_person.end() ? absl::string_view() : gone->second;
}

std::string AccountName(absl::string_view directory, absl::string_view account) {
  return absl::StrCat(directory, "/", account);
}

}  // namespace rollcall
