#include "agent/config/secrets.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/config/command.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr size_t kMaxSecret = 64 * 1024;

absl::StatusOr<Secret> Finished(std::string text, const std::string& place) {
  if (!text.empty() && text.back() == '\n') {
    text.pop_back();
    if (!text.empty() && text.back() == '\r') text.pop_back();
  }
  if (text.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(place, " is empty; put the key there"));
  }
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(place, " holds a line break or control character; it must be the key alone"));
  }
  return Secret(std::move(text));
}

absl::StatusOr<Secret> FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  const std::string place = absl::StrCat("environment variable ", name);
  if (value == nullptr) {
    return absl::NotFoundError(absl::StrCat(place, " is not set; set it for this process"));
  }
  if (std::strlen(value) > kMaxSecret) {
    return absl::InvalidArgumentError(absl::StrCat(place, " is longer than 64 KiB"));
  }
  return Finished(value, place);
}

absl::StatusOr<Secret> FromFile(const std::string& path) {
  const std::string place = absl::StrCat("secret file ", path);
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return absl::NotFoundError(absl::StrCat(place, " cannot be opened: ", std::strerror(errno),
                                            "; put the key there, readable for this user"));
  }
  std::string text(kMaxSecret + 1, '\0');
  size_t size = 0;
  ssize_t got = 0;
  while (size < text.size()) {
    got = read(file, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    size += static_cast<size_t>(got);
  }
  const int error = errno;
  close(file);
  if (got < 0) {
    return absl::NotFoundError(absl::StrCat(place, " cannot be read: ", std::strerror(error)));
  }
  if (size > kMaxSecret) {
    return absl::InvalidArgumentError(absl::StrCat(place, " is longer than 64 KiB"));
  }
  text.resize(size);
  return Finished(std::move(text), place);
}

absl::StatusOr<Secret> FromCommand(const config::v1::Secret& where, const LoadedConfig& config,
                                   Runtime& runtime, const CallContext& context) {
  CommandSpec command;
  command.argv.assign(where.exec().begin(), where.exec().end());
  command.folder = config.folder;
  command.max_bytes = kMaxSecret;
  std::string text;
  RETURN_IF_ERROR(RunCommand(
      command,
      [&text](absl::string_view piece) {
        text.append(piece.data(), piece.size());
        return absl::OkStatus();
      },
      runtime, context));
  return Finished(std::move(text), absl::StrCat("the output of command ", where.exec(0)));
}

}  // namespace

absl::StatusOr<Secret> ResolveSecret(const config::v1::Secret& where, const LoadedConfig& config,
                                     Runtime& runtime, const CallContext& context) {
  if (!where.env().empty()) return FromEnvironment(where.env());
  if (!where.file().empty()) return FromFile(config.Resolve(where.file()));
  if (!where.exec().empty()) return FromCommand(where, config, runtime, context);
  return absl::InvalidArgumentError("no secret is named; use {env}, {file} or {exec}");
}

std::vector<std::string> SecretWarnings(const config::v1::Secret& where,
                                        const LoadedConfig& config) {
  struct stat found{};
  const std::string path = config.Resolve(where.file());
  if (where.file().empty() || stat(path.c_str(), &found) != 0) return {};
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) == 0) return {};
  return {absl::StrCat("secret file ", path,
                       " can be read by other users of this machine; chmod 600 it")};
}

}  // namespace rollcall
