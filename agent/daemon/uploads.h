// Uploads: exports that were handed in, as files beside the state that only this user may read,
// until a plan has read them or kKept has passed; what another start left is deleted. Thread-safe.
//
//   ASSIGN_OR_RETURN(auto upload, uploads.Begin(header, requester));
//   RETURN_IF_ERROR(upload->Append(bytes));
//   ASSIGN_OR_RETURN(const Upload done, uploads.End(std::move(upload)));
//
// UPLOAD_DAMAGED: size or checksum do not fit; LIMIT_EXCEEDED: larger than it may be, or too many
// are kept; nothing stays of it then.
#ifndef AGENT_DAEMON_UPLOADS_H_
#define AGENT_DAEMON_UPLOADS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/requester.h"
#include "reconciler/base/fingerprint.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

enum class ExportPart : uint8_t { kPeople, kGroups };

// What is said of an upload before its bytes come.
struct UploadHeader {
  ExportPart part = ExportPart::kPeople;
  int64_t size = 0;
  std::string sha256;                     // hex
  std::optional<absl::Time> export_time;  // when the identity provider made it
};

struct Upload {
  std::string id;  // "e-" and 16 hex digits
  UploadHeader header;
  std::string file;
  absl::Time created;
  absl::Time expires;
};

// One that is arriving. One thread at a time; nothing stays of it unless it was ended well.
class ArrivingUpload {
 public:
  ~ArrivingUpload();
  ArrivingUpload(const ArrivingUpload&) = delete;
  ArrivingUpload& operator=(const ArrivingUpload&) = delete;
  absl::Status Append(absl::string_view bytes);

 private:
  friend class Uploads;
  ArrivingUpload(int file, Upload upload) : file_(file), upload_(std::move(upload)) {}

  int file_;
  Upload upload_;
  int64_t size_ = 0;
  Fingerprint hash_;
  bool kept_ = false;
};

class Uploads {
 public:
  static constexpr absl::Duration kKept = absl::Hours(1);
  static constexpr size_t kMost = 32;  // kept at a time

  // `folder` is made when it is first needed.
  Uploads(std::string folder, int64_t max_size, Runtime& runtime)
      : folder_(std::move(folder)), max_size_(max_size), runtime_(runtime) {}
  ~Uploads();

  // For those that begin from now on.
  void set_max_size(int64_t max_size) { max_size_ = max_size; }

  absl::StatusOr<std::unique_ptr<ArrivingUpload>> Begin(const UploadHeader& header);
  absl::StatusOr<Upload> End(std::unique_ptr<ArrivingUpload> upload);
  // NO_SUCH_RESOURCE: it expired, was used, or never was.
  absl::StatusOr<Upload> Find(const std::string& id);
  void Delete(const std::string& id);
  // Deletes what an earlier start left behind. At the start only.
  absl::Status Clear();

 private:
  void DeleteExpired() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string folder_;
  std::atomic<int64_t> max_size_;
  Runtime& runtime_;
  Mutex mutex_;
  std::map<std::string, Upload> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // AGENT_DAEMON_UPLOADS_H_
