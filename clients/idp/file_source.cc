#include "clients/idp/file_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace rollcall::idp {

absl::StatusOr<std::unique_ptr<FileSource>> FileSource::Open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) {
      return absl::NotFoundError("there is no such file; correct the path or export it again");
    }
    return absl::InvalidArgumentError(absl::StrCat("cannot be opened: ", std::strerror(error)));
  }
  struct stat info{};
  if (::fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
    ::close(fd);
    return absl::InvalidArgumentError("is a folder, not a file; name a file or a pattern");
  }
  return std::unique_ptr<FileSource>(new FileSource(fd, absl::TimeFromTimespec(info.st_mtim)));
}

FileSource::~FileSource() { ::close(fd_); }

absl::StatusOr<size_t> FileSource::Read(char* buffer, size_t size) {
  for (;;) {
    const ssize_t n = ::read(fd_, buffer, size);
    if (n >= 0) return static_cast<size_t>(n);
    if (errno != EINTR) {
      return absl::DataLossError(absl::StrCat("cannot be read: ", std::strerror(errno)));
    }
  }
}

}  // namespace rollcall::idp
