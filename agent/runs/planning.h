// Planning: reads the directories side by side and makes a plan of an export, as the path of the
// data says (PRODUCT.md section 2). Prints nothing and asks nobody, so that the command line and
// the daemon share it. Holds readers only: it cannot write to a directory. One thread; a call
// blocks.
//
//   Planning planning(ports);
//   ASSIGN_OR_RETURN(Planned planned, planning.Make(exported, {}, context));
//
// A directory that cannot be read is a finding of the plan, not an error. Errors carry their exit
// code (refusal.h): CANCELLED when stopped, else those of the state file.
#ifndef AGENT_RUNS_PLANNING_H_
#define AGENT_RUNS_PLANNING_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "agent/runs/work_observer.h"
#include "agent/store/store.h"
#include "reconciler/base/call_context.h"
#include "reconciler/plan/account_conditions.h"
#include "reconciler/plan/explain.h"
#include "reconciler/plan/planner.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

// What the export of a request is: only the configured one moves what later plans compare with.
enum class ExportOrigin : uint8_t { kConfigured, kOther };

struct PlanRequest {
  std::vector<std::string> directories;    // ids; empty: all
  std::optional<std::string> only_person;  // see PlanInput
  ExportOrigin origin = ExportOrigin::kConfigured;
  // Of a plan that was begun (PlanStore::BeginPlanning), and by whom; empty: a new one.
  std::string plan_id = {};
  Requester requester = {};
};

struct Planned {
  Plan plan;
  std::string document;  // the exact JSON that was stored
  // Of a plan for one person: that person, as the plan sees them.
  std::optional<Explanation> person = {};
};

struct PlanningPorts {
  const Spec& spec;
  Store& store;
  Runtime& runtime;
  std::map<std::string, DirectoryReader*> readers;  // one for each directory of the spec
  std::string export_source;                        // as the configuration names it
  WorkObserver* observer = nullptr;                 // told of plans that were made
};

class Planning {
 public:
  explicit Planning(PlanningPorts ports) : ports_(std::move(ports)) {}

  // Makes a plan and saves it with its document and what it wants remembered.
  absl::StatusOr<Planned> Make(const Export& exported, const PlanRequest& request,
                               const CallContext& context);

  // While the export cannot be read: a plan that deactivates the one person whom recorded links
  // (rule L3) know as `only_person`, wherever they tie an account to the person, and nobody else.
  // Names and e-mails prove nothing here. `found` records the hold that the plan then follows; it
  // is called once, with the person's stable id, before anything is planned. Refused with code 6,
  // and nothing saved: no link, links of several people, or an entry of `protected` that may mean
  // the person and that only the export could tell.
  struct FromLinks {
    Planned planned;
    std::string person;                 // stable id
    std::vector<std::string> unproven;  // "directory/account": of that name, and left as they are
  };
  absl::StatusOr<FromLinks> MakeFromLinks(
      const PlanRequest& asked, const std::function<absl::Status(const std::string&)>& found,
      const CallContext& context);

  // The same without saving anything, seen from one person.
  absl::StatusOr<Explanation> Explain(const Export& exported, const std::string& query,
                                      const CallContext& context);

  // What is odd about people's accounts over all directories; nothing is saved. Who owns accounts
  // that no configured directory owns, and how long those remain that are about to be deleted, is
  // asked for the first kMostAsked of them together.
  static constexpr int kMostAsked = 100;
  struct Accounts {
    ConditionReport report;
    std::vector<std::string> unreadable;  // directories
  };
  absl::StatusOr<Accounts> FindOddAccounts(const Export& exported, const CallContext& context);

  // Reads everything as for a plan and lets `look` see it: for what is done by hand and must know
  // what plans leave alone. Nothing is probed, planned or saved.
  absl::Status Look(const Export& exported, const CallContext& context,
                    absl::FunctionRef<absl::Status(const PlanInput&, const Draft&)> look);

  // How many changes a plan would hold now, and nothing saved: for `--verify full`.
  absl::StatusOr<int64_t> CountChanges(const Export& exported, const PlanRequest& request,
                                       const CallContext& context);

 private:
  // What the draft points into, and the draft.
  struct Work {
    Memory memory;
    std::vector<DirectoryInput> directories;
    std::optional<PlanInput> input;
    Draft draft;
    std::map<std::string, ProbeResult> probes;
    absl::Time now;
    int64_t mark = 0;  // RunStore::Mark of before anything was read
    int64_t sent_before = 0;
  };

  absl::Status Prepare(const Export& exported, const PlanRequest& request,
                       const CallContext& context, Work& work);
  absl::Status Begin(const Export& exported, const PlanRequest& request, const CallContext& context,
                     Work& work);
  absl::Status MakeInput(const Export& exported, const PlanRequest& request,
                         const CallContext& context, Work& work);
  absl::Status ReadDirectories(const Export& exported, const PlanRequest& request,
                               const CallContext& context, Work& work);
  // Probes; a directory that cannot be probed counts as unreadable, and the draft is made again.
  absl::Status DraftAndProbe(const CallContext& context, Work& work);
  absl::Status Save(const PlanResult& result, const Export& exported, const PlanRequest& request,
                    const std::string& document, int64_t mark);
  // Names the owners of accounts that no configured directory owns, and when accounts that are
  // about to be deleted may be gone.
  void AskAbout(ConditionReport& report, const CallContext& context) const;
  int64_t RequestsSent() const;

  const PlanningPorts ports_;
};

// "p-" or "r-" and 16 hex digits.
std::string NewId(char kind, Runtime& runtime);

}  // namespace rollcall

#endif  // AGENT_RUNS_PLANNING_H_
