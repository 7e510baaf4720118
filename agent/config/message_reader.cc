#include "agent/config/message_reader.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>

#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/config/nearest_word.h"
#include "agent/config/scalars.h"
#include "rollcall/config/v1/config.pb.h"

namespace rollcall::config {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

const v1::KeyRule& RuleOf(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::rule);
}

bool IsSecret(const Message& message) {
  return message.GetDescriptor() == v1::Secret::descriptor();
}

// The field that one value in place of the mapping sets, or null. A quoted "false" is text.
const FieldDescriptor* ShortFormField(const Descriptor& type, const YamlNode& node) {
  const FieldDescriptor* any = nullptr;
  for (int i = 0; i < type.field_count(); ++i) {
    const std::string& scalar = RuleOf(*type.field(i)).scalar();
    const bool text_only = node.quoted && scalar == "false";
    if (scalar == node.text && !scalar.empty() && !text_only) return type.field(i);
    if (scalar == "*") any = type.field(i);
  }
  return any;
}

// Can `false` stand for the whole? Then `true` can too, and means the defaults.
bool IsSwitch(const Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (RuleOf(*type.field(i)).scalar() == "false") return true;
  }
  return false;
}

std::vector<std::string> KeysOf(const Descriptor& type) {
  std::vector<std::string> keys;
  for (int i = 0; i < type.field_count(); ++i) {
    if (RuleOf(*type.field(i)).scalar().empty()) keys.push_back(type.field(i)->name());
  }
  return keys;
}

// "a mapping with the keys floor, percent, count, or false".
std::string FormsOf(const Descriptor& type) {
  const std::vector<std::string> keys = KeysOf(type);
  std::vector<std::string> forms;
  if (!keys.empty()) {
    forms.push_back(absl::StrCat("a mapping with the keys ", absl::StrJoin(keys, ", ")));
  }
  for (int i = 0; i < type.field_count(); ++i) {
    const std::string& scalar = RuleOf(*type.field(i)).scalar();
    if (!scalar.empty()) forms.push_back(scalar == "*" ? "one value" : scalar);
  }
  return absl::StrJoin(forms, ", or ");
}

std::string Join(const std::string& path, const std::string& key) {
  return path.empty() ? key : absl::StrCat(path, ".", key);
}

bool IsDuration(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type() == google::protobuf::Duration::descriptor();
}

void StoreInteger(int64_t value, const FieldDescriptor& field, Message* message) {
  const Reflection* reflection = message->GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    reflection->SetInt32(message, &field, static_cast<int32_t>(value));
  } else {
    reflection->SetInt64(message, &field, value);
  }
}

void StoreDuration(absl::Duration value, const FieldDescriptor& field, Message* message) {
  auto* target = static_cast<google::protobuf::Duration*>(
      message->GetReflection()->MutableMessage(message, &field));
  const int64_t seconds = absl::IDivDuration(value, absl::Seconds(1), &value);
  target->set_seconds(seconds);
  target->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(value)));
}

// One scalar into a field that is no message of ours.
absl::Status StoreScalar(const YamlNode& node, const FieldDescriptor& field, Message* message) {
  const Reflection* reflection = message->GetReflection();
  const v1::KeyRule& rule = RuleOf(field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: {
      auto value = ParseTruth(node);
      if (value.ok()) reflection->SetBool(message, &field, *value);
      return value.status();
    }
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64: {
      auto value = ParseInteger(node, rule);
      if (value.ok()) StoreInteger(*value, field, message);
      return value.status();
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      auto value = ParseNumber(node);
      if (value.ok()) reflection->SetDouble(message, &field, *value);
      return value.status();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      auto value = ParseWord(node, *field.enum_type());
      if (!value.ok()) return value.status();
      if (field.is_repeated()) {
        reflection->AddEnumValue(message, &field, *value);
      } else {
        reflection->SetEnumValue(message, &field, *value);
      }
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      auto value = ParseText(node);
      if (!value.ok()) return value.status();
      // A list never holds an empty text: it would stand for "everything" or "nothing" somewhere.
      if (value->empty() && (rule.nonempty() || field.is_repeated())) {
        return absl::InvalidArgumentError("is empty; give it a value or leave it out");
      }
      if (field.is_repeated()) {
        reflection->AddString(message, &field, *value);
      } else {
        reflection->SetString(message, &field, *value);
      }
      return absl::OkStatus();
    }
    default:
      return absl::InternalError("the schema has a type that the reader does not know");
  }
}

}  // namespace

void MessageReader::Read(const YamlNode& node, const std::string& path, Message* message) {
  problems_->SetLine(path, node.line);
  switch (node.kind) {
    case YamlNode::Kind::kMap:
      return ReadKeys(node, path, message);
    case YamlNode::Kind::kScalar:
      return ReadShortForm(node, path, message);
    case YamlNode::Kind::kNull:
      return problems_->Add(
          node.line, path,
          absl::StrCat("has no value; expected ", FormsOf(*message->GetDescriptor()),
                       "; or leave the key out"));
    case YamlNode::Kind::kList:
      return problems_->Add(
          node.line, path,
          absl::StrCat("is a list; expected ", FormsOf(*message->GetDescriptor())));
  }
}

void MessageReader::ReadShortForm(const YamlNode& node, const std::string& path, Message* message) {
  if (IsSecret(*message)) {
    return problems_->Add(node.line, path,
                          "a secret is never written in plain text here; use {env: NAME}, "
                          "{file: PATH} or {exec: [COMMAND, …]}, and replace this one, since it "
                          "has stood in a file");
  }
  const Descriptor& type = *message->GetDescriptor();
  if (IsSwitch(type) && !node.quoted && node.text == "true") return;
  const FieldDescriptor* field = ShortFormField(type, node);
  if (field == nullptr) {
    return problems_->Add(node.line, path,
                          absl::StrCat("is ", Shown(node.text), "; expected ", FormsOf(type)));
  }
  if (RuleOf(*field).scalar() == "*") return ReadValue(node, path, *field, message);
  message->GetReflection()->SetBool(message, field, true);
}

void MessageReader::ReadKeys(const YamlNode& node, const std::string& path, Message* message) {
  const Descriptor& type = *message->GetDescriptor();
  if (IsSecret(*message) && node.items.empty()) {
    return problems_->Add(node.line, path, "needs exactly one of env, file, exec; add one");
  }
  std::map<std::string, int> seen;
  for (size_t i = 0; i + 1 < node.items.size(); i += 2) {
    const YamlNode& key = node.items[i];
    if (key.kind != YamlNode::Kind::kScalar) {
      problems_->Add(key.line, path, "a key that is not a word; write `name: value`");
      continue;
    }
    const FieldDescriptor* field = type.FindFieldByName(key.text);
    if (field == nullptr || !RuleOf(*field).scalar().empty()) {
      ReportUnknown(key, path, *message);
      continue;
    }
    const std::string full = Join(path, key.text);
    const auto [first, is_new] = seen.emplace(key.text, key.line);
    if (!is_new) {
      problems_->Add(key.line, full,
                     absl::StrCat("stands twice, first in line ", first->second, "; remove one"));
      continue;
    }
    problems_->SetLine(full, key.line);
    ReadField(node.items[i + 1], full, *field, message);
  }
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (RuleOf(*field).required() && !seen.contains(field->name())) {
      problems_->Add(node.line, Join(path, field->name()), "is missing; add it");
    }
  }
}

void MessageReader::ReadField(const YamlNode& node, const std::string& path, const Field& field,
                              Message* message) {
  if (field.is_map()) return ReadMapping(node, path, field, message);
  if (field.is_repeated()) return ReadList(node, path, field, message);
  const auto* oneof = field.real_containing_oneof();
  if (oneof != nullptr && message->GetReflection()->HasOneof(*message, oneof)) {
    const Field* other = message->GetReflection()->GetOneofFieldDescriptor(*message, oneof);
    return problems_->Add(node.line, path,
                          absl::StrCat("cannot stand beside ", other->name(), "; keep one"));
  }
  ReadValue(node, path, field, message);
}

void MessageReader::ReadList(const YamlNode& node, const std::string& path, const Field& field,
                             Message* message) {
  if (node.kind != YamlNode::Kind::kList) {
    return problems_->Add(node.line, path,
                          node.kind == YamlNode::Kind::kNull
                              ? "has no value; give it a list, or leave the key out"
                              : "is not a list; write [a, b], or one `- a` a line");
  }
  const v1::KeyRule& rule = RuleOf(field);
  if (node.items.empty() && rule.nonempty()) {
    problems_->Add(node.line, path, "is an empty list; leave the key out for its default");
  }
  if (rule.max_items() > 0 && node.items.size() > static_cast<size_t>(rule.max_items())) {
    return problems_->Add(
        node.line, path,
        absl::StrCat("has ", node.items.size(), " entries; the limit is ", rule.max_items()));
  }
  for (size_t i = 0; i < node.items.size(); ++i) {
    const std::string item = absl::StrCat(path, "[", i, "]");
    problems_->SetLine(item, node.items[i].line);
    ReadValue(node.items[i], item, field, message);
  }
}

void MessageReader::ReadMapping(const YamlNode& node, const std::string& path, const Field& field,
                                Message* message) {
  if (node.kind != YamlNode::Kind::kMap) {
    return problems_->Add(node.line, path, "is not a mapping; write {name: value}");
  }
  if (node.items.empty() && RuleOf(field).nonempty()) {
    problems_->Add(node.line, path, "is an empty mapping; leave the key out");
  }
  const Descriptor& entry_type = *field.message_type();
  std::map<std::string, int> seen;
  for (size_t i = 0; i + 1 < node.items.size(); i += 2) {
    const YamlNode& key = node.items[i];
    if (key.kind != YamlNode::Kind::kScalar || key.text.empty()) {
      problems_->Add(key.line, path, "a key that is not a word; write `name: value`");
      continue;
    }
    const std::string full = Join(path, key.text);
    problems_->SetLine(full, key.line);
    if (!seen.emplace(key.text, key.line).second) {
      problems_->Add(key.line, full, "stands twice; remove one");
      continue;
    }
    Message* entry = message->GetReflection()->AddMessage(message, &field);
    entry->GetReflection()->SetString(entry, entry_type.map_key(), key.text);
    ReadValue(node.items[i + 1], full, *entry_type.map_value(), entry);
  }
}

void MessageReader::ReadValue(const YamlNode& node, const std::string& path, const Field& field,
                              Message* message) {
  const Reflection* reflection = message->GetReflection();
  if (IsDuration(field)) {
    auto value = ParseSpan(node);
    if (!value.ok()) return problems_->Add(node.line, path, value.status().message());
    return StoreDuration(*value, field, message);
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return Read(node, path,
                field.is_repeated() ? reflection->AddMessage(message, &field)
                                    : reflection->MutableMessage(message, &field));
  }
  const absl::Status status = StoreScalar(node, field, message);
  if (status.ok()) return;
  // What stands where a secret's place is named may be the secret itself: never shown.
  problems_->Add(node.line, path,
                 IsSecret(*message) ? absl::string_view("is not what is expected; use {env: NAME}, "
                                                        "{file: PATH} or {exec: [COMMAND, …]}")
                                    : status.message());
}

void MessageReader::ReportUnknown(const YamlNode& key, const std::string& path,
                                  const Message& message) {
  if (IsSecret(message)) {
    return problems_->Add(key.line, path,
                          "an unknown key; use {env: NAME}, {file: PATH} or {exec: [COMMAND, …]}");
  }
  const std::vector<std::string> known = KeysOf(*message.GetDescriptor());
  const std::string nearest = NearestWord(key.text, known);
  const std::string cure = nearest.empty() ? absl::StrCat("known are ", absl::StrJoin(known, ", "))
                                           : absl::StrCat("did you mean ", nearest, "?");
  problems_->Add(key.line, path, absl::StrCat("unknown key ", Shown(key.text), "; ", cure));
}

}  // namespace rollcall::config
