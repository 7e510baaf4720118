// Section 4 of PRODUCT.md: what withholds a change; R4, R5 and G3: what keeps one out.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/property/reference_parts.h"

namespace rollcall::property {
namespace {

using Units = std::set<std::string>;

// What the entries of `protected` mean.
class Protected {
 public:
  Protected(const World& world, const std::vector<Judged>& all) : world_(world), all_(all) {
    for (const std::string& entry : world.spec.guards.protected_entries) Read(entry);
  }

  bool Covers(const Row& row) const {
    if (accounts_.contains(absl::StrCat(row.directory, "/", row.account))) return true;
    const std::string person = PersonBehind(FindJudged(all_, row.directory), row.account);
    if (!person.empty() && people_.contains(person)) return true;
    for (const std::string& pattern : groups_) {
      if (!row.group.empty() && FitsPattern(pattern, row.group)) return true;
    }
    return false;
  }

 private:
  void Read(const std::string& entry) {
    if (absl::StartsWith(entry, "group:")) {
      groups_.insert(entry.substr(6));
      return;
    }
    if (absl::StartsWith(entry, "members:")) return ReadMembers(entry.substr(8));
    accounts_.insert(entry);
    people_.insert(entry);
    for (const WorldPerson& person : world_.people) {
      if (SameName(person.user_name, entry) || SameName(person.email, entry) ||
          SameName(person.alias, entry)) {
        people_.insert(person.id);
      }
    }
    for (const Judged& judged : all_) {
      for (const TestAccount& account : judged.directory->accounts) {
        if (SameName(account.user_name, entry) || SameName(account.email, entry)) {
          Protect(judged, account.id);
        }
      }
    }
  }

  void ReadMembers(const std::string& pattern) {
    for (const Judged& judged : all_) {
      for (const auto& [group, account] : judged.directory->members) {
        if (FitsPattern(pattern, group)) Protect(judged, account);
      }
    }
  }

  void Protect(const Judged& judged, const std::string& account) {
    accounts_.insert(absl::StrCat(judged.directory->spec.id, "/", account));
    const std::string person = PersonBehind(judged, account);
    if (!person.empty()) people_.insert(person);
  }

  const World& world_;
  const std::vector<Judged>& all_;
  Units accounts_;
  Units people_;
  Units groups_;
};

// The group may have been called otherwise, but for case, meanwhile (L2).
bool IsContested(const World& world, const Row& row) {
  int64_t times = 0;
  for (const Memory::Reversal& past : world.memory.applied_repeatedly) {
    if (past.directory == row.directory && past.action == row.action &&
        past.account == row.account && SameName(past.group, row.group)) {
      times += past.applied_times;
    }
  }
  return times >= 2;
}

bool IsRefused(const World& world, const Row& row) {
  for (const Refusal& refusal : world.memory.refusals) {
    if (refusal.directory != row.directory) continue;
    if (refusal.finding == "read_only" &&
        TouchesMembership(refusal.action) == TouchesMembership(row.action)) {
      return true;
    }
    if (refusal.finding == "masked" && refusal.action == row.action &&
        refusal.account == row.account && refusal.group_id == row.group) {
      return true;
    }
  }
  return false;
}

bool IsSelf(const WorldDirectory& directory, const Row& row) {
  const std::string& identity = directory.spec.identity;
  if (identity.empty()) return false;
  const TestAccount& account = *directory.Find(row.account);
  return account.id == identity || SameName(account.user_name, identity) ||
         SameName(account.email, identity);
}

bool IsAllowed(const DirectorySpec& spec, Action action) {
  return spec.apply && std::find(spec.allow.begin(), spec.allow.end(), action) != spec.allow.end();
}

// R1, R4, A6, where nothing provisions the directory.
bool HasNoWay(const WorldDirectory& directory, const Row& row) {
  if (TouchesMembership(row.action)) {
    const TestGroup& group = *directory.FindGroup(row.group);
    return group.externally_synced || !group.modifiable;
  }
  return directory.spec.kind == DirectoryKind::kJira || directory.owned.contains(row.account);
}

// G3: nobody is added by an account that stays inactive after all.
void DropAdditionsToInactive(const std::vector<Judged>& all, std::set<Row>& rows) {
  std::erase_if(rows, [&](const Row& row) {
    if (row.action != Action::kAddMembership) return false;
    const TestAccount& account = *FindJudged(all, row.directory).directory->Find(row.account);
    if (account.state != AccountState::kInactive) return false;
    return !rows.contains({row.directory, Action::kActivate, row.account, "", row.person});
  });
}

}  // namespace

bool TouchesMembership(Action action) {
  return action == Action::kAddMembership || action == Action::kRemoveMembership;
}

const Judged& FindJudged(const std::vector<Judged>& all, const std::string& directory) {
  return *std::find_if(all.begin(), all.end(), [&](const Judged& judged) {
    return judged.directory->spec.id == directory;
  });
}

void Withhold(const World& world, const std::vector<Judged>& all, std::set<Row>& rows,
              Verdict& verdict) {
  const Protected protection(world, all);
  auto drop = [&](const char* finding, auto fits) {
    std::erase_if(rows, [&](const Row& row) {
      if (!fits(row)) return false;
      verdict.findings[{finding, row.directory}];
      return true;
    });
  };
  drop("contested", [&](const Row& row) { return IsContested(world, row); });
  drop("blocked_route",
       [&](const Row& row) { return HasNoWay(*FindJudged(all, row.directory).directory, row); });
  std::erase_if(rows, [&](const Row& row) { return IsRefused(world, row); });
  DropAdditionsToInactive(all, rows);
  drop("self",
       [&](const Row& row) { return IsSelf(*FindJudged(all, row.directory).directory, row); });
  drop("protected", [&](const Row& row) { return protection.Covers(row); });
  drop("not_allowed", [&](const Row& row) {
    return !IsAllowed(FindJudged(all, row.directory).directory->spec, row.action);
  });
  DropAdditionsToInactive(all, rows);
}

}  // namespace rollcall::property
