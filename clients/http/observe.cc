#include "clients/http/observe.h"

namespace rollcall {

absl::StatusOr<HttpResponse> ObserveClient::Send(const HttpRequest& request,
                                                 const CallContext& context) {
  absl::StatusOr<HttpResponse> result = next_.Send(request, context);
  counters_.Record(request, result);
  return result;
}

}  // namespace rollcall
