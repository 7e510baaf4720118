#include "tests/twins/rehearsal.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/twins/world_json.h"

namespace rollcall::twins {
namespace {

TwinResponse NotFound() {
  TwinResponse response;
  response.status = 404;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"}};
  response.body = "<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>\n";
  return response;
}

TwinResponse JsonAnswer(const nlohmann::json& body) {
  TwinResponse response;
  response.headers = {{"Content-Type", "application/json"}};
  response.body =
      absl::StrCat(body.dump(1, ' ', false, nlohmann::json::error_handler_t::replace), "\n");
  return response;
}

std::string PathOf(const std::string& target) { return target.substr(0, target.find('?')); }

bool IsBelow(const std::string& path, const std::string& base) {
  return absl::StartsWith(path, base) && (path.size() == base.size() || path[base.size()] == '/');
}

// "/scim/v2/Users/4711" below "/scim/v2" is "/Users/{id}".
std::string EndpointOf(const std::string& path, const std::string& base) {
  const std::vector<std::string> parts =
      absl::StrSplit(path.substr(base.size()), '/', absl::SkipEmpty());
  if (parts.empty()) return "/";
  return absl::StrCat("/", parts[0], parts.size() > 1 ? "/{id}" : "");
}

void Retype(const std::string& content_type, TwinHeaders& headers) {
  if (content_type.empty()) return;
  std::erase_if(headers, [](const auto& header) {
    return absl::EqualsIgnoreCase(header.first, "Content-Type");
  });
  headers.emplace_back("Content-Type", content_type);
}

}  // namespace

Rehearsal::Rehearsal(const World* world, RehearsalOptions options, TwinClock clock)
    : world_(*world), options_(options), clock_(std::move(clock)) {
  if (options_.rate > 0) bucket_.emplace(options_.rate);
}

void Rehearsal::Mount(const std::string& base_path, std::unique_ptr<Twin> twin) {
  stages_.push_back({base_path, std::move(twin)});
}

const Rehearsal::Stage* Rehearsal::FindStage(const std::string& path) const {
  const Stage* best = nullptr;
  for (const Stage& stage : stages_) {
    if (!IsBelow(path, stage.base_path)) continue;
    if (best == nullptr || stage.base_path.size() > best->base_path.size()) best = &stage;
  }
  return best;
}

TwinResponse Rehearsal::Handle(const TwinRequest& request) {
  const std::string path = PathOf(request.target);
  if (IsBelow(path, "/_twin")) return Inspect(path);
  const Stage* stage = FindStage(path);
  Reach reach = Reach::kStopped;
  TwinResponse response = Perform(request, stage, reach);
  response.delay += options_.latency;
  std::string endpoint = "elsewhere";
  if (stage != nullptr) endpoint = stage->twin->Endpoint(path.substr(stage->base_path.size()));
  if (endpoint.empty()) endpoint = EndpointOf(path, stage->base_path);
  log_.Record(request, endpoint, response, reach);
  return response;
}

TwinResponse Rehearsal::Inspect(const std::string& path) const {
  if (path == "/_twin/requests") return JsonAnswer(Account());
  if (path == "/_twin/world") return JsonAnswer(WorldToJson(world_));
  if (path == "/_twin/faults") return JsonAnswer(faults_.Report());
  return NotFound();
}

nlohmann::json Rehearsal::Account() const {
  nlohmann::json account = log_.Report();
  for (const Stage& stage : stages_) {
    const std::map<std::string, int64_t> counters = stage.twin->Counters();
    if (!counters.empty()) account["counters"][stage.base_path] = counters;
  }
  return account;
}

std::optional<TwinResponse> Rehearsal::LimitRate() {
  if (!bucket_.has_value()) return std::nullopt;
  const absl::Time now = clock_();
  const absl::Duration wait = bucket_->Take(now);
  if (wait == absl::ZeroDuration()) return std::nullopt;
  TwinResponse response;
  response.status = 429;
  response.headers = RetryHeaders(options_.retry_style, wait, now);
  if (options_.retry_style != RetryStyle::kNone) {
    response.headers.emplace_back("X-RateLimit-Limit", absl::StrCat(options_.rate));
    response.headers.emplace_back("X-RateLimit-Remaining", "0");
  }
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = R"({"code":429,"message":"Too many requests"})";
  return response;
}

TwinResponse Rehearsal::Perform(const TwinRequest& request, const Stage* stage, Reach& reach) {
  if (std::optional<TwinResponse> limited = LimitRate()) return *std::move(limited);
  if (const FaultEffect* effect = faults_.Next(request)) {
    return Strike(*effect, request, stage, reach);
  }
  if (stage == nullptr) return NotFound();
  reach = Reach::kTwin;
  return stage->twin->Handle(request);
}

TwinResponse Rehearsal::Strike(const FaultEffect& effect, const TwinRequest& request,
                               const Stage* stage, Reach& reach) {
  using Kind = FaultEffect::Kind;
  TwinResponse response;
  const bool stopped =
      effect.kind == Kind::kDropBefore || (effect.kind == Kind::kAnswer && !effect.applied);
  if (!stopped && stage == nullptr) return NotFound();
  if (!stopped) {
    TwinRequest passed = request;
    if (effect.kind == Kind::kNoop) passed.writes = Writes::kDiscarded;
    reach = Reach::kTwin;
    response = stage->twin->Handle(passed);
  }
  if (effect.kind == Kind::kAnswer) {
    response = TwinResponse();
    response.status = effect.status;
    response.body = effect.body;
  }
  if (effect.kind == Kind::kDropBefore || effect.kind == Kind::kDropAfter) {
    response.delivery = Delivery::kNothing;
  }
  if (effect.kind == Kind::kCutBody) {
    response.delivery = Delivery::kCut;
    response.cut_after = std::min(effect.cut_after, response.body.size());
  }
  for (const auto& header : effect.headers) response.headers.push_back(header);
  if (effect.retry_after.has_value()) {
    for (auto& header : RetryHeaders(effect.retry_style, *effect.retry_after, clock_())) {
      response.headers.push_back(std::move(header));
    }
  }
  Retype(effect.content_type, response.headers);
  response.delay += effect.delay;
  return response;
}

}  // namespace rollcall::twins
