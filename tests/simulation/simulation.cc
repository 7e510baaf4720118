#include "tests/simulation/simulation.h"

#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "agent/render/plan_document.h"
#include "clients/http/retry_after.h"
#include "reconciler/base/status_macros.h"
#include "tests/simulation/daemon_life.h"
#include "tests/simulation/open_ends.h"
#include "tests/simulation/peace.h"
#include "tests/simulation/sim_daemon.h"
#include "tests/simulation/sim_network.h"
#include "tests/simulation/sim_process.h"

namespace rollcall::simulation {
namespace {

constexpr int kMaxProcesses = 4;     // under trouble
constexpr int kMaxPlans = 2;         // at the end
constexpr uint64_t kComparedOf = 3;  // every third seed is compared with a world without trouble
constexpr absl::Duration kLongest =
    absl::Hours(36);  // of virtual time, steps of the clock included
// Dice of their own, so that commands of a seed draw what they drew before there were daemons.
constexpr uint64_t kKindDice = 0x6461656d6f6e3f21u;
constexpr uint64_t kLifeDice = 0x6c69766573212121u;
constexpr uint64_t kSiteDice = 0x7369746573212121u;
constexpr int64_t kDaemons = 330;                      // of a thousand seeds
constexpr int64_t kSites = 500;                        // of a thousand seeds
constexpr absl::Duration kSettled = absl::Minutes(5);  // longer than any reader lags behind

class Course {
 public:
  enum class Way { kAsDrawn, kUndisturbed };

  Course(uint64_t seed, const std::string& state, Way way, bool daemon, bool site)
      : dice_(seed),
        state_(state),
        way_(way),
        drawn_(Trouble::Draw(dice_)),
        trouble_(way == Way::kAsDrawn ? drawn_ : Trouble::None()),
        lag_(DrawLag()),
        disk_(dice_.Split()),
        runtime_(dice_.Split(), log_, absl::StrCat("seed ", seed)),
        world_(
            dice_.Split(), [this] { return runtime_.TrueTime(); }, lag_,
            site ? std::make_optional(Dice(seed ^ kSiteDice).Split()) : std::nullopt),
        witness_(world_, disk_, log_),
        machine_(disk_),
        network_(dice_.Split(), {world_, runtime_, machine_, witness_, log_, counts_}, trouble_) {
    constexpr double kRates[] = {10, 50, 1000};
    rate_ = kRates[dice_.Below(3)];
    if (!daemon) return;
    life_.emplace(Dice(seed ^ kLifeDice),
                  DaemonLife::Parts{runtime_, witness_, log_, [this](Dice& dice) {
                                      if (trouble_[FaultKind::kExportChange]) ChangeExport(dice);
                                    }});
  }

  Verdict Run(uint64_t seed) {
    begun_ = FactsOf(world_.world());
    if (world_.site().has_value()) log_.Add(world_.site()->ToString());
    witness_.set_only_people(trouble_.OnlyPeople());
    witness_.set_lagging(trouble_[FaultKind::kStaleReads]);
    Prepare();
    disk_.set_weather([this](bool is_sync) { return Weather(is_sync); });
    disk_.set_synced([this] { DieAfterCommit(); });
    const int64_t processes = way_ == Way::kUndisturbed ? 0 : dice_.Between(1, kMaxProcesses);
    for (int64_t i = 0; i < processes; ++i) RunUnderTrouble();
    MakePeace();
    if (runtime_.elapsed() > Longest()) {
      witness_.Fail(absl::StrCat("it took ", absl::FormatDuration(runtime_.elapsed())));
    }
    if (processes > 0 && !trouble_[FaultKind::kRival] && !trouble_[FaultKind::kRivalInGap] &&
        !trouble_[FaultKind::kExportChange] && seed % kComparedOf == 0) {
      CompareWithUndisturbed(seed);
    }
    Verdict verdict;
    verdict.seed = seed;
    verdict.failures = witness_.failures();
    verdict.log = log_.lines();
    verdict.faults = counts_;
    verdict.requests = network_.requests();
    verdict.effects = witness_.effects();
    verdict.turns = runtime_.turns();
    verdict.processes = processes_;
    verdict.site = world_.site().has_value();
    verdict.at_site = witness_.effects_at(kSite);
    verdict.daemon = life_.has_value();
    if (life_.has_value()) {
      verdict.runs = life_->chronicle().runs();
      verdict.interruptions = life_->chronicle().interruptions();
      verdict.events = life_->chronicle().events();
      verdict.pages = life_->chronicle().pages();
    }
    return verdict;
  }

 private:
  // The dice fall the same way whether there is trouble or not.
  SimWorld::Lag DrawLag() {
    const absl::Duration lag = absl::Milliseconds(dice_.Between(100, 20'000));
    return {.time = trouble_[FaultKind::kStaleReads] ? lag : absl::ZeroDuration()};
  }

  // By a clock that was stepped back an instant that a server names (without saying what time it
  // is) lies far away: each may cost the longest wait.
  absl::Duration Longest() const {
    if (counts_[FaultKind::kClockBack] == 0) return kLongest;
    int64_t instants = 0;
    for (const FaultKind kind :
         {FaultKind::kThrottleDate, FaultKind::kThrottleResetIso, FaultKind::kThrottleResetEpoch}) {
      instants += counts_[kind];
    }
    return kLongest + instants * kMaxRetryAfter;
  }

  // Nobody else changed anything: the same world without trouble comes to the same end.
  void CompareWithUndisturbed(uint64_t seed) {
    if (!last_plan_.has_value()) return;
    Course undisturbed(seed, state_, Way::kUndisturbed, life_.has_value(),
                       world_.site().has_value());
    undisturbed.Run(seed);
    for (const std::string& failure : undisturbed.witness_.failures()) {
      witness_.Fail(absl::StrCat("without trouble: ", failure));
    }
    if (undisturbed.last_plan_.has_value()) CheckSameEnd(End(), undisturbed.End());
  }

  AtTheEnd End() { return {world_, witness_, begun_, *last_plan_}; }

  AgentProcess::Parts NewParts() {
    ++processes_;
    log_.Add("a process begins");
    return {world_, runtime_, network_, machine_, witness_, log_, state_, rate_};
  }

  // One that does what it is told, and nothing by itself.
  std::unique_ptr<AgentProcess> NewProcess() {
    if (life_.has_value()) return std::make_unique<SimDaemon>(NewParts(), SimDaemon::Way());
    return std::make_unique<SimProcess>(NewParts());
  }

  // The state as an administrator left it.
  void Prepare() {
    machine_.Start(0, 0);
    const std::unique_ptr<AgentProcess> process = NewProcess();
    if (!Expect(process->Start(), "opening a new state")) return;
    for (const Hold& hold : world_.holds()) {
      Expect(process->store().holds().Add(hold).status(), "recording a hold");
    }
  }

  void RunUnderTrouble() {
    const bool by_request = trouble_[FaultKind::kCrashAtRequest] && dice_.Chance(600);
    const bool by_commit = trouble_[FaultKind::kCrashAtCommit] && dice_.Chance(600);
    machine_.Start(by_request ? dice_.Between(1, 250) : 0, by_commit ? dice_.Between(1, 120) : 0);
    disk_bad_for_ = 0;
    dies_after_commit_ = false;
    {
      const absl::Status status = life_.has_value() ? RunDaemon() : RunCommands();
      log_.Add(absl::StrCat("the process ends: ",
                            absl::StrReplaceAll(Shown(status), {{state_, "STATE"}})));
    }
    if (machine_.dead()) {
      const SimDisk::Losses losses = disk_.Restart();
      counts_[FaultKind::kTornWrite] += losses.torn;
      counts_[FaultKind::kLostWrite] += losses.lost;
      log_.Add(absl::StrCat("the machine restarts; writes lost: ", losses.lost,
                            ", torn: ", losses.torn));
    }
    if (dice_.Chance(700)) network_.RenewKeys();
    if (trouble_[FaultKind::kExportChange]) ChangeExport(dice_);
    runtime_.Pass(absl::Seconds(dice_.Between(0, 600)));
  }

  absl::Status RunCommands() {
    SimProcess process(NewParts());
    return Work(process);
  }

  absl::Status RunDaemon() {
    SimDaemon daemon(NewParts(), {life_->schedules(), [this](const Plan& plan) {
                                    const bool all =
                                        plan.directories.size() == world_.spec().directories.size();
                                    links_recorded_ |= all && plan.unreadable.empty();
                                    LogPlan(plan);
                                  }});
    return life_->Live(daemon);
  }

  void ChangeExport(Dice& dice) {
    const int64_t changes = dice.Between(0, 3);
    for (int64_t i = 0; i < changes; ++i) {
      ++counts_[FaultKind::kExportChange];
      log_.Add(absl::StrCat("identity provider: ", world_.idp().Change(dice, links_recorded_)));
    }
  }

  // What people do: go on with what was interrupted, or plan anew.
  absl::Status Work(AgentProcess& process) {
    RETURN_IF_ERROR(process.Start());
    ASSIGN_OR_RETURN(const bool resumed, Resume(process));
    if (resumed && dice_.Chance(500)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Plan plan, PlanAnew(process));
    const bool waives = dice_.Chance(600);
    ASSIGN_OR_RETURN(const RunRecord run,
                     process.Apply(plan.id, waives ? Waivers(plan) : std::vector<Waiver>()));
    Note(plan, run);
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Resume(AgentProcess& process) {
    if (plan_.empty() || dice_.Chance(400)) return false;
    ASSIGN_OR_RETURN(const std::optional<std::string> run,
                     process.store().runs().UnfinishedOf(plan_));
    if (!run.has_value()) return false;
    log_.Add(absl::StrCat("goes on with ", *run));
    ASSIGN_OR_RETURN(const RunRecord record, process.Apply(plan_, {}));
    ASSIGN_OR_RETURN(const Plan plan, process.store().plans().Load(plan_));
    Note(plan, record);
    return true;
  }

  absl::StatusOr<Plan> PlanAnew(AgentProcess& process) {
    absl::StatusOr<Plan> plan = process.MakePlan();
    if (!plan.ok()) return plan;
    plan_ = plan->id;
    links_recorded_ |= plan->unreadable.empty();
    LogPlan(*plan);
    return plan;
  }

  void LogPlan(const Plan& plan) {
    log_.Add(absl::StrCat("plan ", plan.id, " ", PlanStateName(plan.state), " of ",
                          plan.changes.size(), " changes"));
    for (const Change& change : plan.changes) {
      log_.Add(absl::StrCat("  ", change.id, " ", change.directory, " ", ActionName(change.action),
                            " ", change.account, " ", change.group, " (", change.reason, ")"));
    }
    for (const Finding& finding : plan.findings) {
      log_.Add(absl::StrCat("  ", finding.name, ": ", absl::StrJoin(finding.subjects, ", ")));
      if (finding.subjects.empty()) log_.Add(absl::StrCat("    ", finding.message));
    }
  }

  static std::vector<Waiver> Waivers(const Plan& plan) {
    std::vector<Waiver> waivers;
    for (const std::string& guard : BlockingGuards(plan)) waivers.push_back({guard, "simulated"});
    return waivers;
  }

  void Note(const Plan& plan, const RunRecord& run) {
    witness_.CheckOutcomes(plan, run);
    runtime_.Pass(absl::Seconds(1));  // nobody plans in the instant in which a run ends
    log_.Add(absl::StrCat("run ", run.id, " ", RunStateName(run.state), ", drift left ",
                          run.drift_left, ": ", run.message));
    for (const auto& [change, outcome] : run.outcomes) {
      if (outcome.state == OutcomeState::kApplied && outcome.verified) continue;
      log_.Add(absl::StrCat("  ", change, " ", OutcomeStateName(outcome.state),
                            outcome.verified ? "" : " not verified", ": ", outcome.message));
    }
  }

  bool Expect(const absl::Status& status, const char* what) {
    if (status.ok()) return true;
    witness_.Fail(absl::StrCat(what, ": ", status.ToString()));
    return false;
  }

  void MakePeace() {
    network_.Calm();
    world_.Settle();
    disk_.set_weather(nullptr);
    disk_.set_synced(nullptr);
    runtime_.Pass(kSettled);
    machine_.Start(0, 0);
    log_.Add("all trouble is over");
    const std::unique_ptr<AgentProcess> process = NewProcess();
    if (!Expect(process->Start(), "opening the state")) return;
    if (life_.has_value()) {
      static_cast<SimDaemon&>(*process).WaitForRuns();  // those that go on
    } else {
      Expect(Resume(*process).status(), "going on with the interrupted run");
    }
    std::optional<Plan> plan;
    OpenEnds ends;  // of the last run
    for (int i = 0; i <= kMaxPlans; ++i) {
      absl::StatusOr<Plan> made = PlanAnew(*process);
      if (!Expect(made.status(), "planning in peace")) return;
      plan = *std::move(made);
      if (plan->changes.empty() || i == kMaxPlans) break;
      const absl::StatusOr<RunRecord> run = process->Apply(plan->id, Waivers(*plan));
      if (!Expect(run.status(), "applying in peace")) return;
      Note(*plan, *run);
      ends = OpenEnds(world_, *plan, *run);
      runtime_.Pass(kSettled);
    }
    for (const Change& change : plan->changes) {
      if (ends.Excuse(change)) continue;
      witness_.Fail(absl::StrCat("the diff is not empty at the end: ", change.id, " ",
                                 ActionName(change.action), " ", OpenEnds::TargetOf(change)));
    }
    if (!plan->unreadable.empty()) witness_.Fail("a directory cannot be read at the end");
    std::set<std::string> open = ends.subjects();
    for (const Finding& finding : plan->findings) {
      for (const std::string& subject : finding.subjects) open.erase(subject);
    }
    for (const std::string& subject : open) {
      witness_.Fail(absl::StrCat("the last run did not settle, and no finding names: ", subject));
    }
    last_plan_ = *std::move(plan);
    CheckPeace(End());
    if (life_.has_value()) life_->CheckEnd(process->store());
  }

  SimDisk::Write Weather(bool is_sync) {
    if (is_sync && machine_.DiesAtThisCommit()) {
      ++counts_[FaultKind::kCrashAtCommit];
      log_.Add("fault: crash_at_a_commit");
      if (dice_.Chance(500)) {
        machine_.Die();
        return SimDisk::Write::kFailed;
      }
      dies_after_commit_ = true;
      return SimDisk::Write::kDone;
    }
    for (const FaultKind kind : {FaultKind::kDiskFull, FaultKind::kDiskError}) {
      if (disk_bad_for_ > 0 || !trouble_[kind] || !dice_.Chance(trouble_.events / 4)) continue;
      disk_bad_for_ = dice_.Between(1, 30);
      disk_is_ = kind == FaultKind::kDiskFull ? SimDisk::Write::kFull : SimDisk::Write::kFailed;
      ++counts_[kind];
      log_.Add(absl::StrCat("fault: ", NameOf(kind)));
    }
    if (disk_bad_for_ == 0) return SimDisk::Write::kDone;
    --disk_bad_for_;
    return disk_is_;
  }

  void DieAfterCommit() {
    if (dies_after_commit_) machine_.Die();
    dies_after_commit_ = false;
  }

  Dice dice_;
  const std::string state_;
  const Way way_;
  const Trouble drawn_;
  const Trouble trouble_;
  const SimWorld::Lag lag_;
  EventLog log_;
  FaultCounts counts_;
  SimDisk disk_;
  SimRuntime runtime_;
  SimWorld world_;
  Witness witness_;
  Machine machine_;
  SimNetwork network_;
  std::optional<DaemonLife> life_;  // of a world of daemons
  double rate_ = 20;
  Facts begun_;
  std::string plan_;               // the last one
  std::optional<Plan> last_plan_;  // of peace
  bool links_recorded_ = false;    // of everybody
  int64_t processes_ = 0;
  int64_t disk_bad_for_ = 0;  // writes
  SimDisk::Write disk_is_ = SimDisk::Write::kFull;
  bool dies_after_commit_ = false;
};

}  // namespace

Verdict Simulate(uint64_t seed, const std::string& state, Kind kind, Site site) {
  const bool daemon =
      kind == Kind::kDrawn ? Dice(seed ^ kKindDice).Chance(kDaemons) : kind == Kind::kDaemon;
  const bool with_site =
      site == Site::kDrawn ? Dice(seed ^ kSiteDice).Chance(kSites) : site == Site::kWith;
  return Course(seed, state, Course::Way::kAsDrawn, daemon, with_site).Run(seed);
}

std::string Describe(const Verdict& verdict) {
  std::string text = absl::StrCat("seed ", verdict.seed, " failed:\n  ",
                                  absl::StrJoin(verdict.failures, "\n  "), "\nthe last events:\n");
  const size_t begin =
      verdict.log.size() > EventLog::kTail ? verdict.log.size() - EventLog::kTail : 0;
  for (size_t i = begin; i < verdict.log.size(); ++i) absl::StrAppend(&text, verdict.log[i], "\n");
  absl::StrAppend(&text, "again, with every event: simulate --from ", verdict.seed,
                  " --seeds 1 --kind ", verdict.daemon ? "daemon" : "commands", " --site ",
                  verdict.site ? "with" : "without", " --log\n");
  return text;
}

}  // namespace rollcall::simulation
