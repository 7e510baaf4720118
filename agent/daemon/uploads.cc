#include "agent/daemon/uploads.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "agent/daemon/reasons.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

absl::Status Damaged(absl::string_view what) {
  return WithReason(v1::UPLOAD_DAMAGED,
                    absl::InvalidArgumentError(absl::StrCat(what,
                                                            "; nothing of it was kept, "
                                                            "upload it again")));
}

absl::Status DiskTrouble(const std::string& path) {
  const std::string what = absl::StrCat(path, ": ", std::strerror(errno));
  return errno == ENOSPC ? absl::ResourceExhaustedError(absl::StrCat(what, "; free space"))
                         : absl::UnavailableError(what);
}

bool IsSha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

ArrivingUpload::~ArrivingUpload() {
  if (file_ >= 0) close(file_);
  if (!kept_) unlink(upload_.file.c_str());
}

absl::Status ArrivingUpload::Append(absl::string_view bytes) {
  size_ += static_cast<int64_t>(bytes.size());
  if (size_ > upload_.header.size) {
    return Damaged(
        absl::StrCat("more bytes came than the ", upload_.header.size, " that the header said"));
  }
  hash_.AddRaw(bytes);
  while (!bytes.empty()) {
    const ssize_t written = write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return DiskTrouble(upload_.file);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

Uploads::~Uploads() {
  MutexLock lock(mutex_);
  for (const auto& [id, upload] : kept_) unlink(upload.file.c_str());
}

absl::StatusOr<std::unique_ptr<ArrivingUpload>> Uploads::Begin(const UploadHeader& header) {
  if (header.size <= 0) return Damaged("the header says no size");
  if (!IsSha256(absl::AsciiStrToLower(header.sha256))) {
    return Damaged("the header's sha256 is not 64 hex digits");
  }
  const int64_t most = max_size_;
  if (header.size > most) {
    return WithReason(v1::LIMIT_EXCEEDED, absl::ResourceExhaustedError(absl::StrCat(
                                              "the export has ", header.size,
                                              " bytes, and serve.max_upload is ", most)));
  }
  {
    MutexLock lock(mutex_);
    DeleteExpired();
    if (kept_.size() >= kMost) {
      return WithReason(v1::LIMIT_EXCEEDED,
                        absl::ResourceExhaustedError(
                            absl::StrCat(kept_.size(),
                                         " uploads are kept, which is the limit; make plans of "
                                         "them, or wait until they expire")));
    }
  }
  if (mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) return DiskTrouble(folder_);
  Upload upload;
  upload.id = absl::StrFormat("e-%016x", runtime_.Random());
  upload.header = header;
  upload.header.sha256 = absl::AsciiStrToLower(header.sha256);
  upload.file = absl::StrCat(folder_, "/", upload.id);
  const int file =
      open(upload.file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return DiskTrouble(upload.file);
  return std::unique_ptr<ArrivingUpload>(new ArrivingUpload(file, std::move(upload)));
}

absl::StatusOr<Upload> Uploads::End(std::unique_ptr<ArrivingUpload> upload) {
  Upload& done = upload->upload_;
  if (upload->size_ != done.header.size) {
    return Damaged(
        absl::StrCat(upload->size_, " bytes came, and the header said ", done.header.size));
  }
  const std::string hash = upload->hash_.Hex();
  if (hash != done.header.sha256) {
    return Damaged(
        absl::StrCat("the SHA-256 of what came is ", hash, ", and the header said another one"));
  }
  if (done.header.export_time.has_value()) {
    // The time of an export that says none itself is its file's.
    const timespec time = absl::ToTimespec(*done.header.export_time);
    const timespec times[2] = {time, time};
    if (futimens(upload->file_, times) != 0) return DiskTrouble(done.file);
  }
  done.created = runtime_.Now();
  done.expires = done.created + kKept;
  upload->kept_ = true;
  MutexLock lock(mutex_);
  return kept_.emplace(done.id, done).first->second;
}

absl::StatusOr<Upload> Uploads::Find(const std::string& id) {
  MutexLock lock(mutex_);
  DeleteExpired();
  const auto found = kept_.find(id);
  if (found != kept_.end()) return found->second;
  return WithReason(v1::NO_SUCH_RESOURCE,
                    absl::NotFoundError(absl::StrCat(
                        "there is no exports/", id,
                        ": it has expired, or a plan was made of it; upload it again")));
}

void Uploads::Delete(const std::string& id) {
  MutexLock lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end()) return;
  unlink(found->second.file.c_str());
  kept_.erase(found);
}

void Uploads::DeleteExpired() {
  const absl::Time now = runtime_.Now();
  for (auto upload = kept_.begin(); upload != kept_.end();) {
    if (upload->second.expires > now) {
      ++upload;
      continue;
    }
    unlink(upload->second.file.c_str());
    upload = kept_.erase(upload);
  }
}

absl::Status Uploads::Clear() {
  DIR* const folder = opendir(folder_.c_str());
  if (folder == nullptr) return errno == ENOENT ? absl::OkStatus() : DiskTrouble(folder_);
  std::vector<std::string> left;
  while (const dirent* const entry = readdir(folder)) {
    if (absl::StartsWith(entry->d_name, "e-")) left.push_back(entry->d_name);
  }
  closedir(folder);
  for (const std::string& name : left) unlink(absl::StrCat(folder_, "/", name).c_str());
  return absl::OkStatus();
}

}  // namespace rollcall
