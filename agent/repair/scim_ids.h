// What an organisation calls the SCIM directories that are configured: their addresses say it
// (https://api.atlassian.com/scim/directory/ID). Pure functions, any thread.
#ifndef AGENT_REPAIR_SCIM_IDS_H_
#define AGENT_REPAIR_SCIM_IDS_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "rollcall/config/v1/config.pb.h"

namespace rollcall {

// Empty where the address is no such one.
std::string ScimIdIn(absl::string_view url);

// By the configuration's id; only of those whose address says it.
std::map<std::string, std::string> ScimIdsOf(const config::v1::Config& config);

}  // namespace rollcall

#endif  // AGENT_REPAIR_SCIM_IDS_H_
