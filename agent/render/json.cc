#include "agent/render/json.h"

#include <memory>

#include "agent/render/unset_times.h"
#include "google/protobuf/util/json_util.h"

namespace rollcall {

std::string ToJson(const google::protobuf::Message& message) {
  if (HasUnsetTimes(message)) {
    const std::unique_ptr<google::protobuf::Message> marked(message.New());
    marked->CopyFrom(message);
    MarkUnsetTimes(*marked);
    return MarkedTimesToNull(ToJson(*marked));
  }
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  std::string result;
  // Fails only for messages of type Any or with a broken Timestamp, which we do not make; strings
  // that are not UTF-8 are replaced by the library.
  const auto status = google::protobuf::util::MessageToJsonString(message, &result, options);
  if (!status.ok()) return "{}\n";
  if (result.empty() || result.back() != '\n') result += '\n';
  return result;
}

}  // namespace rollcall
