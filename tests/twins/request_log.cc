#include "tests/twins/request_log.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

const char* NameOf(Delivery delivery) {
  switch (delivery) {
    case Delivery::kWhole:
      return "whole";
    case Delivery::kCut:
      return "cut";
    case Delivery::kNothing:
      return "nothing";
  }
  return "";
}

}  // namespace

void RequestLog::Record(const TwinRequest& request, const std::string& endpoint,
                        const TwinResponse& response, Reach reach) {
  ++total_;
  ++by_method_[request.method];
  ++by_endpoint_[absl::StrCat(request.method, " ", endpoint)];
  // A POST that searches changes nothing.
  if (request.method == "GET" || request.method == "HEAD" || absl::EndsWith(endpoint, "/search") ||
      absl::EndsWith(endpoint, "/get-scim-links-for-email")) {
    return;
  }
  ++writes_;
  if (log_.size() >= kMaxWrites) return;
  log_.push_back(
      {total_, request.method, request.target, response.status, response.delivery, reach});
}

int64_t RequestLog::Count(const std::string& method_and_endpoint) const {
  const auto found = by_endpoint_.find(method_and_endpoint);
  return found == by_endpoint_.end() ? 0 : found->second;
}

nlohmann::json RequestLog::Report() const {
  nlohmann::json report = {{"total", total_},
                           {"reads", reads()},
                           {"writes", writes_},
                           {"by_endpoint", by_endpoint_},
                           {"by_method", by_method_},
                           {"log", nlohmann::json::array()},
                           {"log_is_cut", writes_ > static_cast<int64_t>(log_.size())}};
  for (const Write& write : log_) {
    report["log"].push_back({{"seq", write.seq},
                             {"method", write.method},
                             {"path", write.target},
                             {"status", write.status},
                             {"delivered", NameOf(write.delivery)},
                             {"reached", write.reach == Reach::kTwin}});
  }
  return report;
}

}  // namespace rollcall::twins
