// Witness: looks at every effect that Rollcall has on a directory, at the moment when it has it,
// and says what must not have happened. It knows the plan and the durable journal, and nothing of
// how the executor works. One thread at a time.
#ifndef TESTS_SIMULATION_WITNESS_H_
#define TESTS_SIMULATION_WITNESS_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/store/store.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"
#include "tests/simulation/event_log.h"
#include "tests/simulation/facts.h"
#include "tests/simulation/sim_disk.h"
#include "tests/simulation/sim_world.h"
#include "tests/twins/message.h"

namespace rollcall::simulation {

// Is the account active, and (in the organisation) not suspended in all of its directories?
bool IsIn(const twins::World& world, const Facts& facts, const std::string& directory,
          const std::string& account);

class Witness {
 public:
  Witness(const SimWorld& world, const SimDisk& disk, EventLog& log)
      : world_(world), disk_(disk), log_(log) {}

  // A process reads (nothing may be written), or applies this plan; or it is a daemon, of which the
  // state says what it applies: at most one run in each directory. The store stays good until
  // Close. `waived`: the limits do not hold for it.
  void BeginReading();
  void BeginApplying(const Plan& plan, Store& store, bool waived);
  void Follow(Store& store);
  void Close() { BeginReading(); }

  // Somebody else changed these facts.
  void NoteRival(const std::vector<Turn>& turns);
  // Somebody else changed this account in another way (its name, its owner).
  void NoteRivalEdit(const std::string& directory, const std::string& account);
  // Somebody else deleted this group.
  void NoteRivalGroup(const std::string& directory, const std::string& group) {
    deleted_groups_.insert({AccountsAt(directory), group});
  }
  // Somebody gave this Crowd user an address between our read and our write: it must be kept, or
  // the run must say that it may be lost.
  void NoteInGap(const std::string& account, const std::string& email) { in_gap_[account] = email; }
  bool RivalTouched(const std::string& directory, const std::string& account) const {
    return rivalled_.count({AccountsAt(directory), account}) > 0;
  }
  // A plan that is being applied.
  struct Work {
    std::shared_ptr<const Plan> plan;
    std::string run;  // empty: not known yet
    bool waived = false;
  };
  // A write is sent: what the journal says at that moment.
  struct Sent {
    std::string to;                 // a directory
    std::optional<Work> work;       // in it
    std::set<std::string> intents;  // changes that are announced and have no result
  };
  Sent NoteSend(const twins::TwinRequest& request);
  // What it brought about, perhaps long after its sender died.
  void NoteEffects(const Sent& sent, const std::vector<Turn>& turns);
  // It was answered. `certain`: we were told, whole and by the server, that it worked, and it did.
  // A request that was answered so must not come again in the same run. Where readers lag behind,
  // not from the same process (the next one may see that nothing has happened yet), but for one
  // more removal of members from a group of SCIM: servers are known that say yes and remove nobody,
  // and one more of the requests of a change that is unknown as a whole (IsPartOfADoubt).
  void NoteAnswer(const twins::TwinRequest& request, bool certain);

  // Nothing but people makes trouble: what is told by Crowd's event feed must be told by us.
  void set_only_people(bool only_people) { only_people_ = only_people; }
  // Readers lag behind in this world.
  void set_lagging(bool lagging) { lagging_ = lagging; }
  // A run has ended, or was interrupted, with these outcomes: they must be what happened.
  void CheckOutcomes(const Plan& plan, const RunRecord& run);

  void Fail(const std::string& what);
  const std::vector<std::string>& failures() const { return failures_; }
  int64_t effects() const { return effects_; }
  // Of the requests to this directory.
  int64_t effects_at(const std::string& directory) const {
    const auto found = effects_at_.find(directory);
    return found == effects_at_.end() ? 0 : found->second;
  }

 private:
  // Where the accounts and groups of a directory live: a site's are the organisation's.
  static const std::string& AccountsAt(const std::string& directory);
  // Is this a fact of the directory that the request went to?
  static bool IsOf(const std::string& directory, const Fact& fact);
  // Is this what the change (or its way through the owner) does, by itself or as an effect?
  static bool Matches(const Change& change, const Turn& turn);
  // Giving somebody access to a site puts him into groups that grant it, and taking somebody off it
  // takes him out of all of its groups: no changes of the plan, and no way without them.
  static bool ComesWithAccess(const Sent& sent, const Turn& turn);
  // A plan that does not cover the site, or could not read it, does not tell that the site follows
  // the organisation's account; it does all the same.
  static bool FollowsUnseen(const Sent& sent, const Turn& turn);
  void CheckAllowed(const Turn& turn);
  void CheckPlanned(const Sent& sent, const Turn& turn);
  static bool IsPlanned(const Plan& plan, const Turn& turn);
  // A membership that SCIM carries along into a group of the organisation that is not configured is
  // no effect (rule R2).
  static bool IsNoEffect(const Sent& sent, const Turn& turn) {
    return !IsOf(sent.to, turn.fact) && !turn.fact.group.empty() &&
           !IsPlanned(*sent.work->plan, turn);
  }
  void CheckLimit(const Sent& sent, const Turn& turn);
  // A removal of somebody whom the same plan deactivates: it does not count.
  static bool IsOfALeaver(const Plan& plan, const Turn& turn);
  bool IsTrue(const Change& made, const Facts& now) const;
  void CheckGap(const Change& made, const Outcome& outcome);
  std::optional<Work> WorkAt(const std::string& directory);
  // What the state says is at work.
  void LookAtState();
  std::shared_ptr<const Plan> PlanOf(const std::string& id);
  std::set<std::string> OpenIntents(Work& work);

  const SimWorld& world_;
  const SimDisk& disk_;
  EventLog& log_;
  std::vector<Work> works_;
  Store* store_ = nullptr;
  bool follows_ = false;
  std::map<std::string, std::shared_ptr<const Plan>> plans_;  // of those that are followed
  bool lagging_ = false;
  bool only_people_ = false;
  std::map<std::string, std::string> in_gap_;  // Crowd user -> address
  std::set<std::pair<std::string, std::string>> rivalled_;
  std::set<std::pair<std::string, std::string>> deleted_groups_;
  // Turns of each directory and action in runs without a waiver.
  std::map<std::pair<std::string, Action>, std::set<Fact>> counted_;
  struct Answered {
    bool certain = false;
    int64_t process = 0;
    bool again = false;    // it came again, and might
    bool doubted = false;  // an answer to it was lost, in that process
  };
  // What one plan sent to one directory: by (target, method and body).
  struct Sends {
    std::string plan;
    std::map<std::pair<std::string, std::string>, Answered> answered;
  };
  // Does this request come although it need not?
  bool IsRepeated(const twins::TwinRequest& request, Answered& before) const;
  // One of the requests that suspend, or restore, an account in several directories, of which
  // another one was left in doubt? The change as a whole is unknown then, and is made again; what a
  // lagging reader still shows undone is sent again with it.
  bool IsPartOfADoubt(const twins::TwinRequest& request) const;
  std::map<std::string, Sends> sends_;  // by directory, of the last plan that wrote there
  int64_t process_ = 0;
  // (plan, change): those that had their own effect.
  std::set<std::pair<std::string, std::string>> done_;
  std::vector<std::string> failures_;
  int64_t effects_ = 0;
  std::map<std::string, int64_t> effects_at_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_WITNESS_H_
