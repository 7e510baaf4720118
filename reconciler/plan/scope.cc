#include "reconciler/plan/scope.h"

#include <string>

#include "reconciler/base/fold.h"

namespace rollcall {
namespace {

absl::string_view DomainOf(const Account& account) {
  absl::string_view address = account.email.empty() ? account.user_name : account.email;
  size_t at = address.rfind('@');
  return at == absl::string_view::npos ? absl::string_view() : address.substr(at + 1);
}

bool IsManagedDomain(const Spec& spec, absl::string_view domain) {
  if (domain.empty()) return false;
  for (const std::string& managed : spec.managed_domains) {
    if (FoldedEquals(managed, domain)) return true;
  }
  return false;
}

}  // namespace

std::vector<bool> ManagedAccounts(const Spec& spec, const Roster& roster) {
  std::vector<bool> managed(roster.accounts.size(), false);
  if (!spec.managed_domains.empty()) {
    for (size_t i = 0; i < roster.accounts.size(); ++i) {
      managed[i] = IsManagedDomain(spec, DomainOf(roster.accounts[i]));
    }
  }
  for (GroupIndex group = 0; group < roster.groups.size(); ++group) {
    for (const std::string& name : spec.managed_groups) {
      if (!GlobMatches(name, roster.groups[group].name)) continue;
      for (auto row = roster.MembersBegin(group); row != roster.MembersEnd(group); ++row) {
        managed[row->account] = true;
      }
    }
  }
  return managed;
}

}  // namespace rollcall
