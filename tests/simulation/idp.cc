#include "tests/simulation/idp.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/export_builder.h"

namespace rollcall::simulation {
namespace {

// So many leave the export at most, lest it be one that nobody would apply.
constexpr size_t kMostGone = 3;

}  // namespace

Idp::Idp(const twins::Company& company, std::set<std::string> settled)
    : people_(company.people), groups_(company.groups), settled_(std::move(settled)) {}

twins::CompanyPerson& Idp::Anybody(Dice& dice) {
  while (true) {  // ends: few are settled
    auto& person = people_[dice.Below(static_cast<int64_t>(people_.size()))];
    if (settled_.count(person.id) == 0) return person;
  }
}

std::string Idp::Change(Dice& dice, bool names) {
  ++version_;
  twins::CompanyPerson& person = Anybody(dice);
  switch (dice.Below(names ? 5 : 3)) {
    case 0:
      person.active = !person.active;
      return absl::StrCat(person.id, person.active ? " comes back" : " leaves");
    case 1: {
      if (gone_.erase(person.id) > 0) return absl::StrCat(person.id, " is exported again");
      if (gone_.size() == kMostGone) gone_.erase(gone_.begin());
      gone_.insert(person.id);
      return absl::StrCat(person.id, " vanishes");
    }
    case 2:
      return Regroup(dice, person);
    case 3:
      return Rename(person);
    default: {
      twins::CompanyPerson& other = Anybody(dice);
      std::swap(person.email, other.email);
      std::swap(person.user_name, other.user_name);
      return absl::StrCat(person.id, " and ", other.id, " swap names and addresses");
    }
  }
}

std::string Idp::Rename(twins::CompanyPerson& person) {
  person.user_name = person.email = absl::StrCat("renamed", version_, ".", person.user_name);
  return absl::StrCat(person.id, " is called ", person.user_name);
}

std::string Idp::Regroup(Dice& dice, const twins::CompanyPerson& person) {
  twins::CompanyGroup& group = groups_[dice.Below(static_cast<int64_t>(groups_.size()))];
  const auto at = std::lower_bound(group.members.begin(), group.members.end(), person.id);
  if (at != group.members.end() && *at == person.id) {
    group.members.erase(at);
    return absl::StrCat(person.id, " is taken out of ", group.name);
  }
  group.members.insert(at, person.id);
  return absl::StrCat(person.id, " is put into ", group.name);
}

absl::StatusOr<Export> Idp::MakeExport(absl::Time now) const {
  ExportBuilder builder({.source = "people",
                         .format = "scim",
                         .has_stable_ids = true,
                         .keep_attributes = {},
                         .keep_all_attributes = false,
                         .limits = {}});
  uint32_t row = 0;
  for (const twins::CompanyPerson& person : people_) {
    if (gone_.count(person.id) > 0) continue;
    PersonRecord record;
    record.id = person.id;
    record.user_name = person.user_name;
    record.email = person.email;
    record.standing = person.active ? rollcall::Standing::kActive : rollcall::Standing::kInactive;
    record.row = ++row;
    RETURN_IF_ERROR(builder.AddPerson(record));
  }
  for (const twins::CompanyGroup& group : groups_) {
    GroupRecord record;
    record.key = record.id = group.id;
    record.name = group.name;
    RETURN_IF_ERROR(builder.AddGroup(record));
    for (const std::string& member : group.members) {
      if (gone_.count(member) > 0) continue;
      RETURN_IF_ERROR(builder.AddMember(group.id, member));
    }
  }
  builder.set_content_hash(absl::StrCat("simulated ", version_));
  builder.set_time(now - absl::Minutes(5));
  return std::move(builder).Finish();
}

absl::Status Idp::WriteExport(const std::string& folder, absl::Time now) const {
  twins::Company exported;
  for (const twins::CompanyPerson& person : people_) {
    if (gone_.count(person.id) == 0) exported.people.push_back(person);
  }
  for (const twins::CompanyGroup& group : groups_) {
    twins::CompanyGroup& copy = exported.groups.emplace_back(group);
    std::erase_if(copy.members, [&](const std::string& member) { return gone_.count(member) > 0; });
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  RETURN_IF_ERROR(twins::WriteExport(exported, twins::ExportFormat::kScim, folder));
  const timespec time = absl::ToTimespec(now - absl::Minutes(5));
  const timespec times[] = {time, time};
  for (const char* file : {"/people.json", "/groups.json"}) {
    if (utimensat(AT_FDCWD, (folder + file).c_str(), times, 0) != 0) {
      return absl::InternalError(absl::StrCat("the time of ", folder, file, " cannot be set"));
    }
  }
  return absl::OkStatus();
}

Idp::Standing Idp::StandingOf(const std::string& person) const {
  if (gone_.count(person) > 0) return Standing::kGone;
  const auto found =
      std::find_if(people_.begin(), people_.end(),
                   [&](const twins::CompanyPerson& known) { return known.id == person; });
  return found != people_.end() && found->active ? Standing::kActive : Standing::kInactive;
}

}  // namespace rollcall::simulation
