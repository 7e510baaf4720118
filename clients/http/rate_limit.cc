#include "clients/http/rate_limit.h"

#include "clients/http/endpoint_label.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::StatusOr<HttpResponse> RateLimitClient::Send(const HttpRequest& request,
                                                   const CallContext& context) {
  RETURN_IF_ERROR(Annotate(pace_.AwaitTurn(context), EndpointLabel(request)));
  return next_.Send(request, context);
}

}  // namespace rollcall
