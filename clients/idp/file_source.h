// FileSource: the bytes of a file, and when it was changed. One thread.
//   NOT_FOUND         there is no such file
//   INVALID_ARGUMENT  it is a folder, or may not be read
//   DATA_LOSS         reading failed in the middle
#ifndef CLIENTS_IDP_FILE_SOURCE_H_
#define CLIENTS_IDP_FILE_SOURCE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/json/events.h"

namespace rollcall::idp {

class FileSource final : public json::ByteSource {
 public:
  static absl::StatusOr<std::unique_ptr<FileSource>> Open(const std::string& path);
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override;
  absl::Time changed() const { return changed_; }

 private:
  FileSource(int fd, absl::Time changed) : fd_(fd), changed_(changed) {}

  const int fd_;
  const absl::Time changed_;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_FILE_SOURCE_H_
