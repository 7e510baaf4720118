// What a Jira site's twin allows a second: bursts by method, and user/search by itself. Not
// thread-safe.
#ifndef TESTS_TWINS_JIRA_LIMITS_H_
#define TESTS_TWINS_JIRA_LIMITS_H_

#include <map>
#include <optional>
#include <string>

#include "tests/twins/jira_call.h"
#include "tests/twins/token_bucket.h"

namespace rollcall::twins {

class JiraLimits {
 public:
  // Takes the call from what is left. A refusal, or nothing and the headers that tell what is left.
  std::optional<TwinResponse> Take(const JiraCall& call, TwinHeaders& headers);

 private:
  std::optional<TwinResponse> TakeFromSearch(const JiraCall& call);

  std::map<std::string, TokenBucket> by_method_;
  std::optional<TokenBucket> search_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_LIMITS_H_
