#include "clients/crowd/change_feed.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/http/server_answer.h"

namespace rollcall {
namespace {

bool IsAbout(const ChangeEvent& event, const CrowdUser& user) {
  return std::any_of(event.begin(), event.end(),
                     [&](const EventUser& shown) { return shown.Is(user); });
}

// Shows just what we wrote, `active` with it, or what is there now.
bool IsOurs(const ChangeEvent& event, const WatchedWrite& write) {
  if (event.size() != 1) return false;
  const auto shows = [&](const CrowdUser& user) {
    return event[0].active == user.active && event[0].HasTextsOf(user);
  };
  return shows(write.after) || std::any_of(write.sent.begin(), write.sent.end(), shows);
}

// Shows what is there now, and was not when we read: it came after our write, or we wrote on top of
// it.
bool Stands(const ChangeEvent& event, const WatchedWrite& write) {
  return event.size() == 1 && event[0].HasTextsOf(write.after) && !event[0].HasTextsOf(write.base);
}

// What the events show otherwise than it is now: 'display-name "Ada King"'.
std::vector<std::string> LostValues(const std::vector<ChangeEvent>& events,
                                    const CrowdUser& after) {
  std::vector<std::string> lost;
  const auto now = TextsOf(after);
  for (const ChangeEvent& event : events) {
    for (const EventUser& shown : event) {
      if (!shown.Is(after)) continue;
      for (const auto& [name, value] : now) {
        const auto text = shown.texts.find(name);
        if (text == shown.texts.end() || text->second.empty() || text->second == value) continue;
        std::string words = absl::StrCat(name, " \"", ForMessage(text->second, 80), "\"");
        if (lost.size() == ChangeFeed::kMaxShown) return lost;
        if (std::find(lost.begin(), lost.end(), words) == lost.end()) {
          lost.push_back(std::move(words));
        }
      }
    }
  }
  return lost;
}

std::string Tell(const std::vector<ChangeEvent>& others, const CrowdUser& after) {
  std::string note =
      "somebody else seems to have changed this account in Crowd in the moment of our write; "
      "his change may have been overwritten: compare its names and its e-mail address";
  const std::vector<std::string> lost = LostValues(others, after);
  if (!lost.empty()) {
    absl::StrAppend(&note, "; the event feed shows ", absl::StrJoin(lost, ", "),
                    ", which is not so now");
  }
  return note;
}

}  // namespace

std::string ChangeFeed::Begin(const CallContext& context) {
  if (off()) return "";
  const std::optional<ChangeAnswer> answer = Judge(api_.GetEventToken(context), true);
  return answer.has_value() ? answer->token : "";
}

std::string ChangeFeed::Look(const WatchedWrite& write, const CallContext& context) {
  if (write.token.empty()) return "";
  const std::optional<ChangeAnswer> answer = Judge(api_.GetEvents(write.token, context), false);
  if (!answer.has_value()) return "";
  int64_t seen = 0;
  int64_t ours = 0;
  std::vector<ChangeEvent> others;
  for (const ChangeEvent& event : answer->users) {
    if (!IsAbout(event, write.after)) continue;
    ++seen;
    if (IsOurs(event, write)) {
      ++ours;
    } else {
      others.push_back(event);
    }
  }
  if (seen <= Expect(static_cast<int64_t>(write.sent.size()), seen)) return "";
  // Once one of ours is known by what it shows, the others are known to be others'.
  const bool all_stand =
      ours > 0 && std::all_of(others.begin(), others.end(),
                              [&](const ChangeEvent& event) { return Stands(event, write); });
  return all_stand ? "" : Tell(others, write.after);
}

std::optional<ChangeAnswer> ChangeFeed::Judge(const CrowdApi::Reply& reply, bool new_token) {
  if (!reply.ok()) {
    const absl::StatusCode code = reply.status().code();
    if (code == absl::StatusCode::kCancelled) return std::nullopt;
    const bool passes = code == absl::StatusCode::kUnavailable ||
                        code == absl::StatusCode::kUnknown ||
                        code == absl::StatusCode::kDeadlineExceeded;
    passes ? NoteFailure() : TurnOff();
    return std::nullopt;
  }
  if (reply->status == 429 || reply->status >= 500) {
    NoteFailure();
    return std::nullopt;
  }
  if (reply->status == 410 && !new_token) {
    NoteBlind();
    return std::nullopt;
  }
  absl::StatusOr<ChangeAnswer> answer = IsSuccess(reply->status)
                                            ? ParseChangeAnswer(reply->body)
                                            : absl::FailedPreconditionError("no feed for us");
  const bool usable = answer.ok() && answer->available.value_or(!new_token) &&
                      (!new_token || !answer->token.empty());
  if (!usable) {
    TurnOff();
    return std::nullopt;
  }
  MutexLock lock(mutex_);
  // A token alone is of no use.
  if (!new_token) failures_ = 0;
  return *std::move(answer);
}

int64_t ChangeFeed::Expect(int64_t writes, int64_t seen) {
  if (seen == 0) {
    NoteBlind();
    return 0;
  }
  MutexLock lock(mutex_);
  blind_ = 0;
  const int64_t each = counted_ >= kLearnt ? least_ : kExpected;
  if (writes == 1) {
    least_ = counted_ == 0 ? seen : std::min(least_, seen);
    ++counted_;
  }
  return writes * each;
}

bool ChangeFeed::off() const {
  MutexLock lock(mutex_);
  return off_;
}

void ChangeFeed::TurnOff() {
  MutexLock lock(mutex_);
  off_ = true;
}

void ChangeFeed::NoteFailure() {
  MutexLock lock(mutex_);
  if (++failures_ >= kMaxFailures) off_ = true;
}

void ChangeFeed::NoteBlind() {
  MutexLock lock(mutex_);
  if (++blind_ >= kMaxBlind) off_ = true;
}

}  // namespace rollcall
