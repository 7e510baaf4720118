// Company: a fluent builder of what planning starts from (export, snapshots, memory, spec), for
// tests of the core. Everything has a harmless default: the export was made an hour before `now`,
// directories are of kind `scim` and entitle everybody, the memory knows the directories and groups
// (so that `first_run` is quiet). One thread. It owns what Input() refers to: keep it alive, and
// call Input() again after changing it.
//
//   Company c;
//   c.Person("p1", "ada", "ada@example.com").Person("p2", "bob", "bob@example.com").Inactive("p2");
//   c.Group("eng", {"p1", "p2"}).Manage("eng", "dir");
//   c.Directory("dir").Account({.id = "a1", .user_name = "ada"}).Member("eng", "a1");
//   Draft draft = MakeDraft(c.Input());
#ifndef TESTS_SUPPORT_COMPANY_H_
#define TESTS_SUPPORT_COMPANY_H_

#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/plan/planner.h"

namespace rollcall {

// The state that most tests set.
inline constexpr AccountState kInactive = AccountState::kInactive;

// Rows as tests write them. Every member has a default, so that any may be left out.
struct TestAccount {
  std::string id = "";
  std::string user_name = "";
  std::string email = "";
  std::string external_id = "";
  std::string linked_account = "";
  AccountState state = AccountState::kActive;
  bool claimed = true;
  bool administrator = false;
  bool synced = false;
  bool pending_deletion = false;
};

struct TestGroup {
  std::string name = "";
  std::string id = "";  // empty: "g-" and the name
  bool nested = false;
  bool modifiable = true;
  bool externally_synced = false;
};

// One directory: its spec, its traits and its content.
class CompanyDirectory {
 public:
  CompanyDirectory(std::string id, DirectoryKind kind);

  CompanyDirectory& Account(TestAccount account);
  CompanyDirectory& Group(TestGroup group);
  // The group is made, with default properties, when Group() did not name it.
  CompanyDirectory& Member(const std::string& group, const std::string& account);
  // The same account row in another state.
  CompanyDirectory& SetState(const std::string& account, AccountState state);
  // The directory could not be read, for this reason.
  CompanyDirectory& Unreadable(std::string why);

  DirectorySpec& spec() { return spec_; }
  DirectoryTraits& traits() { return traits_; }
  const std::vector<TestGroup>& groups() const { return groups_; }

  DirectoryInput Input(absl::Time complete_at) const;

 private:
  DirectorySpec spec_;
  DirectoryTraits traits_;
  std::vector<TestAccount> accounts_;
  std::vector<TestGroup> groups_;
  std::vector<std::pair<std::string, std::string>> members_;  // group name, account id
  std::string unreadable_;
};

class Company {
 public:
  Company();
  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;

  Company& Person(std::string id, std::string user_name, std::string email = "");
  Company& Inactive(const std::string& id);
  Company& OnHold(const std::string& id);  // Standing::kHold
  Company& Attribute(const std::string& id, std::string name, std::string value);
  Company& Alias(const std::string& id, std::string email);
  // A group of the export. A member that is the name of another group is a nested one; a member
  // that nobody knows holds the group, as in a real export.
  Company& Group(std::string name, std::vector<std::string> members);
  Company& HeldGroup(const std::string& name, std::string why);
  Company& WithoutStableIds();

  // The directory of that id, made on first use. The reference stays valid.
  CompanyDirectory& Directory(const std::string& id, DirectoryKind kind = DirectoryKind::kScim);

  // Puts a group under management: an entry of `groups:`.
  Company& Manage(std::string export_name, std::string directory,
                  GroupMode mode = GroupMode::kExact, std::string target_name = "");

  // Nothing has been applied from this state: `first_run` has something to say.
  Company& Fresh();
  Company& HoldPerson(std::string person, Hold::Kind kind = Hold::Kind::kDeactivated,
                      std::string reason = "a lost laptop");
  Company& Link(std::string directory, std::string account, std::string person,
                Proof proof = Proof::kRecordedId);
  // Applied so many hours ago.
  Company& Applied(PastChange change, int hours_ago);

  Spec& spec() { return spec_; }
  Memory& memory() { return memory_; }
  absl::Time now() const { return now_; }
  void set_export_time(std::optional<absl::Time> time) { export_time_ = time; }

  // Builds everything anew; the returned input refers to this object.
  PlanInput Input();

 private:
  struct Human {
    std::string id, user_name, email;
    std::vector<std::string> aliases;
    std::vector<std::pair<std::string, std::string>> attributes;
    Standing standing = Standing::kActive;
  };
  struct Circle {
    std::string name, held;
    std::vector<std::string> members;
  };
  Human& Find(const std::string& id);
  void BuildExport();
  void BuildMemory();

  absl::Time now_;
  std::optional<absl::Time> export_time_;
  bool stable_ids_ = true;
  bool fresh_ = false;
  std::deque<Human> people_;
  std::deque<Circle> groups_;
  std::deque<CompanyDirectory> directories_;
  Spec spec_;
  Memory memory_;
  Export exported_;
  std::vector<DirectoryInput> inputs_;
};

// A company planned to the end; nothing is probed. The plan is complete, with findings.
PlanResult PlanFor(Company& company);

}  // namespace rollcall

#endif  // TESTS_SUPPORT_COMPANY_H_
