// PersonWork: one person in every directory, now (`rollcall deactivate` and `activate`, and the
// service's calls): finds the person, records the hold before anything is done, so that no later
// plan undoes it even if this fails, plans for that person alone, has the plan applied, and says
// place by place what was seen and what is left. Prints nothing and asks nobody. One thread; a call
// blocks.
//
//   PersonWork work(ports);
//   ASSIGN_OR_RETURN(PersonReport report, work.Do(order, teller, context));
//
// While another run is at work in one of the directories it waits for that run and plans anew, for
// kBusyPatience and kMostRefusals times at most.
//
// Errors carry their exit code (refusal.h); a hold that was recorded by then stands, and the teller
// was told of it. 7: the order is no good, or the name is that of several people; 1: nobody is
// called so (NOT_FOUND), or a hold keeps out whom `activate` means; 6: the export cannot be read
// and recorded links do not prove who is meant.
#ifndef AGENT_RUNS_PERSON_WORK_H_
#define AGENT_RUNS_PERSON_WORK_H_

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/render/person_document.h"
#include "agent/runs/planning.h"
#include "agent/store/requester.h"
#include "agent/store/store.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/base/call_context.h"
#include "reconciler/plan/export.h"
#include "reconciler/plan/memory.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct PersonOrder {
  Hold::Kind kind = Hold::Kind::kDeactivated;
  // An e-mail, a user name, a stable id, or an account's id, alone or as "directory/account".
  std::string person;
  std::string reason;
  std::optional<absl::Time> until;
  bool without_export = false;  // for deactivations
};

// Hears what happens as it happens.
class PersonTeller {
 public:
  virtual ~PersonTeller() = default;
  virtual void Note(absl::string_view sentence) = 0;
  virtual void Warn(absl::string_view sentence) = 0;
};

struct PersonPorts {
  Store& store;
  Runtime& runtime;
  Planning& planning;
  std::map<std::string, DirectoryReader*> readers;
  // The configured export. Called once.
  std::function<absl::StatusOr<Export>()> read_export;
  // Applies the plan until its run has ended; nullopt: it holds nothing to apply.
  // FAILED_PRECONDITION where another run is in the way.
  std::function<absl::StatusOr<std::optional<RunRecord>>(const Plan&)> apply;
  std::string command = "rollcall";  // for the cures in messages
  Requester requester = {};
};

class PersonWork {
 public:
  static constexpr absl::Duration kBusyPatience = absl::Minutes(30);
  static constexpr absl::Duration kBusyLook = absl::Seconds(1);
  static constexpr int kMostRefusals = 5;

  explicit PersonWork(PersonPorts ports) : ports_(std::move(ports)) {}

  absl::StatusOr<PersonReport> Do(const PersonOrder& order, PersonTeller& teller,
                                  const CallContext& context);

 private:
  // Whom the order means, as far as that is known before the directories are read.
  struct Whom {
    Hold hold;
    std::string query;  // for the plan
  };
  using MakePlan = std::function<absl::StatusOr<Planned>()>;

  absl::StatusOr<Whom> FindOut(const PersonOrder& order, const Export& exported,
                               PersonTeller& teller);
  absl::Status RecordHold(Hold& hold, PersonTeller& teller);
  absl::StatusOr<PersonReport> ByExport(const PersonOrder& order, const Export& exported,
                                        PersonTeller& teller, const CallContext& context);
  absl::StatusOr<PersonReport> ByLinks(const PersonOrder& order, Hold hold, PersonTeller& teller,
                                       const CallContext& context);
  // Plans, applies, and plans anew as long as another run is in the way.
  absl::Status PlanAndApply(const MakePlan& make, AccountState goal, PersonReport& report,
                            PersonTeller& teller, const CallContext& context);
  // Is no run at work in the plan's directories?
  bool IsFree(const Plan& plan) const;
  absl::Status AwaitTurn(const Plan& plan, absl::Time until, const CallContext& context) const;
  void AddPlaces(const Planned& planned, PersonReport& report, const CallContext& context);
  // Of the account that is called so, by recorded links.
  absl::StatusOr<std::optional<std::string>> PersonOfAccount(const std::string& query);

  const PersonPorts ports_;
};

}  // namespace rollcall

#endif  // AGENT_RUNS_PERSON_WORK_H_
