#include "agent/service/observation.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/config/spans.h"
#include "agent/runs/refusal.h"
#include "clients/http/url.h"
#include "reconciler/base/version.h"

namespace rollcall {
namespace {

constexpr absl::Duration kUsualAge = absl::Hours(24 * 90);
constexpr int64_t kUsualPlans = 10'000;

// A plan that may still be applied is never old.
RetentionRule RuleOf(const LoadedConfig& config) {
  const config::v1::Retention& retention = config.proto.serve().retention();
  RetentionRule rule;
  rule.age = retention.has_age() ? config::ToSpan(retention.age()) : kUsualAge;
  rule.age = std::max(rule.age, config.spec.plan_max_age);
  rule.plans = retention.has_plans() ? retention.plans() : kUsualPlans;
  return rule;
}

bool IsReachable(const std::string& address) {
  const absl::StatusOr<Origin> origin =
      ParseOrigin(absl::StrCat("http://", address.substr(0, address.rfind(':'))));
  return !origin.ok() || !IsLoopback(*origin);
}

}  // namespace

Observation::Observation(Store& store, Runtime& runtime, Log& log)
    : log_(log),
      monitor_(store, runtime, kRollcallVersion),
      housekeeping_(store.file(), runtime,
                    [this](const absl::StatusOr<StateSize>& size, const Deletions& deleted) {
                      TellCleaned(size, deleted);
                    }) {}

absl::Status Observation::Start(const LoadedConfig& config, Monitor::Sources sources) {
  const std::string& address = config.proto.serve().metrics();
  if (address.empty()) return absl::OkStatus();
  const absl::StatusOr<std::string> where = monitor_.Listen(address, std::move(sources));
  if (!where.ok()) {
    return Refuse(
        ExitCode::kUsage,
        absl::StrCat(config.file, ": serve.metrics: ", std::string(where.status().message())));
  }
  address_ = *where;
  if (IsReachable(address)) {
    log_.Warn("whoever reaches the metrics may read them; see that only who should can",
              {{"address", *where}});
  }
  return absl::OkStatus();
}

void Observation::ComeRound(const LoadedConfig& config, bool holds_schedules, bool idle) {
  std::vector<std::string> directories;
  for (const DirectorySpec& spec : config.spec.directories) directories.push_back(spec.id);
  for (const Monitor::News& news : monitor_.Look(directories)) Tell(news);
  monitor_.HoldsSchedules(holds_schedules);
  if (holds_schedules && idle) housekeeping_.Tend(RuleOf(config));
}

void Observation::Tell(const Monitor::News& news) {
  if (news.directory.empty()) {
    if (news.well) return log_.Info("the state file answers again");
    return log_.Error("the state file does not answer", {{"error", news.problem}});
  }
  if (news.well) return log_.Info("the directory works again", {{"directory", news.directory}});
  log_.Warn("the directory cannot be used", {{"directory", news.directory}, {"why", news.problem}});
}

void Observation::TellCleaned(const absl::StatusOr<StateSize>& size, const Deletions& deleted) {
  monitor_.Deleted(deleted);
  if (!size.ok()) {
    log_.Warn("old plans and runs could not be deleted; tried again in an hour",
              {{"error", std::string(size.status().message())}});
    return;
  }
  monitor_.Cleaned(*size);
  log_.Info("retention", {{"plans", absl::StrCat(size->plans)},
                          {"runs", absl::StrCat(size->runs)},
                          {"bytes", absl::StrCat(size->bytes)},
                          {"deleted_plans", absl::StrCat(deleted.plans)},
                          {"deleted_runs", absl::StrCat(deleted.runs)}});
}

void Observation::Close() {
  housekeeping_.Close();
  monitor_.Close();
}

}  // namespace rollcall
