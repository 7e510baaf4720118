#include "clients/http/stack.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/http/observe.h"
#include "clients/http/pace.h"
#include "clients/http/rate_limit.h"
#include "clients/http/redirect.h"
#include "clients/http/retry.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

class LayeredStack final : public HttpStack {
 public:
  LayeredStack(const StackOptions& options, const Origin& origin, Runtime& runtime,
               Progress& progress, std::unique_ptr<HttpClient> owned, HttpClient& transport)
      : owned_(std::move(owned)),
        counters_(options.directory, options.observer),
        pace_({options.directory, options.requests_per_second, options.burst}, runtime, progress,
              counters_),
        observe_(transport, counters_),
        rate_limit_(observe_, pace_),
        redirect_(rate_limit_),
        retry_(redirect_, options.retry, options.backoff, runtime, pace_),
        auth_(retry_, options.auth, origin) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override {
    return auth_.Send(request, context);
  }
  int64_t requests_sent() const override { return counters_.sent(); }
  const RequestCounters& counters() const override { return counters_; }

 private:
  std::unique_ptr<HttpClient> owned_;  // the transport, unless it was handed in
  RequestCounters counters_;
  Pace pace_;
  ObserveClient observe_;
  RateLimitClient rate_limit_;
  RedirectClient redirect_;
  RetryClient retry_;
  AuthClient auth_;
};

absl::Status CheckNumbers(const StackOptions& options) {
  if (!(options.requests_per_second > 0) || options.requests_per_second > kMaxRate) {
    return absl::InvalidArgumentError(absl::StrCat("rate: ", options.requests_per_second,
                                                   " is not above 0 and at most ", kMaxRate));
  }
  if (options.burst < 1 || options.burst > kMaxBurst) {
    return absl::InvalidArgumentError(
        absl::StrCat("burst: ", options.burst, " is not from 1 to ", kMaxBurst));
  }
  if (options.transport.timeout < absl::Milliseconds(1) ||
      options.transport.connect_timeout < absl::Milliseconds(1)) {
    return absl::InvalidArgumentError("timeout: it must be at least 1ms");
  }
  if (options.retry.max_attempts < 1) {
    return absl::InvalidArgumentError("retry: at least one attempt is needed");
  }
  return absl::OkStatus();
}

absl::StatusOr<Origin> CheckOptions(const StackOptions& options) {
  const absl::StatusOr<Origin> origin = ParseOrigin(options.base_url);
  if (!origin.ok()) return Annotate(origin.status(), "url");
  RETURN_IF_ERROR(Annotate(CheckClearText(*origin, options.transport), "url"));
  if (options.auth.scheme != AuthScheme::kNone && !options.auth.secret) {
    return absl::InvalidArgumentError("no secret is configured");
  }
  RETURN_IF_ERROR(CheckNumbers(options));
  return origin;
}

absl::StatusOr<std::unique_ptr<HttpStack>> Build(const StackOptions& options, Runtime& runtime,
                                                 Progress& progress,
                                                 std::unique_ptr<HttpClient> owned,
                                                 HttpClient& transport) {
  const absl::StatusOr<Origin> origin = CheckOptions(options);
  if (!origin.ok()) {
    return Annotate(origin.status(), absl::StrCat("directory \"", options.directory, "\""));
  }
  return std::make_unique<LayeredStack>(options, *origin, runtime, progress, std::move(owned),
                                        transport);
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpStack>> BuildHttpStack(const StackOptions& options,
                                                          Runtime& runtime, Progress& progress) {
  std::unique_ptr<HttpClient> curl = MakeCurlClient(options.transport, runtime);
  HttpClient& transport = *curl;
  return Build(options, runtime, progress, std::move(curl), transport);
}

absl::StatusOr<std::unique_ptr<HttpStack>> BuildHttpStack(const StackOptions& options,
                                                          Runtime& runtime, Progress& progress,
                                                          HttpClient& transport) {
  return Build(options, runtime, progress, nullptr, transport);
}

}  // namespace rollcall
