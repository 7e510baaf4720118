// Wording: numbers, times and counts as people read them. Pure functions, any thread.
#ifndef AGENT_RENDER_WORDING_H_
#define AGENT_RENDER_WORDING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "reconciler/plan/plan.h"
#include "reconciler/plan/roster.h"

namespace rollcall {

// 12345 -> "12,345".
std::string Grouped(int64_t number);

// "1 change", "12,345 changes"; `plural` where an "s" is not enough.
std::string CountOf(int64_t number, absl::string_view noun, absl::string_view plural = "");

// "about 3 s", "about 5 min", "about 2 h"; "less than a second".
std::string About(absl::Duration duration);

// "2026-11-21 23:50:01 UTC".
std::string Stamp(absl::Time time);

// "2 activations, 5 deactivations, 3 additions to groups"; empty where there are none.
std::string InWords(const Counts& counts);
int64_t Total(const Counts& counts);

// "a, b and c"; the first `limit` and how many more.
std::string Enumerate(const std::vector<std::string>& items, size_t limit);

// "active", "partly active", …
const char* InWords(AccountState state);
// As messages have it: "ACTIVE", "PARTLY_ACTIVE", …
const char* AccountStateName(AccountState state);

// "deactivate", "add to group", …
const char* Verb(Action action);

// With what a directory asked to wait: "429", "503" (overload with a Retry-After), or "429 and
// 503". `busy`: how many of the waits began with 503.
const char* AskedWith(int64_t waits, int64_t busy);

}  // namespace rollcall

#endif  // AGENT_RENDER_WORDING_H_
