// Requester: for whom a plan or a run is: a caller of the service with the role that it had then,
// or a schedule. Empty: nobody asked the service for it. A value.
#ifndef AGENT_STORE_REQUESTER_H_
#define AGENT_STORE_REQUESTER_H_

#include <string>

namespace rollcall {

struct Requester {
  std::string name;
  std::string role;
  bool operator==(const Requester&) const = default;
};

}  // namespace rollcall

#endif  // AGENT_STORE_REQUESTER_H_
