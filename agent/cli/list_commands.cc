// `rollcall plans`, `rollcall runs` and `rollcall schedules`.
#include <memory>
#include <string>

#include "agent/cli/list_flags.h"

namespace rollcall {
namespace {

constexpr int64_t kMaxListed = 1'000'000;

struct ListCommand {
  const char* name;
  const char* help;
  const char* example;
  ListAction here;
  ListAction on_server;
};

class ListDeclarer {
 public:
  ListDeclarer(CommandLine& line, std::shared_ptr<ListFlags> flags)
      : line_(line), flags_(std::move(flags)) {}

  CLI::App* Declare(CLI::App& parent, const ListCommand& what) {
    CLI::App* command = parent.add_subcommand(what.name, what.help);
    AddFormat(*command, line_.console, {"text", "json", "markdown", "html"});
    command->footer(std::string("Example:\n  rollcall ") + what.example);
    command->callback([flags = flags_, what, &line = line_] {
      line.chosen = [=, &line] { return what.here(*flags, line); };
      line.chosen_remote = [=, &line] { return what.on_server(*flags, line); };
    });
    return command;
  }

  void DeclareList(CLI::App& parent, const ListCommand& what) {
    Declare(parent, what)
        ->add_option("--limit", flags_->limit, "How many")
        ->check(CLI::Range(int64_t{1}, kMaxListed))
        ->capture_default_str();
  }

  CLI::App* DeclareOne(CLI::App& parent, const char* kind, const ListCommand& what) {
    CLI::App* command = Declare(parent, what);
    command->add_option(kind, flags_->name, "Its id")->required()->check(NotEmpty());
    return command;
  }

  void AddAll(CLI::App& command, const char* help) { command.add_flag("--all", flags_->all, help); }

 private:
  CommandLine& line_;
  const std::shared_ptr<ListFlags> flags_;
};

}  // namespace

void AddRunsAndPlans(CLI::App& app, CommandLine& line) {
  auto flags = std::make_shared<ListFlags>();
  ListDeclarer declarer(line, flags);
  constexpr char kAllOutcomes[] = "Show every outcome, not the first 50 of each";
  CLI::App* runs = app.add_subcommand("runs", "What was applied, here or by a running agent");
  runs->require_subcommand(1);
  runs->footer("Example:\n  rollcall runs list --server 127.0.0.1:8441");
  declarer.DeclareList(*runs, {"list", "The newest runs, newest first", "runs list --limit 5",
                               ListRunsHere, ListRunsOnServer});
  declarer.AddAll(
      *declarer.DeclareOne(*runs, "RUN",
                           {"show", "One run with its outcomes", "runs show r-0123456789abcdef",
                            ShowRunHere, ShowRunOnServer}),
      kAllOutcomes);
  declarer.AddAll(
      *declarer.DeclareOne(*runs, "RUN",
                           {"watch", "Shows how far a run is, and its outcomes at its end",
                            "runs watch r-0123456789abcdef --server 127.0.0.1:8441", WatchRunHere,
                            WatchRunOnServer}),
      kAllOutcomes);
  CLI::App* cancel = declarer.DeclareOne(
      *runs, "RUN",
      {"cancel", "Stops a run after what is in flight; what is open is for a new plan",
       "runs cancel r-0123456789abcdef --server 127.0.0.1:8441 --reason \"wrong export\"",
       CancelRunHere, CancelRunOnServer});
  cancel->add_option("--reason", flags->reason, "Why, for the record")
      ->check(NotEmpty())
      ->type_name("TEXT");
  CLI::App* plans = app.add_subcommand("plans", "What was planned, here or by a running agent");
  plans->require_subcommand(1);
  plans->footer("Example:\n  rollcall plans list --server 127.0.0.1:8441");
  declarer.DeclareList(*plans, {"list", "The newest plans, newest first", "plans list --limit 5",
                                ListPlansHere, ListPlansOnServer});
  declarer.AddAll(
      *declarer.DeclareOne(*plans, "PLAN",
                           {"show", "One plan with its changes", "plans show p-0123456789abcdef",
                            ShowPlanHere, ShowPlanOnServer}),
      "Show every change and finding, not the first 50 of each");
  declarer.Declare(app,
                   {"schedules", "The configured schedules: last and next starts, and trouble",
                    "schedules --server 127.0.0.1:8441", ListSchedulesHere, ListSchedulesOnServer});
}

}  // namespace rollcall
