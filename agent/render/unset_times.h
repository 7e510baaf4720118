// Times of a message that are not set. The JSON mapping leaves them out, and Rollcall promises that
// every field is printed: they are marked in a copy with a time that nothing else has, and what is
// printed of them gives way to null. Pure functions, any thread.
#ifndef AGENT_RENDER_UNSET_TIMES_H_
#define AGENT_RENDER_UNSET_TIMES_H_

#include <string>

#include "google/protobuf/message.h"

namespace rollcall {

// Is there a Timestamp, in the message or in one that it holds, that is not set?
bool HasUnsetTimes(const google::protobuf::Message& message);

void MarkUnsetTimes(google::protobuf::Message& message);

// In the JSON (with one blank behind colons) of a marked message.
std::string MarkedTimesToNull(const std::string& json);

}  // namespace rollcall

#endif  // AGENT_RENDER_UNSET_TIMES_H_
