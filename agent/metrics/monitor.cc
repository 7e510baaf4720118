#include "agent/metrics/monitor.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/metrics/health_page.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";

const DirectoryStatus* Find(const std::vector<DirectoryStatus>& all, const std::string& id) {
  for (const DirectoryStatus& status : all) {
    if (status.directory == id) return &status;
  }
  return nullptr;
}

bool IsWellIn(const std::vector<DirectoryStatus>& all, const std::string& id) {
  const DirectoryStatus* const status = Find(all, id);
  return status == nullptr || !status->failed.has_value();
}

// A directory that is no longer configured is nobody's concern; what concerns all is.
std::vector<DirectoryStatus> Configured(std::vector<DirectoryStatus> all,
                                        const std::vector<std::string>& directories) {
  std::erase_if(all, [&](const DirectoryStatus& status) {
    return !status.directory.empty() &&
           std::find(directories.begin(), directories.end(), status.directory) == directories.end();
  });
  return all;
}

}  // namespace

Monitor::Monitor(Store& store, Runtime& runtime, std::string version)
    : store_(store), runtime_(runtime), metrics_(std::move(version)) {
  const absl::Time now = runtime_.Now();
  MutexLock lock(mutex_);
  situation_.configured = now;
  situation_.moved = now;
}

absl::StatusOr<std::string> Monitor::Listen(const std::string& address, Sources sources) {
  sources_ = std::move(sources);
  PageServer::Pages pages;
  pages["/metrics"] = [this] { return Page{200, kMetricsType, metrics_.Text(Now())}; };
  pages["/healthz"] = [this] { return HealthPage(Now()); };
  pages["/readyz"] = [this] { return ReadinessPage(Now()); };
  ASSIGN_OR_RETURN(server_, PageServer::Open(address, std::move(pages)));
  return server_->address();
}

std::vector<Monitor::News> Monitor::Look(const std::vector<std::string>& directories) {
  wanted_.store(false, std::memory_order_release);
  for (const std::string& id : directories) metrics_.Expect(id);
  absl::StatusOr<std::vector<DirectoryStatus>> read = store_.directories().List();
  const absl::Time now = runtime_.Now();
  std::vector<News> news;
  MutexLock lock(mutex_);
  situation_.moved = now;
  const std::string trouble =
      read.ok() ? "" : std::string(absl::StatusCodeToString(read.status().code()));
  if (trouble.empty() != situation_.state_trouble.empty()) {
    news.push_back({"", read.ok(), std::string(read.status().message())});
  }
  situation_.state_trouble = trouble;
  if (!read.ok()) return news;
  for (const std::string& id : directories) {
    const bool well = IsWellIn(*read, id);
    if (well == IsWellIn(situation_.directories, id)) continue;
    news.push_back({id, well, well ? "" : Find(*read, id)->problem});
  }
  situation_.directories = Configured(*std::move(read), directories);
  return news;
}

bool Monitor::IsWell(const std::string& directory) const {
  MutexLock lock(mutex_);
  return IsWellIn(situation_.directories, directory);
}

void Monitor::HoldsSchedules(bool holds) {
  MutexLock lock(mutex_);
  situation_.schedules_held = holds;
}

void Monitor::Reloaded(bool successful) {
  const absl::Time now = runtime_.Now();
  MutexLock lock(mutex_);
  situation_.reload_successful = successful;
  if (successful) situation_.configured = now;
}

void Monitor::Stopping() {
  MutexLock lock(mutex_);
  situation_.stopping = true;
}

void Monitor::Cleaned(const StateSize& size) {
  MutexLock lock(mutex_);
  situation_.size = size;
}

void Monitor::PlanEnded(const Plan& plan, absl::Duration took) {
  metrics_.PlanEnded(plan, took);
  Want();
}

void Monitor::RunEnded(const Plan& plan, const RunRecord& run) {
  metrics_.RunEnded(plan, run);
  Want();
}

void Monitor::Want() {
  wanted_.store(true, std::memory_order_release);
  runtime_.Rouse();
}

Situation Monitor::Now() const {
  Situation situation;
  {
    MutexLock lock(mutex_);
    situation = situation_;
  }
  situation.now = runtime_.Now();
  situation.schedules = sources_.schedules();
  situation.runs_active = sources_.runs_active();
  return situation;
}

}  // namespace rollcall
