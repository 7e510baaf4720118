#include "agent/config/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr size_t kPiece = 64 * 1024;
constexpr int kPollMilliseconds = 50;  // how soon a stop or the end of the time is noticed

class Pipe {
 public:
  ~Pipe() {
    CloseRead();
    CloseWrite();
  }
  bool Open() { return pipe2(ends_, O_CLOEXEC) == 0; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void CloseRead() { Close(&ends_[0]); }
  void CloseWrite() { Close(&ends_[1]); }

 private:
  static void Close(int* end) {
    if (*end >= 0) close(*end);
    *end = -1;
  }
  int ends_[2] = {-1, -1};
};

// The child's files: nothing in, the pipe out, errors away. Its own process group, so that what it
// starts ends with it.
class SpawnSettings {
 public:
  SpawnSettings(const std::string& folder, int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, output, 1);
    posix_spawn_file_actions_addopen(&files_, 2, "/dev/null", O_WRONLY, 0);
    if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&files_, folder.c_str());
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    sigset_t reset;
    sigemptyset(&reset);
    sigaddset(&reset, SIGPIPE);
    sigaddset(&reset, SIGINT);
    sigaddset(&reset, SIGTERM);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &reset);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  int Spawn(const std::vector<std::string>& arguments, pid_t* child) const {
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    return posix_spawnp(child, argv[0], &files_, &attributes_, argv.data(), environ);
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

// One running command; ended and collected at the latest when the object goes.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    if (pid_ <= 0) return;
    kill(-pid_, SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // True when it has ended; `status` is then as from waitpid.
  bool Ended(int* status) {
    if (waitpid(pid_, status, WNOHANG) != pid_) return false;
    pid_ = -1;
    return true;
  }

 private:
  pid_t pid_;
};

class Execution {
 public:
  Execution(const CommandSpec& command, const OutputSink& sink, Runtime& runtime,
            const CallContext& context)
      : command_(command),
        sink_(sink),
        runtime_(runtime),
        context_(context),
        deadline_(std::min(runtime.Now() + command.timeout, context.deadline)) {}

  absl::Status Run() {
    if (command_.argv.empty()) return absl::InvalidArgumentError("an empty command");
    Pipe pipe;
    if (!pipe.Open()) return Failed(absl::StatusCode::kUnavailable, std::strerror(errno));
    pid_t pid = 0;
    const int error = SpawnSettings(command_.folder, pipe.write_end()).Spawn(command_.argv, &pid);
    if (error != 0) {
      return Failed(absl::StatusCode::kNotFound,
                    absl::StrCat("cannot be started: ", std::strerror(error),
                                 "; check its path and that it may be run"));
    }
    Child child(pid);
    pipe.CloseWrite();
    RETURN_IF_ERROR(ReadOutput(pipe.read_end()));
    return AwaitEnd(child);
  }

 private:
  absl::Status Failed(absl::StatusCode code, absl::string_view what) const {
    const std::string name = command_.argv.empty() ? "" : command_.argv[0];
    return absl::Status(code, absl::StrCat("command ", name, ": ", what));
  }

  absl::Status CheckTime() const {
    if (context_.stopped()) return Failed(absl::StatusCode::kCancelled, "stopped");
    if (runtime_.Now() < deadline_) return absl::OkStatus();
    return Failed(absl::StatusCode::kDeadlineExceeded,
                  absl::StrCat("did not end within ", absl::FormatDuration(command_.timeout)));
  }

  // Until the command, and everything that it started, has closed its output.
  absl::Status ReadOutput(int from) {
    std::string piece(kPiece, '\0');
    int64_t total = 0;
    while (true) {
      RETURN_IF_ERROR(CheckTime());
      pollfd waiting{from, POLLIN, 0};
      if (poll(&waiting, 1, kPollMilliseconds) <= 0) continue;
      const ssize_t size = read(from, piece.data(), piece.size());
      if (size == 0) return absl::OkStatus();
      if (size < 0) {
        if (errno == EINTR || errno == EAGAIN) continue;
        return Failed(absl::StatusCode::kUnavailable, std::strerror(errno));
      }
      total += size;
      if (total > command_.max_bytes) {
        return Failed(absl::StatusCode::kResourceExhausted,
                      absl::StrCat("printed more than ", command_.max_bytes, " bytes"));
      }
      RETURN_IF_ERROR(sink_(absl::string_view(piece.data(), static_cast<size_t>(size))));
    }
  }

  absl::Status AwaitEnd(Child& child) {
    int status = 0;
    while (!child.Ended(&status)) {
      RETURN_IF_ERROR(CheckTime());
      // A short sleep; nothing else tells of the end once the output is closed.
      poll(nullptr, 0, 1);
    }
    if (WIFSIGNALED(status)) {
      return Failed(absl::StatusCode::kUnavailable,
                    absl::StrCat("was ended by signal ", WTERMSIG(status)));
    }
    if (WEXITSTATUS(status) == 0) return absl::OkStatus();
    return Failed(
        absl::StatusCode::kUnavailable,
        absl::StrCat("ended with exit code ", WEXITSTATUS(status), "; run it by hand to see why"));
  }

  const CommandSpec& command_;
  const OutputSink& sink_;
  Runtime& runtime_;
  const CallContext& context_;
  const absl::Time deadline_;
};

}  // namespace

absl::Status RunCommand(const CommandSpec& command, const OutputSink& sink, Runtime& runtime,
                        const CallContext& context) {
  return Execution(command, sink, runtime, context).Run();
}

}  // namespace rollcall
