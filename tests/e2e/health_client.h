// Asks the standard health service (grpc.health.v1.Health) of an agent on a unix socket.
#ifndef TESTS_E2E_HEALTH_CLIENT_H_
#define TESTS_E2E_HEALTH_CLIENT_H_

#include <string>

namespace rollcall {

// "SERVING", "NOT_SERVING", or the name of the error: "NOT_FOUND" for a service that is not known.
std::string HealthOf(const std::string& socket, const std::string& service);

}  // namespace rollcall

#endif  // TESTS_E2E_HEALTH_CLIENT_H_
