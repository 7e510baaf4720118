#include "agent/render/unset_times.h"

#include <map>

#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/timestamp.pb.h"

namespace rollcall {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;

// The earliest time that there is, and a nanosecond.
constexpr int64_t kMarkSeconds = -62'135'596'800;
constexpr int32_t kMarkNanos = 1;
// Inside a string its first quote would be escaped, so that no text is taken for it.
constexpr char kMarked[] = ": \"0001-01-01T00:00:00.000000001Z\"";

bool IsTime(const FieldDescriptor& field) {
  return field.message_type() == Timestamp::descriptor() && !field.is_repeated();
}

// Which types may hold a time at all: changes, findings and outcomes do not, and are many.
class TimeHolders {
 public:
  bool Contains(const Descriptor* type) {
    if (type == nullptr || type == Timestamp::descriptor()) return false;
    const auto [known, is_new] = known_.emplace(type, false);
    if (!is_new) return known->second;  // false: also of a type within itself
    bool holds = false;
    for (int i = 0; i < type->field_count() && !holds; ++i) {
      holds = IsTime(*type->field(i)) || Contains(type->field(i)->message_type());
    }
    known_[type] = holds;
    return holds;
  }

 private:
  std::map<const Descriptor*, bool> known_;
};

bool AnyUnset(const Message& message, TimeHolders& holders) {
  const Reflection* reflection = message.GetReflection();
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (IsTime(*field)) {
      if (!reflection->HasField(message, field)) return true;
    } else if (holders.Contains(field->message_type())) {
      if (!field->is_repeated()) {
        // What is not set itself is printed as nothing at all.
        if (reflection->HasField(message, field) &&
            AnyUnset(reflection->GetMessage(message, field), holders)) {
          return true;
        }
        continue;
      }
      for (int n = 0; n < reflection->FieldSize(message, field); ++n) {
        if (AnyUnset(reflection->GetRepeatedMessage(message, field, n), holders)) return true;
      }
    }
  }
  return false;
}

void Mark(const FieldDescriptor* field, Message& message) {
  Timestamp mark;
  mark.set_seconds(kMarkSeconds);
  mark.set_nanos(kMarkNanos);
  message.GetReflection()->MutableMessage(&message, field)->CopyFrom(mark);
}

void MarkAll(Message& message, TimeHolders& holders) {
  const Reflection* reflection = message.GetReflection();
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (IsTime(*field)) {
      if (!reflection->HasField(message, field)) Mark(field, message);
    } else if (holders.Contains(field->message_type())) {
      if (!field->is_repeated()) {
        if (reflection->HasField(message, field)) {
          MarkAll(*reflection->MutableMessage(&message, field), holders);
        }
        continue;
      }
      for (int n = 0; n < reflection->FieldSize(message, field); ++n) {
        MarkAll(*reflection->MutableRepeatedMessage(&message, field, n), holders);
      }
    }
  }
}

}  // namespace

bool HasUnsetTimes(const Message& message) {
  TimeHolders holders;
  return AnyUnset(message, holders);
}

void MarkUnsetTimes(Message& message) {
  TimeHolders holders;
  MarkAll(message, holders);
}

std::string MarkedTimesToNull(const std::string& json) {
  return absl::StrReplaceAll(json, {{kMarked, ": null"}});
}

}  // namespace rollcall
