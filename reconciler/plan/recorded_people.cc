#include "reconciler/plan/recorded_people.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"

namespace rollcall {

RecordedPeople FindRecordedPeople(const Memory& memory,
                                  const std::vector<DirectoryInput>& directories,
                                  absl::string_view query) {
  RecordedPeople result;
  std::map<std::pair<std::string, std::string>, std::string> person_of;
  for (const RecordedLink& link : memory.links) {
    if (link.severed) continue;
    person_of[{link.directory, link.account}] = link.person;
    if (link.person == query) result.people.insert(link.person);
  }
  if (!result.people.empty()) return result;
  for (const DirectoryInput& directory : directories) {
    if (!directory.snapshot.has_value()) continue;
    for (const Account& account : directory.snapshot->roster.accounts) {
      if (!FoldedEquals(account.user_name, query) && !FoldedEquals(account.email, query)) continue;
      const auto found = person_of.find({directory.id, std::string(account.id)});
      if (found != person_of.end()) {
        result.people.insert(found->second);
      } else {
        result.unproven.insert(absl::StrCat(directory.id, "/", account.id));
      }
    }
  }
  return result;
}

std::string FindGonePerson(const Export& exported, const Memory& memory,
                           const std::vector<DirectoryInput>& directories,
                           absl::string_view query) {
  const RecordedPeople found = FindRecordedPeople(memory, directories, query);
  if (found.people.size() != 1) return "";
  const std::string& person = *found.people.begin();
  const bool present = std::any_of(exported.people.begin(), exported.people.end(),
                                   [&](const Person& one) { return one.id == person; });
  return present ? "" : person;
}

void ExtendHoldsToGonePeople(const Export& exported, const std::vector<DirectoryInput>& directories,
                             Memory& memory) {
  std::vector<Hold> more;
  for (const Hold& hold : memory.holds) {
    if (!hold.person.empty() || hold.kind != Hold::Kind::kDeactivated) continue;
    Hold by_id = hold;
    by_id.person = FindGonePerson(exported, memory, directories, hold.email);
    if (!by_id.person.empty()) more.push_back(std::move(by_id));
  }
  memory.holds.insert(memory.holds.end(), more.begin(), more.end());
}

Export ExportOfNobody(const Memory& memory) {
  Export nobody;
  nobody.has_stable_ids =
      std::any_of(memory.links.begin(), memory.links.end(),
                  [](const RecordedLink& link) { return link.proof == Proof::kRecordedId; });
  return nobody;
}

}  // namespace rollcall
