// Users and groups as a SCIM server shows them.
#ifndef TESTS_TWINS_SCIM_RENDER_H_
#define TESTS_TWINS_SCIM_RENDER_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "tests/twins/scim_call.h"
#include "tests/twins/scim_reply.h"

namespace rollcall::twins {

// The parameters `attributes` and `excludedAttributes` of a request.
class Projection {
 public:
  explicit Projection(const ScimCall& call);

  // Both at once is an error (RFC 7644 section 3.9).
  std::optional<ScimError> Error() const;
  // Is it worth the work to render this attribute?
  bool Wants(const std::string& attribute) const;
  void Apply(nlohmann::json& resource) const;

 private:
  std::set<std::string> only_;     // lower case; empty: all
  std::set<std::string> without_;  // lower case
  bool drops_id_;
};

// One resource alone shows more than a list does, where quirks say so.
enum class Shown { kAlone, kInList };

nlohmann::json RenderUser(const ScimCall& call, const ScimUser& user, const Projection& wanted);
nlohmann::json RenderGroup(const ScimCall& call, const ScimGroup& group, const Projection& wanted,
                           Shown shown);

std::string UserLocation(const ScimCall& call, const std::string& id);
std::string GroupLocation(const ScimCall& call, const std::string& id);

// An error in the manner of the call's quirks.
TwinResponse Refuse(const ScimCall& call, const ScimError& error);
// A resource alone, with its ETag where the quirks have one. 201 gets a Location.
TwinResponse ResourceReply(const ScimCall& call, int status, const nlohmann::json& resource,
                           int64_t version, const std::string& location);

// W/"7" for version 7.
std::string Etag(int64_t version);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_RENDER_H_
