#include "agent/daemon/uploads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "agent/daemon/reasons.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

class UploadsTest : public ::testing::Test {
 protected:
  static UploadHeader HeaderOf(const std::string& text) {
    UploadHeader header;
    header.size = static_cast<int64_t>(text.size());
    header.sha256 = Sha256Hex(text);
    return header;
  }

  absl::StatusOr<Upload> Take(const UploadHeader& header, const std::vector<std::string>& parts) {
    absl::StatusOr<std::unique_ptr<ArrivingUpload>> upload = uploads_.Begin(header);
    if (!upload.ok()) return upload.status();
    for (const std::string& part : parts) {
      const absl::Status status = (*upload)->Append(part);
      if (!status.ok()) return status;
    }
    return uploads_.End(*std::move(upload));
  }

  size_t Files() const {
    if (!std::filesystem::exists(path_)) return 0;
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

  TempFolder folder_;
  const std::string path_ = folder_.File("uploads");
  FakeRuntime runtime_;
  Uploads uploads_{path_, 100, runtime_};
};

TEST_F(UploadsTest, WhatArrivedWholeIsKeptForThisUserAlone) {
  UploadHeader header = HeaderOf("hello there");
  header.export_time = runtime_.Now() - absl::Hours(5);
  const auto upload = Take(header, {"hello ", "", "there"});
  ASSERT_TRUE(upload.ok()) << upload.status();
  std::ifstream file(upload->file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "hello there");
  const auto mode = std::filesystem::status(upload->file).permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(uploads_.Find(upload->id)->file, upload->file);
}

TEST_F(UploadsTest, NothingStaysOfWhatIsDamaged) {
  const UploadHeader header = HeaderOf("hello there");
  EXPECT_EQ(ReasonOf(Take(header, {"hello"}).status()), v1::UPLOAD_DAMAGED);
  EXPECT_EQ(ReasonOf(Take(header, {"hello there", "!"}).status()), v1::UPLOAD_DAMAGED);
  EXPECT_EQ(ReasonOf(Take(header, {"HELLO THERE"}).status()), v1::UPLOAD_DAMAGED);
  UploadHeader unsaid;
  EXPECT_EQ(ReasonOf(Take(unsaid, {}).status()), v1::UPLOAD_DAMAGED);
  EXPECT_EQ(Files(), 0u);
}

TEST_F(UploadsTest, LargestUploadIsTakenAndOneByteMoreIsNot) {
  EXPECT_TRUE(Take(HeaderOf(std::string(100, 'x')), {std::string(100, 'x')}).ok());
  EXPECT_EQ(ReasonOf(Take(HeaderOf(std::string(101, 'x')), {}).status()), v1::LIMIT_EXCEEDED);
}

TEST_F(UploadsTest, UploadIsForgottenWhenItIsUsedOrExpires) {
  const auto used = Take(HeaderOf("a"), {"a"});
  const auto old = Take(HeaderOf("b"), {"b"});
  ASSERT_TRUE(used.ok() && old.ok());
  uploads_.Delete(used->id);
  EXPECT_EQ(ReasonOf(uploads_.Find(used->id).status()), v1::NO_SUCH_RESOURCE);
  EXPECT_EQ(Files(), 1u);
  runtime_.Advance(Uploads::kKept);
  EXPECT_EQ(ReasonOf(uploads_.Find(old->id).status()), v1::NO_SUCH_RESOURCE);
  EXPECT_EQ(Files(), 0u);
}

TEST_F(UploadsTest, OnlySoManyAreKept) {
  for (size_t i = 0; i < Uploads::kMost; ++i) ASSERT_TRUE(Take(HeaderOf("a"), {"a"}).ok());
  EXPECT_EQ(ReasonOf(Take(HeaderOf("a"), {"a"}).status()), v1::LIMIT_EXCEEDED);
  runtime_.Advance(Uploads::kKept);
  EXPECT_TRUE(Take(HeaderOf("a"), {"a"}).ok());
}

TEST_F(UploadsTest, WhatAnEarlierStartLeftIsDeleted) {
  std::filesystem::create_directory(path_);
  std::ofstream(path_ + "/e-0123456789abcdef") << "left";
  ASSERT_TRUE(uploads_.Clear().ok());
  EXPECT_EQ(Files(), 0u);
}

}  // namespace
}  // namespace rollcall
