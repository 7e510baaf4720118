// The endpoints of a Crowd twin, by the first segment below the API's root. Each answers what it
// does not know with 404 or 405 of the framework.
#ifndef TESTS_TWINS_CROWD_ENDPOINTS_H_
#define TESTS_TWINS_CROWD_ENDPOINTS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "tests/twins/crowd_call.h"

namespace rollcall::twins {

TwinResponse HandleCrowdUser(const CrowdCall& call);            // /user…
TwinResponse HandleCrowdGroup(const CrowdCall& call);           // /group…
TwinResponse HandleCrowdMemberships(const CrowdCall& call);     // …/direct and …/nested
TwinResponse HandleCrowdAllMemberships(const CrowdCall& call);  // /group/membership
TwinResponse HandleCrowdSearch(const CrowdCall& call);          // /search
TwinResponse HandleCrowdEvents(const CrowdCall& call);          // /event…
TwinResponse HandleCrowdSession(const CrowdCall& call);         // /session…
TwinResponse HandleCrowdAuthentication(const CrowdCall& call);  // /authentication
TwinResponse HandleCrowdConfig(const CrowdCall& call);          // /config…

TwinResponse CrowdNoSuchEndpoint(const CrowdCall& call);
TwinResponse CrowdNoSuchMethod(const CrowdCall& call);

// The directory of the application that can be written: `seen` comes from call.Current().
CrowdDirectory& CrowdWritable(const CrowdCall& call, const CrowdDirectory* seen);

// GET, POST and DELETE of custom attributes of one user or group.
TwinResponse HandleCrowdAttributes(const CrowdCall& call, CrowdAttributes& attributes,
                                   const CrowdAttributes& seen, bool allowed,
                                   CrowdOperation operation, const std::string& href);

// `event` is {"type": "userEvent", …}.
void RecordCrowdEvent(const CrowdCall& call, nlohmann::json event);
// Of a user or group: CREATED, UPDATED, DELETED.
void RecordCrowdEntity(const CrowdCall& call, const char* entity, const std::string& name,
                       const char* operation);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_ENDPOINTS_H_
