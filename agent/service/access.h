// Access: who may call what. Callers are known by a bearer token (only its SHA-256 is kept) or by a
// name of the certificate that they showed; each has one of three roles. Without configured callers
// whoever reaches the service may do everything: it listens on loopback or a unix socket then.
// Immutable; any thread.
//
// Errors: UNKNOWN_CALLER, ROLE_NOT_SUFFICIENT; they say nothing of what there is.
#ifndef AGENT_SERVICE_ACCESS_H_
#define AGENT_SERVICE_ACCESS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/store/requester.h"
#include "rollcall/config/v1/config.pb.h"

namespace rollcall {

enum class Role : uint8_t { kViewer, kPlanner, kOperator };
const char* RoleName(Role role);  // "viewer", …

// What a caller showed.
struct Credentials {
  std::string authorization;              // the header's value; empty: none
  std::vector<std::string> certificates;  // names of a certificate that was checked
};

class Access {
 public:
  explicit Access(const config::v1::Serve& serve);

  // Who it is, if the role allows what needs `needed`.
  absl::StatusOr<Requester> Admit(const Credentials& shown, Role needed) const;

 private:
  struct Caller {
    std::string name;
    Role role = Role::kViewer;
  };
  const Caller* Find(const Credentials& shown) const;

  const bool open_;
  std::map<std::string, Caller> by_token_;  // SHA-256
  std::map<std::string, Caller> by_certificate_;
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_ACCESS_H_
