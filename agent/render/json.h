// The JSON mapping of a message as Rollcall prints and saves it: every field, zeros and empty lists
// too and times that are not set as null, indented, fields in the order of the schema, one line end
// at the end. The same message gives the same bytes: a plan file is compared with what was stored.
// Any thread.
#ifndef AGENT_RENDER_JSON_H_
#define AGENT_RENDER_JSON_H_

#include <string>

#include "google/protobuf/message.h"

namespace rollcall {

std::string ToJson(const google::protobuf::Message& message);

}  // namespace rollcall

#endif  // AGENT_RENDER_JSON_H_
