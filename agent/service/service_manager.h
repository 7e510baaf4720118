// ServiceManager: tells whoever started the daemon how it is: systemd's notification protocol, a
// datagram of lines to the socket that NOTIFY_SOCKET names (sd_notify(3)). Without that variable it
// does nothing. One thread.
//
// No error leaves it: what cannot be told is logged once, and the daemon goes on. A full socket is
// waited for, kSendPatience at most.
#ifndef AGENT_SERVICE_SERVICE_MANAGER_H_
#define AGENT_SERVICE_SERVICE_MANAGER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/service/log.h"

namespace rollcall {

class ServiceManager {
 public:
  static constexpr absl::Duration kSendPatience = absl::Seconds(1);
  static constexpr size_t kMaxStatus = 500;  // bytes of a sentence; the rest is cut

  // Of NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, which it takes out of the environment: the
  // commands that give exports and secrets have nothing to tell there. The log outlives it.
  static std::unique_ptr<ServiceManager> FromEnvironment(Log& log);

  // `socket`: a path, or `@` and an abstract name; "": nobody listens. `watchdog`: after that long
  // without a beat the daemon is ended by whoever listens; infinite: never.
  ServiceManager(const std::string& socket, absl::Duration watchdog, Log& log);
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  // `status`: a sentence for people, as in `systemctl status`.
  void Ready(absl::string_view status);
  // Told when it differs from the last one.
  void Status(absl::string_view status);
  // Until the next Ready.
  void Reloading();
  // The end has begun and takes at most `longest`.
  void Stopping(absl::Duration longest);

  // When Beat is to be called again; infinite without a watchdog.
  absl::Time next_beat() const { return next_beat_; }
  // Called by the main loop as often as it likes; tells that the daemon lives when that is due, in
  // half of the time that the watchdog gives, and only if `moves`, which is asked then. A clock
  // that was set does no harm.
  void Beat(absl::Time now, const std::function<bool()>& moves);

 private:
  void Send(const std::string& lines);

  const absl::Duration interval_;
  Log& log_;
  int socket_ = -1;
  bool complained_ = false;
  std::string status_;
  absl::Time next_beat_;
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_SERVICE_MANAGER_H_
