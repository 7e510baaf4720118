// One call of a Crowd twin: the request and everything that answering it may look at or change.
// Made by CrowdTwin::Handle, passed to the endpoints, gone with the answer.
#ifndef TESTS_TWINS_CROWD_CALL_H_
#define TESTS_TWINS_CROWD_CALL_H_

#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/twins/crowd_directory.h"
#include "tests/twins/crowd_options.h"
#include "tests/twins/crowd_view.h"
#include "tests/twins/id_source.h"
#include "tests/twins/message.h"
#include "tests/twins/target.h"

namespace rollcall::twins {

enum class CrowdFormat { kXml, kJson };

struct CrowdSsoSession {
  std::string user;  // folded
  absl::Time created;
  absl::Time expires;
};

// What a Crowd server remembers beside its directories.
struct CrowdMemory {
  explicit CrowdMemory(uint64_t seed) : ids(seed), order_seed(seed), event_source(ids.Uuid()) {}
  IdSource ids;
  uint64_t order_seed;
  std::map<std::string, std::string> http_sessions;  // JSESSIONID -> application
  int64_t password_checks = 0;
  std::map<std::string, CrowdSsoSession> sso_sessions;  // by token
  std::string event_source;
  int64_t first_event = 0;  // number of the first that is still known
  std::deque<nlohmann::json> events;
  int64_t rival_edits_done = 0;
};

struct CrowdCall {
  const CrowdOptions& options;
  CrowdApplication& application;  // for writing
  const CrowdApplication& seen;   // for reading: the same, or how it was a while ago
  CrowdMemory& memory;
  const TwinRequest& request;
  std::vector<std::string> path;  // below the API's root
  Target target;
  CrowdFormat format;
  std::string api_url;  // "http://…/rest/usermanagement/1"
  absl::Time now;

  bool Has(CrowdQuirk quirk) const { return options.quirks.Has(quirk); }
  CrowdView::Aliases aliases() const {
    return Has(CrowdQuirk::kAliasesIgnored) ? CrowdView::Aliases::kIgnored
                                            : CrowdView::Aliases::kUsed;
  }
  CrowdView View() const { return CrowdView(seen, aliases()); }
  CrowdView Current() const { return CrowdView(application, aliases()); }
  std::string Parameter(const char* name) const { return target.Parameter(name).value_or(""); }
  bool IsGet() const { return request.method == "GET" || request.method == "HEAD"; }
  // The parts of `expand`.
  std::set<std::string> Expanded() const;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_CALL_H_
