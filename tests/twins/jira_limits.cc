#include "tests/twins/jira_limits.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/twins/jira_reply.h"
#include "tests/twins/retry_headers.h"

namespace rollcall::twins {
namespace {

constexpr double kNearShare = 0.2;
constexpr absl::Duration kQuotaWait = absl::Seconds(1847);
constexpr int64_t kQuota = 100'000;
constexpr int64_t kEdgeLimit = 360'000;
constexpr int64_t kExampleLimit = 350;  // of the documented answer that little is left
constexpr int64_t kExampleLeft = 20;

TwinResponse TooMany(TwinHeaders headers) {
  TwinResponse response = JiraRefuse(429, "Rate limit exceeded");
  for (auto& header : headers) response.headers.push_back(std::move(header));
  return response;
}

TwinResponse EdgeTooMany() {
  TwinResponse response = JiraEmpty(429);
  response.headers = {{"X-Failure-Category", "FAILURE CLIENT RATE LIMITED"},
                      {"X-Ratelimit-Limit", absl::StrCat(kEdgeLimit)}};
  return response;
}

TwinResponse BurstTooMany(const JiraCall& call, absl::Duration wait) {
  const bool quota = call.Has(JiraQuirk::kQuota429);
  if (quota) wait = kQuotaWait;
  TwinHeaders headers = RetryHeaders(RetryStyle::kSeconds, wait, call.now);
  for (auto& header : RetryHeaders(RetryStyle::kResetIso, wait, call.now)) {
    headers.push_back(std::move(header));
  }
  headers.emplace_back("X-RateLimit-Limit", absl::StrCat(quota ? kQuota : call.options.rate_limit));
  headers.emplace_back("X-RateLimit-Remaining", "0");
  headers.emplace_back("RateLimit-Reason", quota ? "jira-quota-global-based" : "jira-burst-based");
  return TooMany(std::move(headers));
}

void TellWhatIsLeft(const JiraCall& call, double left, TwinHeaders& headers) {
  const double limit = static_cast<double>(call.options.rate_limit);
  headers.emplace_back("X-RateLimit-Limit", absl::StrCat(call.options.rate_limit));
  headers.emplace_back("X-RateLimit-Remaining", absl::StrCat(static_cast<int64_t>(left)));
  if (left < limit * kNearShare) headers.emplace_back("X-RateLimit-NearLimit", "true");
}

bool IsUserSearch(const JiraCall& call) {
  return call.IsGet() && call.path.size() == 5 && call.path[3] == "user" &&
         call.path[4] == "search";
}

}  // namespace

std::optional<TwinResponse> JiraLimits::Take(const JiraCall& call, TwinHeaders& headers) {
  if (call.Has(JiraQuirk::kQuotaHeaders)) {
    headers.emplace_back("Beta-RateLimit-Policy", "\"global-app-quota\";q=65000;w=3600");
    headers.emplace_back("Beta-RateLimit", "\"global-app-quota\";r=13000;t=600");
  }
  if (auto refusal = TakeFromSearch(call)) return refusal;
  const bool edge = call.Has(JiraQuirk::kEdge429);
  if (call.options.rate_limit > 0) {
    TokenBucket& bucket =
        by_method_.try_emplace(call.request.method, static_cast<double>(call.options.rate_limit))
            .first->second;
    const absl::Duration wait = bucket.Take(call.now);
    if (wait > absl::ZeroDuration()) return edge ? EdgeTooMany() : BurstTooMany(call, wait);
    TellWhatIsLeft(call, bucket.Left(), headers);
  } else if (edge) {
    return EdgeTooMany();
  } else if (call.Has(JiraQuirk::kNearLimit)) {
    headers.emplace_back("X-RateLimit-Limit", absl::StrCat(kExampleLimit));
    headers.emplace_back("X-RateLimit-Remaining", absl::StrCat(kExampleLeft));
    headers.emplace_back("X-RateLimit-NearLimit", "true");
  }
  return std::nullopt;
}

// The limit of the tenant's searches, whose number nobody publishes: Retry-After alone.
std::optional<TwinResponse> JiraLimits::TakeFromSearch(const JiraCall& call) {
  if (!IsUserSearch(call)) return std::nullopt;
  absl::Duration wait = absl::ZeroDuration();
  if (call.Has(JiraQuirk::kSearchLimit)) {
    wait = absl::Seconds(1);
  } else if (call.options.search_rate > 0) {
    if (!search_.has_value()) search_.emplace(static_cast<double>(call.options.search_rate));
    wait = search_->Take(call.now);
  }
  if (wait == absl::ZeroDuration()) return std::nullopt;
  return TooMany(RetryHeaders(RetryStyle::kSeconds, wait, call.now));
}

}  // namespace rollcall::twins
