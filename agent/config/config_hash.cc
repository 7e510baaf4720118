#include "agent/config/config_hash.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "reconciler/base/fingerprint.h"

namespace rollcall::config {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void AddMessage(const Message& message, Fingerprint* out);

// Names and numbers are part of the hash, so that a renamed key cannot mean what the old one did.
void AddValue(const Message& message, const FieldDescriptor& field, int index, Fingerprint* out) {
  const auto* reflection = message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return AddMessage(index < 0 ? reflection->GetMessage(message, &field)
                                : reflection->GetRepeatedMessage(message, &field, index),
                      out);
  }
  std::string text;
  google::protobuf::TextFormat::PrintFieldValueToString(message, &field, index, &text);
  out->Add(text);
}

void AddMap(const Message& message, const FieldDescriptor& field, Fingerprint* out) {
  const auto* reflection = message.GetReflection();
  std::map<std::string, const Message*> sorted;
  for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
    const Message& entry = reflection->GetRepeatedMessage(message, &field, i);
    sorted[entry.GetReflection()->GetString(entry, field.message_type()->map_key())] = &entry;
  }
  out->Add(static_cast<int64_t>(sorted.size()));
  for (const auto& [key, entry] : sorted) {
    out->Add(key);
    AddValue(*entry, *field.message_type()->map_value(), -1, out);
  }
}

void AddMessage(const Message& message, Fingerprint* out) {
  std::vector<const FieldDescriptor*> fields;
  const auto* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);  // those that are set, by number
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
        field->message_type() == v1::Secret::descriptor()) {
      continue;
    }
    out->Add(field->name());
    if (field->is_map()) {
      AddMap(message, *field, out);
    } else if (field->is_repeated()) {
      const int size = reflection->FieldSize(message, field);
      out->Add(int64_t{size});
      for (int i = 0; i < size; ++i) AddValue(message, *field, i, out);
    } else {
      AddValue(message, *field, -1, out);
    }
  }
  out->Add("end");
}

}  // namespace

std::string ConfigHash(const v1::Config& config) {
  v1::Config shaping = config;
  shaping.clear_state();
  shaping.clear_schedules();
  shaping.clear_serve();
  Fingerprint fingerprint;
  fingerprint.Add("rollcall.config.v1");
  AddMessage(shaping, &fingerprint);
  return fingerprint.Hex();
}

}  // namespace rollcall::config
