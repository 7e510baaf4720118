#include "agent/service/log.h"

#include "absl/time/time.h"
#include "clients/json/writer.h"

namespace rollcall {

void Log::Write(absl::string_view level, absl::string_view message, const Fields& fields) {
  json::Writer line;
  line.StartObject();
  line.Key("time").String(
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", runtime_.Now(), absl::UTCTimeZone()));
  line.Key("level").String(level);
  line.Key("message").String(message);
  for (const auto& [key, value] : fields) line.Key(key).String(value);
  line.EndObject();
  MutexLock lock(mutex_);
  out_ << std::move(line).Take() << '\n' << std::flush;
}

}  // namespace rollcall
