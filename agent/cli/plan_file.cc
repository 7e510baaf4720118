#include "agent/cli/plan_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/fingerprint.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr size_t kHead = 4096;  // the id is the first field of a plan file
constexpr size_t kPiece = 1 << 20;
constexpr uint64_t kMaxBytes = uint64_t{4} << 30;
constexpr uint64_t kMaxText = uint64_t{1} << 30;  // what is held in memory
constexpr size_t kIdLength = 18;

absl::Status SystemError(const std::string& path, absl::string_view what) {
  return absl::UnavailableError(absl::StrCat(path, ": ", what, ": ", std::strerror(errno)));
}

absl::Status WriteAll(int fd, absl::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(path, "cannot be written");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(fd) == 0 ? absl::OkStatus() : SystemError(path, "cannot be flushed");
}

absl::Status ReadPieces(const std::string& path, uint64_t most,
                        const std::function<void(absl::string_view)>& sink) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) return SystemError(path, "cannot be read");
  std::string piece(kPiece, '\0');
  uint64_t total = 0;
  size_t got = 0;
  while ((got = std::fread(piece.data(), 1, piece.size(), file.get())) > 0) {
    total += got;
    if (total > most) {
      return absl::ResourceExhaustedError(absl::StrCat(path, " is too large to be a plan file"));
    }
    sink(absl::string_view(piece.data(), got));
  }
  return std::ferror(file.get()) == 0 ? absl::OkStatus() : SystemError(path, "cannot be read");
}

absl::StatusOr<std::string> HashOf(const std::string& path) {
  Fingerprint hash;
  RETURN_IF_ERROR(
      ReadPieces(path, kMaxBytes, [&hash](absl::string_view piece) { hash.AddRaw(piece); }));
  return hash.Hex();
}

// The first thing in the text that looks like a plan's id; empty: none.
std::string FirstPlanId(absl::string_view text) {
  for (size_t at = text.find("p-"); at != absl::string_view::npos; at = text.find("p-", at + 1)) {
    const absl::string_view candidate = text.substr(at, kIdLength);
    if (IsId('p', candidate)) return std::string(candidate);
  }
  return "";
}

}  // namespace

bool IsWaiting(const Plan& plan) {
  return plan.state == PlanState::kReady || plan.state == PlanState::kBlocked ||
         plan.state == PlanState::kEmpty;
}

bool IsId(char kind, absl::string_view text) {
  if (text.size() != kIdLength || text[0] != kind || text[1] != '-') return false;
  return text.substr(2).find_first_not_of("0123456789abcdef") == absl::string_view::npos;
}

absl::Status CheckPlanFile(const std::string& path) {
  struct stat found{};
  if (stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is a folder; name a file for the plan"));
  }
  std::string temporary = absl::StrCat(path, ".XXXXXX");
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return Annotate(SystemError(path, "cannot be made"), "nothing was read");
  close(fd);
  unlink(temporary.c_str());
  return absl::OkStatus();
}

absl::Status WritePlanFile(const std::string& path, absl::string_view document) {
  std::string temporary = absl::StrCat(path, ".XXXXXX");
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);  // makes it with mode 0600
  if (fd < 0) return SystemError(path, "cannot be made");
  absl::Status status = WriteAll(fd, document, path);
  if (close(fd) != 0 && status.ok()) status = SystemError(path, "cannot be closed");
  if (status.ok() && std::rename(temporary.c_str(), path.c_str()) != 0) {
    status = SystemError(path, "cannot be put in place");
  }
  if (!status.ok()) unlink(temporary.c_str());
  return status;
}

absl::StatusOr<NamedPlan> NamePlan(const std::string& argument) {
  struct stat found{};
  if (stat(argument.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) {
    if (IsId('p', argument)) return NamedPlan{argument, false};
    return Refuse(ExitCode::kUsage,
                  absl::StrCat(argument, " is neither a plan's id (p- and 16 hex digits) nor a ",
                               "file; `rollcall plans list` shows the plans"));
  }
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(argument.c_str(), "rb"),
                                                   &std::fclose);
  if (file == nullptr) return SystemError(argument, "cannot be read");
  std::string head(kHead, '\0');
  head.resize(std::fread(head.data(), 1, head.size(), file.get()));
  if (std::ferror(file.get()) != 0) return SystemError(argument, "cannot be read");
  std::string id = FirstPlanId(head);
  if (!id.empty()) return NamedPlan{std::move(id), true};
  return Refuse(ExitCode::kStale,
                absl::StrCat(argument, " is not a plan file, or was edited; make a new plan"));
}

absl::StatusOr<std::string> ReadPlanFile(const std::string& path) {
  std::string text;
  RETURN_IF_ERROR(ReadPieces(path, kMaxText, [&text](absl::string_view piece) {
    text.append(piece.data(), piece.size());
  }));
  return text;
}

absl::StatusOr<std::string> FindPlan(const std::string& argument, Store& store) {
  ASSIGN_OR_RETURN(const NamedPlan named, NamePlan(argument));
  if (!named.is_file) return named.id;
  const std::string& id = named.id;
  ASSIGN_OR_RETURN(const std::string sha256, HashOf(argument));
  const absl::StatusOr<std::string> stored = store.plans().DocumentSha256(id);
  if (absl::IsNotFound(stored.status())) {
    return Refuse(
        ExitCode::kStale,
        absl::StrCat(argument, " holds plan ", id, ", which the state file ", store.file(),
                     " did not make: a plan applies only on its own state", "; make a new plan"));
  }
  RETURN_IF_ERROR(stored.status());
  if (*stored != sha256) {
    return Refuse(ExitCode::kStale,
                  absl::StrCat(argument, " is not plan ", id, " as it was saved: it was edited ",
                               "or cut; apply the saved one by its id, or make a new plan"));
  }
  return id;
}

}  // namespace rollcall
