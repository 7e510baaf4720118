// Faults on order, and accounted for: each rule says which requests it meets and what happens to
// them, and counts how often it did. A test fails if a rule was not met as often as it should be: a
// fault that never happened proves nothing. Not thread-safe.
//
// The file (`--faults`), every key but `effect` optional:
//   {"faults": [{
//     "name": "busy",                       for the account; default: its number
//     "match": {"method": "PATCH", "path": "*/Users/*", "query": "startIndex=21"},
//     "nth": 3,          from the third request that matches (default: the first) …
//     "every": 10,       … or every tenth one
//     "times": 2,        so often (default: 1; with `every`, without end; 0: without end)
//     "effect": { one or several of
//       "status": 429, "body": "…" or {…}, "headers": {"X": "y"}   answer this
//       "retry_after": 2, "retry_style": "date"    with these headers (retry_headers.h)
//       "applied": true     … although the request had its effect
//       "html": true        a login page, 200 unless `status` says otherwise
//       "empty_200": true   200 without a body
//       "drop_before": true the connection is closed, without effect
//       "drop_after": true  the connection is closed after the effect, the answer is lost
//       "cut_body": 40      the answer ends after so many bytes, Content-Length says more
//       "content_type": "text/html"                the real answer under this type
//       "noop": true        a success that did nothing
//       "delay_ms": 500     a late answer
//     }}]}
// In paths `*` stands for anything, slashes too; the query is looked for as it was sent.
#ifndef TESTS_TWINS_FAULT_SCRIPT_H_
#define TESTS_TWINS_FAULT_SCRIPT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/twins/message.h"
#include "tests/twins/retry_headers.h"

namespace rollcall::twins {

struct FaultEffect {
  enum class Kind {
    kPass,        // the real answer, later or under another type
    kAnswer,      // `status`, `headers` and `body` instead
    kDropBefore,  // no effect, no answer
    kDropAfter,   // the effect, no answer
    kCutBody,     // the effect, half an answer
    kNoop,        // the answer, no effect
  };
  Kind kind = Kind::kPass;
  bool applied = false;  // kAnswer: the request had its effect all the same
  int status = 200;
  TwinHeaders headers;
  std::string body;
  std::string content_type;
  std::optional<absl::Duration> retry_after;
  RetryStyle retry_style = RetryStyle::kSeconds;
  size_t cut_after = 0;
  absl::Duration delay = absl::ZeroDuration();
};

struct FaultRule {
  std::string name;
  std::string method;  // empty: any
  std::string path = "*";
  std::string query;  // empty: any
  int64_t nth = 1;
  int64_t every = 0;  // 0: from `nth` on
  int64_t times = 1;  // 0: without end
  FaultEffect effect;
};

// How often a rule's requests came (`seen`) and how often it struck (`met`).
struct FaultAccount {
  int64_t seen = 0;
  int64_t met = 0;
};

class FaultScript {
 public:
  // INVALID_ARGUMENT names the rule and the key that is wrong; unknown keys are.
  static absl::StatusOr<FaultScript> Parse(absl::string_view text);

  void Add(FaultRule rule);

  // The effect for this request, or null. Every rule that matches counts the request; the first
  // one whose turn it is strikes. Good until the next call of Add.
  const FaultEffect* Next(const TwinRequest& request);

  // Names of the rules that struck less often than `times` (without end: never), in order.
  std::vector<std::string> Unmet() const;

  // {"faults": [{"name", "seen", "met", "times"}], "unmet": […]}
  nlohmann::json Report() const;

 private:
  struct Entry {
    FaultRule rule;
    FaultAccount account;
  };
  std::vector<Entry> entries_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_FAULT_SCRIPT_H_
