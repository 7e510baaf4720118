// The public protos are a contract: what every element must have, checked on the descriptors.
#include <gmock/gmock.h>
#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

using ::testing::IsEmpty;
namespace pb = google::protobuf;

class Errors final : public pb::compiler::MultiFileErrorCollector {
 public:
  void AddError(const std::string& file, int line, int, const std::string& message) override {
    ADD_FAILURE() << file << ":" << line + 1 << ": " << message;
  }
};

// What a visitor is shown: each element with its full name and its comment.
struct Element {
  std::string name;
  std::string comment;
};

class ProtoLintTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path root = std::filesystem::path(ROLLCALL_SOURCE_DIR) / "proto";
    tree_.MapPath("", root.string());
    tree_.MapPath("", "/usr/include");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".proto") continue;
      // The configuration's schema is read by people, in one piece.
      if (absl::StrContains(entry.path().string(), "rollcall/config")) continue;
      const pb::FileDescriptor* const file =
          importer_.Import(std::filesystem::relative(entry.path(), root).string());
      ASSERT_NE(file, nullptr) << entry.path();
      files_.push_back(file);
    }
    ASSERT_GT(files_.size(), 3u);
  }

  template <typename Descriptor>
  void Add(const Descriptor& descriptor) {
    pb::SourceLocation place;
    std::string comment;
    if (descriptor.GetSourceLocation(&place)) {
      comment = absl::StrCat(place.leading_comments, place.trailing_comments);
    }
    elements_.push_back({descriptor.full_name(), comment});
  }

  void AddEnum(const pb::EnumDescriptor& type) {
    Add(type);
    enums_.push_back(&type);
    for (int i = 0; i < type.value_count(); ++i) {
      // The zero that every enumeration begins with means the same everywhere.
      if (!absl::EndsWith(type.value(i)->name(), "_UNSPECIFIED")) Add(*type.value(i));
    }
  }

  void AddMessage(const pb::Descriptor& message) {
    if (message.options().map_entry()) return;
    Add(message);
    for (int i = 0; i < message.field_count(); ++i) {
      Add(*message.field(i));
      fields_.push_back(message.field(i));
    }
    for (int i = 0; i < message.enum_type_count(); ++i) AddEnum(*message.enum_type(i));
    for (int i = 0; i < message.nested_type_count(); ++i) AddMessage(*message.nested_type(i));
  }

  void Walk() {
    for (const pb::FileDescriptor* file : files_) {
      for (int i = 0; i < file->message_type_count(); ++i) AddMessage(*file->message_type(i));
      for (int i = 0; i < file->enum_type_count(); ++i) AddEnum(*file->enum_type(i));
      for (int i = 0; i < file->service_count(); ++i) {
        const pb::ServiceDescriptor& service = *file->service(i);
        Add(service);
        for (int m = 0; m < service.method_count(); ++m) {
          Add(*service.method(m));
          methods_.push_back(service.method(m));
        }
      }
    }
  }

  pb::compiler::DiskSourceTree tree_;
  Errors errors_;
  pb::compiler::Importer importer_{&tree_, &errors_};
  std::vector<const pb::FileDescriptor*> files_;
  std::vector<Element> elements_;
  std::vector<const pb::FieldDescriptor*> fields_;
  std::vector<const pb::EnumDescriptor*> enums_;
  std::vector<const pb::MethodDescriptor*> methods_;
};

TEST_F(ProtoLintTest, EveryElementSaysWhatItIs) {
  Walk();
  std::vector<std::string> silent;
  for (const Element& element : elements_) {
    if (absl::StripAsciiWhitespace(element.comment).empty()) silent.push_back(element.name);
  }
  EXPECT_GT(elements_.size(), 250u);
  EXPECT_THAT(silent, IsEmpty());
}

TEST_F(ProtoLintTest, NamesAreWrittenAsTheGuideSays) {
  Walk();
  for (const pb::FieldDescriptor* field : fields_) {
    EXPECT_EQ(field->name(), absl::AsciiStrToLower(field->name())) << field->full_name();
  }
  for (const pb::EnumDescriptor* type : enums_) {
    EXPECT_TRUE(absl::EndsWith(type->value(0)->name(), "_UNSPECIFIED")) << type->full_name();
    EXPECT_EQ(type->value(0)->number(), 0) << type->full_name();
  }
}

TEST_F(ProtoLintTest, EachMethodHasMessagesOfItsOwnAndListsHavePages) {
  Walk();
  EXPECT_EQ(methods_.size(), 19u);
  for (const pb::MethodDescriptor* method : methods_) {
    EXPECT_EQ(method->input_type()->name(), method->name() + "Request");
    const pb::Descriptor& answer = *method->output_type();
    const bool list = absl::StartsWith(method->name(), "List");
    if (list) {
      EXPECT_EQ(answer.name(), method->name() + "Response");
    }
    // What is configured is small and comes whole.
    const bool whole = method->name() == "ListDirectories" || method->name() == "ListSchedules";
    if (!list || whole) continue;
    EXPECT_NE(method->input_type()->FindFieldByName("page_size"), nullptr) << method->name();
    EXPECT_NE(method->input_type()->FindFieldByName("page_token"), nullptr) << method->name();
    EXPECT_NE(answer.FindFieldByName("next_page_token"), nullptr) << method->name();
  }
}

}  // namespace
}  // namespace rollcall
