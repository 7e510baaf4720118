#include "tests/twins/organisation.h"

namespace rollcall::twins {
namespace {

bool IsLate(const Propagation& propagation) {
  return propagation.reads > 0 || propagation.time > absl::ZeroDuration();
}

}  // namespace

const OrgDirectory* Organisation::FindDirectory(const std::string& directory_id) const {
  for (const OrgDirectory& directory : directories) {
    if (directory.id == directory_id) return &directory;
  }
  return nullptr;
}

OrgGroup* Organisation::FindGroup(const std::string& group_id) {
  const auto found = groups.find(group_id);
  return found == groups.end() ? nullptr : &found->second;
}

void Organisation::Remember(const CloudAccount& before, absl::Time now) {
  if (!IsLate(propagation)) return;
  past_accounts.Remember(before, propagation.reads, now + propagation.time);
}

void Organisation::Remember(const OrgGroup& before, absl::Time now) {
  if (!IsLate(propagation)) return;
  past_groups.Remember(before, propagation.reads, now + propagation.time);
}

}  // namespace rollcall::twins
