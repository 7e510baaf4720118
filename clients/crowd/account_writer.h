// AccountWriter of Crowd: activates or deactivates one user. Crowd replaces all six fields of a
// user with each write and has no conditional ones, so the user is read immediately before, all
// six are written, and the user is read again:
//
//   * `active` as wanted: done. A blank field that Crowd filled (rule A7), or another field that
//     reads otherwise than it was written, goes into the note.
//   * Not as wanted, and other fields moved: somebody else wrote after us. Once more, on top of
//     what that one wrote.
//   * Nothing moved, also after a pause: done, as far as Crowd says, with a note. A cache shows it
//     later, or the write went to another directory behind the application (`masked`): verification
//     waits longer and tells them apart.
//   * The reply was lost: what is read decides; not as wanted, it is sent once more.
//
// What no answer about the user shows is a change that somebody makes between our read and our
// write: the event feed does, where there is one (change_feed.h), and the note tells of it. Custom
// attributes go back as they were read; password and memberships are not part of the write.
// Thread-safe: every call works on its own state. Cost: two reads and one write, and two reads of
// the feed; one more read and write where somebody else came in between.
#ifndef CLIENTS_CROWD_ACCOUNT_WRITER_H_
#define CLIENTS_CROWD_ACCOUNT_WRITER_H_

#include <string>

#include "absl/status/status.h"
#include "clients/crowd/change_feed.h"
#include "clients/crowd/crowd_api.h"
#include "clients/crowd/crowd_user.h"
#include "clients/crowd/crowd_users.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class CrowdAccountWriter {
 public:
  static constexpr int kMaxWrites = 2;
  // A directory that Crowd caches shows a change a little later.
  static constexpr absl::Duration kPause = absl::Seconds(1);

  // All must outlive this object.
  CrowdAccountWriter(CrowdApi& api, CrowdUsers& users, ChangeFeed& feed, Runtime& runtime)
      : api_(api), users_(users), feed_(feed), runtime_(runtime) {}

  WriteReply SetActive(const std::string& account, bool active, const CallContext& context);

 private:
  struct Job {
    const std::string& account;
    const bool active;
    const CallContext& context;
    std::string what;
    CrowdUser sent;       // with the last write
    absl::Status answer;  // to the last write: OK, or UNKNOWN
    WriteReply reply;
    WatchedWrite watched;
  };

  // False: the reply is final.
  bool Write(Job& job, const CrowdUser& base);
  // What the user is after the write; an error makes the reply final.
  absl::StatusOr<CrowdUser> ReadBack(Job& job);
  void Conclude(Job& job, const CrowdUser& after);
  void GiveUp(Job& job, bool unmoved);
  // Did somebody change it in the meantime? Done is done: this adds to the note, and no more.
  void AskTheFeed(Job& job, const CrowdUser& after);

  CrowdApi& api_;
  CrowdUsers& users_;
  ChangeFeed& feed_;
  Runtime& runtime_;
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_ACCOUNT_WRITER_H_
