#include "agent/metrics/process_samples.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "agent/metrics/sample_family.h"

namespace rollcall {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

// Fields of /proc/self/stat as proc(5) numbers them, less the three up to the program's name, which
// may hold anything, and less one for counting from 0.
constexpr size_t kUserTime = 14 - 3;
constexpr size_t kSystemTime = 15 - 3;
constexpr size_t kStartTime = 22 - 3;
constexpr size_t kVirtualBytes = 23 - 3;
constexpr size_t kResidentPages = 24 - 3;

std::string ReadProc(const char* file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<double> ReadStat() {
  const std::string text = ReadProc("/proc/self/stat");
  const size_t name_end = text.rfind(") ");
  std::vector<double> numbers;
  if (name_end == std::string::npos) return numbers;
  for (const absl::string_view word : absl::StrSplit(text.substr(name_end + 2), ' ')) {
    double number = 0;
    if (!absl::SimpleAtod(word, &number)) number = 0;  // the state, a letter
    numbers.push_back(number);
  }
  return numbers;
}

// When the machine was started, in seconds since 1970.
std::optional<double> BootTime() {
  const std::string text = ReadProc("/proc/stat");
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    double seconds = 0;
    if (absl::ConsumePrefix(&line, "btime ") && absl::SimpleAtod(line, &seconds)) return seconds;
  }
  return std::nullopt;
}

void Add(Families& families, absl::string_view name, double value) {
  SampleFamily family(name);
  family.Add({}, value);
  families.push_back(family.Take());
}

void AddFiles(Families& families) {
  if (DIR* const folder = opendir("/proc/self/fd"); folder != nullptr) {
    int count = -3;  // ".", "..", and the folder itself
    while (readdir(folder) != nullptr) ++count;
    closedir(folder);
    Add(families, "process_open_fds", count);
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    Add(families, "process_max_fds", static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace

Families ProcessSamples() {
  Families families;
  const std::vector<double> stat = ReadStat();
  if (stat.size() > kResidentPages) {
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
    Add(families, "process_cpu_seconds_total", (stat[kUserTime] + stat[kSystemTime]) / ticks);
    Add(families, "process_resident_memory_bytes", stat[kResidentPages] * page);
    Add(families, "process_virtual_memory_bytes", stat[kVirtualBytes]);
    if (const std::optional<double> boot = BootTime(); boot.has_value()) {
      Add(families, "process_start_time_seconds", *boot + stat[kStartTime] / ticks);
    }
  }
  AddFiles(families);
  return families;
}

}  // namespace rollcall
