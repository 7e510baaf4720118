#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"
#include "tests/support/scenario_lines.h"

namespace rollcall::scenario {
namespace {

// last_accepted PEOPLE ACTIVE GROUPS MEMBERSHIPS
absl::Status LastAccepted(Company& company, const Words& words) {
  if (words.size() != 5) return Unknown("last_accepted PEOPLE ACTIVE GROUPS MEMBERSHIPS");
  ExportCounts counts;
  ASSIGN_OR_RETURN(counts.people, Number(words[1]));
  ASSIGN_OR_RETURN(counts.active_people, Number(words[2]));
  ASSIGN_OR_RETURN(counts.groups, Number(words[3]));
  ASSIGN_OR_RETURN(counts.memberships, Number(words[4]));
  company.memory().last_accepted = counts;
  return absl::OkStatus();
}

// past DIRECTORY ACTION ACCOUNT HOURS [person=ID] [group=NAME] [waived=GUARD] [run=N]
absl::Status PastLine(Company& company, const Words& words) {
  PastChange past;
  past.directory = words[1];
  ASSIGN_OR_RETURN(past.action, ReadAction(words[2]));
  past.account = words[3];
  ASSIGN_OR_RETURN(int64_t hours, Number(words[4]));
  for (size_t i = 5; i < words.size(); ++i) {
    auto [name, value] = Pair(words[i]);
    if (name == "person") {
      past.person = value;
    } else if (name == "group") {
      past.group = value;
    } else if (name == "waived") {
      past.waived.insert(value);
    } else if (name == "run") {
      ASSIGN_OR_RETURN(past.run, Number(value));
    } else {
      return Unknown(words[i]);
    }
  }
  company.Applied(std::move(past), static_cast<int>(hours));
  return absl::OkStatus();
}

// refused DIRECTORY read_only|masked ACTION HOURS [ACCOUNT [GROUP]]
absl::Status RefusedLine(Company& company, const Words& words) {
  Refusal refusal;
  refusal.directory = words[1];
  refusal.finding = words[2];
  ASSIGN_OR_RETURN(refusal.action, ReadAction(words[3]));
  ASSIGN_OR_RETURN(int64_t hours, Number(words[4]));
  refusal.time = company.now() - absl::Hours(hours);
  if (words.size() > 5) refusal.account = words[5];
  if (words.size() > 6) refusal.group_id = absl::StrCat("g-", words[6]);
  company.memory().refusals.push_back(std::move(refusal));
  return absl::OkStatus();
}

}  // namespace

// DIRECTORY ACCOUNT PERSON by_hand|by_id|by_name|severed
absl::Status ReadLinkLine(Company& company, const Words& words) {
  if (words.size() != 4) return Unknown("DIRECTORY ACCOUNT PERSON PROOF");
  if (words[3] == "severed") {
    company.Link(words[0], words[1], words[2], Proof::kByHand);
    company.memory().links.back().severed = true;
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Proof proof, OneOf<Proof>({{"by_hand", Proof::kByHand},
                                              {"by_id", Proof::kRecordedId},
                                              {"by_name", Proof::kRecordedName}},
                                             words[3]));
  company.Link(words[0], words[1], words[2], proof);
  return absl::OkStatus();
}

// PERSON|EMAIL out|in
absl::Status ReadHoldLine(Company& company, const Words& words) {
  if (words.size() != 2) return Unknown("PERSON out|in");
  ASSIGN_OR_RETURN(Hold::Kind kind, OneOf<Hold::Kind>({{"out", Hold::Kind::kDeactivated},
                                                       {"in", Hold::Kind::kActivated}},
                                                      words[1]));
  bool by_email = words[0].find('@') != std::string::npos;
  company.HoldPerson(by_email ? "" : words[0], kind);
  if (by_email) company.memory().holds.back().email = words[0];
  return absl::OkStatus();
}

absl::Status ReadMemoryLine(Company& company, const Words& words) {
  Memory& memory = company.memory();
  if (words[0] == "fresh") {
    company.Fresh();
  } else if (words[0] == "applied" && words.size() == 2) {
    memory.applied_directories.insert(words[1]);
  } else if (words[0] == "covered" && words.size() == 3) {
    memory.covered_groups.emplace(words[1], Fold(words[2]));
  } else if (words[0] == "adopted" && words.size() == 3) {
    memory.adopted_groups.emplace(words[1], Fold(words[2]));
  } else if (words[0] == "deactivated_by_us" && words.size() == 3) {
    memory.deactivated_by_us.emplace(words[1], words[2]);
  } else if (words[0] == "asserted" && words.size() == 3) {
    memory.asserted.emplace(words[1], words[2]);
  } else if (words[0] == "absent" && words.size() == 3) {
    ASSIGN_OR_RETURN(int64_t exports, Number(words[2]));
    memory.absent.push_back({words[1], exports});
  } else if (words[0] == "last_accepted") {
    return LastAccepted(company, words);
  } else if (words[0] == "last_accepted_is_this_one") {
    memory.last_accepted_hash = "test";
  } else if (words[0] == "past" && words.size() >= 5) {
    return PastLine(company, words);
  } else if (words[0] == "refused" && words.size() >= 5) {
    return RefusedLine(company, words);
  } else if (words[0] == "repeated" && words.size() >= 5) {
    ASSIGN_OR_RETURN(Action action, ReadAction(words[2]));
    ASSIGN_OR_RETURN(int64_t times, Number(words[4]));
    memory.applied_repeatedly.push_back(
        {words[1], action, words[3], words.size() > 5 ? words[5] : "", times});
  } else {
    return Unknown(words[0]);
  }
  return absl::OkStatus();
}

}  // namespace rollcall::scenario
