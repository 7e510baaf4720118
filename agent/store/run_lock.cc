#include "agent/store/run_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "reconciler/base/fingerprint.h"

namespace rollcall {
namespace {

constexpr size_t kMaxDirectories = 1000;
// Longer contents are not ours to read; holders are then shown as unknown.
constexpr size_t kMaxContents = 1 << 20;
// Byte 0 guards the contents; a directory's byte lies far behind them.
constexpr off_t kContentsByte = 0;
constexpr off_t kFirstDirectoryByte = off_t{1} << 40;

off_t ByteOf(const std::string& directory) {
  uint64_t hash = 0;
  for (char digit : Sha256Hex(directory).substr(0, 15)) {
    hash = hash * 16 + static_cast<uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }
  return kFirstDirectoryByte + static_cast<off_t>(hash);
}

// Locks or unlocks one byte; false when another holds it.
bool LockByte(int file, short type, off_t byte, int command) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  int result = 0;
  do {
    result = fcntl(file, command, &lock);
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

// Serialises readers and writers of the contents, which is quick.
class ContentsGuard {
 public:
  explicit ContentsGuard(int file) : file_(file) {
    LockByte(file_, F_WRLCK, kContentsByte, F_OFD_SETLKW);
  }
  ~ContentsGuard() { LockByte(file_, F_UNLCK, kContentsByte, F_OFD_SETLK); }
  ContentsGuard(const ContentsGuard&) = delete;
  ContentsGuard& operator=(const ContentsGuard&) = delete;

 private:
  const int file_;
};

std::string ReadContents(int file) {
  std::string contents(kMaxContents, '\0');
  const ssize_t size = pread(file, contents.data(), contents.size(), 0);
  contents.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return contents;
}

// Lines "directory<tab>run"; directory ids hold no tabs.
std::vector<std::pair<std::string, std::string>> ReadLines(int file) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (absl::string_view line : absl::StrSplit(ReadContents(file), '\n', absl::SkipEmpty())) {
    lines.push_back(absl::StrSplit(line, absl::MaxSplits('\t', 1)));
  }
  return lines;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RunLock>> RunLock::Acquire(const std::string& state_file,
                                                          const std::string& run,
                                                          std::vector<std::string> directories) {
  std::sort(directories.begin(), directories.end());
  directories.erase(std::unique(directories.begin(), directories.end()), directories.end());
  if (directories.size() > kMaxDirectories) {
    return absl::InvalidArgumentError("more directories than one run can lock");
  }
  const std::string path = absl::StrCat(state_file, ".lock");
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("lock file ", path, " cannot be opened: ", std::strerror(errno)));
  }
  std::unique_ptr<RunLock> lock(new RunLock(file, std::move(directories)));
  for (const std::string& directory : lock->directories_) {
    if (LockByte(file, F_WRLCK, ByteOf(directory), F_OFD_SETLK)) continue;
    if (errno != EAGAIN && errno != EACCES) {
      return absl::PermissionDeniedError(
          absl::StrCat("lock file ", path, " cannot be locked: ", std::strerror(errno)));
    }
    return absl::FailedPreconditionError(
        absl::StrCat("directory ", directory, " is being worked on by run ",
                     lock->HolderOf(directory), "; wait until it has ended, or cancel it"));
  }
  lock->held_ = true;
  lock->Sign(run);
  return lock;
}

// Closing the file gives back whatever was locked through it.
RunLock::~RunLock() {
  if (held_) Sign("");
  close(file_);
}

void RunLock::Sign(const std::string& run) {
  ContentsGuard guard(file_);
  std::string contents;
  for (const auto& [directory, holder] : ReadLines(file_)) {
    if (!std::binary_search(directories_.begin(), directories_.end(), directory)) {
      absl::StrAppend(&contents, directory, "\t", holder, "\n");
    }
  }
  for (const std::string& directory : directories_) {
    if (!run.empty()) absl::StrAppend(&contents, directory, "\t", run, "\n");
  }
  // The names are for a message only: a failure to write them must not stop a run.
  const bool cut = ftruncate(file_, 0) == 0;
  if (cut && pwrite(file_, contents.data(), contents.size(), 0) < 0) return;
}

std::string RunLock::HolderOf(const std::string& directory) const {
  ContentsGuard guard(file_);
  for (const auto& [name, holder] : ReadLines(file_)) {
    if (name == directory && !holder.empty()) return holder;
  }
  return "(unknown)";
}

}  // namespace rollcall
