#include "tests/support/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace rollcall {
namespace {

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  std::abort();
}

// Everything that the child needs is made before fork: between fork and exec only async-signal-safe
// calls are allowed.
std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const ChildOptions& options) {
  std::vector<std::string> result;
  for (const char* name : {"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS"}) {
    const char* value = std::getenv(name);
    if (value != nullptr) result.push_back(absl::StrCat(name, "=", value));
  }
  for (const auto& [name, value] : options.environment) {
    result.push_back(absl::StrCat(name, "=", value));
  }
  return result;
}

void CloseEnd(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& argv, const ChildOptions& options)
    : deadline_(absl::Now() + options.limit) {
  std::vector<std::string> words = argv;
  std::vector<std::string> settings = Environment(options);
  const std::vector<char*> arguments = Pointers(words);
  const std::vector<char*> environment = Pointers(settings);
  int out[2];
  int err[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) Die("pipe2");
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  pid_ = fork();
  if (pid_ < 0) Die("fork");
  if (pid_ == 0) {
    if (!options.folder.empty() && chdir(options.folder.c_str()) != 0) _exit(126);
    dup2(null, STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    execve(arguments[0], arguments.data(), environment.data());
    _exit(127);
  }
  close(null);
  close(out[1]);
  close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

ChildProcess::~ChildProcess() {
  CloseEnd(out_);
  CloseEnd(err_);
  if (reaped_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool ChildProcess::ReadSome() {
  if (out_ < 0 && err_ < 0) return false;
  pollfd items[] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
  const absl::Duration left = deadline_ - absl::Now();
  if (left <= absl::ZeroDuration()) {
    kill(pid_, SIGKILL);
    deadline_ = absl::InfiniteFuture();
  }
  const timespec wait = absl::ToTimespec(std::clamp(left, absl::ZeroDuration(), absl::Minutes(1)));
  const int ready = ppoll(items, 2, &wait, nullptr);
  if (ready < 0 && errno != EINTR) Die("poll");
  if (ready <= 0) return true;
  char buffer[64 * 1024];
  for (int i = 0; i < 2; ++i) {
    if (items[i].revents == 0) continue;
    const ssize_t got = read(items[i].fd, buffer, sizeof(buffer));
    if (got > 0) {
      (i == 0 ? result_.out : result_.err).append(buffer, static_cast<size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      CloseEnd(i == 0 ? out_ : err_);
    }
  }
  return out_ >= 0 || err_ >= 0;
}

const std::string& ChildProcess::AwaitErr(const std::string& text) {
  while (result_.err.find(text) == std::string::npos && ReadSome()) {
  }
  return result_.err;
}

ChildResult ChildProcess::Wait() {
  if (reaped_) return result_;
  while (ReadSome()) {
  }
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) Die("waitpid");
  }
  reaped_ = true;
  if (WIFEXITED(status)) {
    result_.exit_code = WEXITSTATUS(status);
  } else {
    result_.signal = WTERMSIG(status);
  }
  return result_;
}

}  // namespace rollcall
