// The stages of the reference, in the order of PRODUCT.md section 2; internal to it.
#ifndef TESTS_PROPERTY_REFERENCE_PARTS_H_
#define TESTS_PROPERTY_REFERENCE_PARTS_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/property/reference.h"

namespace rollcall::property {

// What is known of one account.
struct Tie {
  enum class State {
    kNobody,
    kPerson,
    kGone,      // of somebody whom the export does not hold (any more)
    kDoubtful,  // ambiguous or contradictory: no change
    kForeign,
    kSecond,  // a further account of `person`, who has another one by a stronger proof
  };
  State state = State::kNobody;
  std::string person;
  int rank = 99;  // of the proof, as L1 numbers them from 0; 99: none
};

struct Ties {
  std::map<std::string, Tie> accounts;                // by account
  std::set<std::string> doubtful_people;              // no change for them
  std::set<std::string> email_conflict;               // neither activated nor added
  std::map<std::string, std::set<std::string>> told;  // finding -> subjects
};

// What a managed group should be.
struct Circle {
  std::string name;  // as served
  bool additive = false;
  bool held = false;  // no removals
  std::set<std::string> wanted;
};

// A change before guards.
struct Row {
  std::string directory;
  Action action;
  std::string account;
  std::string group;
  std::string person;  // who counts as one: the stable id, else "directory/account"
  auto operator<=>(const Row&) const = default;
};

// One directory on its way.
struct Judged {
  const WorldDirectory* directory = nullptr;
  Ties ties;
  std::set<std::string> entitled;
  bool entitlement_uncertain = false;
  std::map<std::string, Circle> circles;       // by name as served
  std::map<std::string, AccountState> wanted;  // by account
  std::set<std::string> in_scope;
};

// The export's groups with nested ones expanded; held: the list may be incomplete.
struct Expanded {
  std::set<std::string> people;
  bool held = false;
};

// L1 to L8.
Ties TieAccounts(const World& world, const WorldDirectory& directory);
// G4.
std::optional<Expanded> ExpandCircle(const World& world, const std::string& name);
// E1.
void JudgeEntitlement(const World& world, Judged& judged, Verdict& verdict);
// E2.
bool IsExcluded(const World& world, const WorldPerson& person);
// H1: the exception in force for somebody of the export, for somebody who is gone, for an account
// that is nobody's.
std::optional<Hold::Kind> HoldOn(const World& world, const WorldPerson& person);
std::optional<Hold::Kind> HoldOnAccount(const World& world, const Tie& tie,
                                        const TestAccount& account);
// S1.
bool IsManaged(const World& world, const WorldDirectory& directory, const TestAccount& account);
// A1 to A5, H1: fills `wanted` and `in_scope`.
void JudgeActivity(const World& world, Judged& judged, Verdict& verdict);
// G1 to G7: fills `circles`.
void JudgeCircles(const World& world, Judged& judged, Verdict& verdict);
std::set<Row> RowsToMake(const World& world, const Judged& judged);
// R5, masked and read_only, self, protected, allow: takes rows out.
void Withhold(const World& world, const std::vector<Judged>& all, std::set<Row>& rows,
              Verdict& verdict);
// Section 4.
void JudgeGuards(const World& world, const std::vector<Judged>& all, const std::set<Row>& rows,
                 Verdict& verdict);

// The person behind an account, as far as one is known; "" for nobody.
std::string PersonBehind(const Judged& judged, const std::string& account);
const Judged& FindJudged(const std::vector<Judged>& all, const std::string& directory);
bool TouchesMembership(Action action);
bool SameName(const std::string& a, const std::string& b);
bool FitsPattern(const std::string& pattern, const std::string& name);
bool GivesAccess(const TestAccount& account);

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_REFERENCE_PARTS_H_
