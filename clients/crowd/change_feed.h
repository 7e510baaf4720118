// ChangeFeed: whether somebody else changed a user in the moment in which we wrote it, by Crowd's
// event feed. A PUT replaces all fields and cannot be made conditional; a change that falls between
// our read and our write is gone, and no answer about the user shows that it was ever there. The
// feed does: what happened since a token that was taken before the read.
//
//   const std::string token = feed.Begin(context);      // then read, write, read back
//   write.token = token; …
//   reply.note = feed.Look(write, context);              // "" or what to compare
//
// It only ever tells. Nothing is written by what it says, for the form of its answers is not known
// for certain; no failure of it is one of the write.
//
// How many events a write of ours makes is not known either: kExpected; from kLearnt writes on, all
// of which made more, the least that one of them made. An event that shows what we wrote needs no
// counting: it is ours.
//
// Off for the rest of the process, without a word, after one answer that says that there is no such
// feed for us (404, 405, 410 for a new token, 400, 401, 403, a page, no JSON, a form that is not
// understood, too large), after kMaxFailures failures in a row, and after kMaxBlind writes in a row
// that it did not show. Then it costs nothing; else two requests a write. Thread-safe.
#ifndef CLIENTS_CROWD_CHANGE_FEED_H_
#define CLIENTS_CROWD_CHANGE_FEED_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clients/crowd/change_events.h"
#include "clients/crowd/crowd_api.h"
#include "clients/crowd/crowd_user.h"
#include "reconciler/base/mutex.h"

namespace rollcall {

// A change of one user, as far as it went.
struct WatchedWrite {
  std::string token;            // from Begin; empty: not watched
  CrowdUser base;               // as it was read before the first write
  std::vector<CrowdUser> sent;  // with each write, one at least
  CrowdUser after;              // as it was read last, or was sent last
};

class ChangeFeed {
 public:
  static constexpr int64_t kExpected = 1;
  static constexpr int64_t kLearnt = 5;
  static constexpr int64_t kMaxFailures = 3;
  static constexpr int64_t kMaxBlind = 5;
  // Values that a note names.
  static constexpr size_t kMaxShown = 6;

  // `api` must outlive this object.
  explicit ChangeFeed(CrowdApi& api) : api_(api) {}

  // Where the feed is now; empty: nothing can be told. One request, none while it is off.
  std::string Begin(const CallContext& context);

  // A sentence where somebody else seems to have changed this user since Begin, in such a way that
  // his change may be lost; else empty. One request, none without a token.
  std::string Look(const WatchedWrite& write, const CallContext& context);

  bool off() const;

 private:
  // Nothing: no answer that could be understood; whether it stays off is noted.
  std::optional<ChangeAnswer> Judge(const CrowdApi::Reply& reply, bool new_token);
  // What so many writes should make. Learns from what they made.
  int64_t Expect(int64_t writes, int64_t seen);
  void TurnOff();
  void NoteFailure();
  void NoteBlind();

  CrowdApi& api_;
  mutable Mutex mutex_;
  bool off_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t failures_ ABSL_GUARDED_BY(mutex_) = 0;  // in a row
  int64_t blind_ ABSL_GUARDED_BY(mutex_) = 0;     // in a row
  int64_t counted_ ABSL_GUARDED_BY(mutex_) = 0;   // writes from which was learnt
  int64_t least_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CHANGE_FEED_H_
