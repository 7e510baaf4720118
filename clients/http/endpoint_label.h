// How messages and counters call a request: its endpoint's short name, never its URL, whose query
// may hold what must not be logged.
#ifndef CLIENTS_HTTP_ENDPOINT_LABEL_H_
#define CLIENTS_HTTP_ENDPOINT_LABEL_H_

#include <string>

#include "clients/http/message.h"

namespace rollcall {

inline const std::string& EndpointLabel(const HttpRequest& request) {
  return request.endpoint.empty() ? request.method : request.endpoint;
}

}  // namespace rollcall

#endif  // CLIENTS_HTTP_ENDPOINT_LABEL_H_
