// deploy/rollcall.example.yaml: every key of the schema, with a comment, in a file that loads.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/config/yaml_document.h"
#include "rollcall/config/v1/config.pb.h"
#include "tests/deploy/deploy_file.h"

namespace rollcall {
namespace {

using config::YamlNode;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr char kExample[] = "deploy/rollcall.example.yaml";

const std::string& ScalarOf(const FieldDescriptor& field) {
  return field.options().GetExtension(config::v1::rule).scalar();
}

// A message with keys of its own.
const Descriptor* KeysBelow(const FieldDescriptor& field) {
  if (field.is_map() || field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return nullptr;
  const Descriptor* type = field.message_type();
  return type == google::protobuf::Duration::descriptor() ? nullptr : type;
}

// Every message that the file may hold.
void AddTypes(const Descriptor* type, std::set<const Descriptor*>* types) {
  if (!types->insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i) {
    if (const Descriptor* below = KeysBelow(*type->field(i))) AddTypes(below, types);
  }
}

std::set<const Descriptor*> AllTypes() {
  std::set<const Descriptor*> types;
  AddTypes(config::v1::Config::descriptor(), &types);
  return types;
}

// The lines on which each field of the schema stands, by the field's full name.
class UsedFields {
 public:
  explicit UsedFields(const YamlNode& root) { Walk(root, *config::v1::Config::descriptor()); }
  const std::map<std::string, std::vector<int>>& lines() const { return lines_; }

 private:
  void Walk(const YamlNode& node, const Descriptor& type) {
    if (node.kind != YamlNode::Kind::kMap) {
      ShortForm(node, type);
      return;
    }
    for (size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const YamlNode& key = node.items[i];
      const FieldDescriptor* field = type.FindFieldByName(key.text);
      if (field == nullptr) continue;  // the loader says so
      lines_[field->full_name()].push_back(key.line);
      const Descriptor* below = KeysBelow(*field);
      if (below == nullptr) continue;
      const YamlNode& value = node.items[i + 1];
      if (!field->is_repeated()) Walk(value, *below);
      for (size_t at = 0; field->is_repeated() && at < value.items.size(); ++at) {
        Walk(value.items[at], *below);
      }
    }
  }
  void ShortForm(const YamlNode& node, const Descriptor& type) {
    for (int i = 0; i < type.field_count(); ++i) {
      const std::string& scalar = ScalarOf(*type.field(i));
      if (scalar == "*" || (!scalar.empty() && scalar == node.text)) {
        lines_[type.field(i)->full_name()].push_back(node.line);
      }
    }
  }

  std::map<std::string, std::vector<int>> lines_;
};

const UsedFields& Used() {
  static const UsedFields* used = [] {
    YamlNode root;
    config::Problems problems(kExample);
    EXPECT_TRUE(config::ParseYaml(ReadSource(kExample), &root, &problems));
    return new UsedFields(root);
  }();
  return *used;
}

std::string EnumPrefix(const EnumDescriptor& type) {
  std::string prefix;
  for (const char c : type.name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return prefix + "_";
}

bool HoldsWord(const std::string& text, const std::string& word) {
  const auto is_part = [&](size_t at) {
    return at < text.size() &&
           (absl::ascii_isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_');
  };
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    if (!(at > 0 && is_part(at - 1)) && !is_part(at + word.size())) return true;
  }
  return false;
}

TEST(ExampleConfigTest, Loads) {
  const LoadedConfig& example = ExampleConfig();
  EXPECT_EQ(example.proto.directories_size(), 4);
}

TEST(ExampleConfigTest, HoldsEveryKeyOfTheSchema) {
  const std::set<const Descriptor*> types = AllTypes();
  EXPECT_GT(types.size(), 20u);
  for (const Descriptor* type : types) {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor& field = *type->field(i);
      if (ScalarOf(field) == "false") continue;  // told once for all guards
      EXPECT_TRUE(Used().lines().contains(field.full_name()))
          << kExample << " has no example of " << field.full_name();
    }
  }
}

TEST(ExampleConfigTest, SaysOfEveryKeyWhatItIs) {
  const std::vector<std::string> lines = LinesOf(ReadSource(kExample));
  const auto is_told = [&](int line) {
    const bool beside = absl::StrContains(lines[static_cast<size_t>(line) - 1], " # ");
    const size_t above = static_cast<size_t>(line) - 2;
    return beside || (line > 1 && absl::StartsWith(absl::StripAsciiWhitespace(lines[above]), "#"));
  };
  for (const auto& [field, places] : Used().lines()) {
    EXPECT_TRUE(std::any_of(places.begin(), places.end(), is_told))
        << kExample << ":" << places[0] << ": no comment says what " << field << " is";
  }
}

TEST(ExampleConfigTest, NamesEveryWordThatAKeyTakes) {
  const std::string text = ReadSource(kExample);
  for (const Descriptor* type : AllTypes()) {
    for (int i = 0; i < type->enum_type_count(); ++i) {
      const EnumDescriptor& words = *type->enum_type(i);
      for (int at = 1; at < words.value_count(); ++at) {
        const std::string name = absl::AsciiStrToLower(
            absl::StrCat(absl::StripPrefix(words.value(at)->name(), EnumPrefix(words))));
        EXPECT_TRUE(HoldsWord(text, name))
            << kExample << " does not name " << name << " of " << words.full_name();
      }
    }
  }
}

}  // namespace
}  // namespace rollcall
