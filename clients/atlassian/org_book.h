// OrgBook: what this process has read of the organisation: its directories, the accounts and groups
// of the last snapshot, and single accounts of the last minute. Saves requests, never decides alone
// whether something is there. Thread-safe.
//
// The directories are remembered between processes too, so that `apply` need not ask for them.
// Limits: kMaxSingle accounts and groups beside the snapshot.
#ifndef CLIENTS_ATLASSIAN_ORG_BOOK_H_
#define CLIENTS_ATLASSIAN_ORG_BOOK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "clients/atlassian/org_rows.h"
#include "clients/atlassian/org_standing.h"
#include "reconciler/base/mutex.h"
#include "reconciler/base/string_arena.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

// The directories that count here, and whether the organisation has others.
struct OrgDirectories {
  std::vector<std::string> ids;  // in the order served; the configured one alone where there is one
  bool only = false;             // the organisation has one directory, as far as the key sees
};

struct OrgKnownGroup {
  std::string directory;
  std::string name;
  int64_t pages = 1;  // of its members
};

class OrgBook {
 public:
  static constexpr absl::Duration kFresh = absl::Seconds(60);
  static constexpr size_t kMaxSingle = 10'000;

  // One account of the snapshot; `id` lies in the roster's arena.
  using Entry = std::pair<absl::string_view, OrgStanding>;

  // `traits` may be null. `scope`: the configured directory, or `-`.
  OrgBook(std::string directory, std::string scope, TraitStore* traits);

  std::optional<OrgDirectories> Directories();
  void LearnDirectories(const OrgDirectories& directories);

  // `entries` sorted by id.
  void LearnAll(std::vector<Entry> entries, std::map<std::string, OrgKnownGroup> groups,
                std::shared_ptr<const StringArena> texts);
  // As the last snapshot has it.
  std::optional<OrgStanding> FindInSnapshot(absl::string_view account);

  // An account as it was read with all its places.
  void LearnAccount(const std::string& account, const OrgStanding& standing, absl::Time now);
  // At most a minute old.
  std::optional<OrgStanding> FindFresh(const std::string& account, absl::Time now);
  // It is about to be changed.
  void Forget(const std::string& account);

  void LearnGroup(const std::string& group, const OrgKnownGroup& known);
  std::optional<OrgKnownGroup> FindGroup(const std::string& group);
  // Pages of the largest known group; at least 1.
  int64_t MostPages();

 private:
  const std::string directory_;
  const std::string scope_;
  TraitStore* const traits_;
  Mutex mutex_;
  std::optional<OrgDirectories> directories_ ABSL_GUARDED_BY(mutex_);
  std::vector<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const StringArena> texts_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, OrgKnownGroup> groups_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::pair<OrgStanding, absl::Time>> single_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_BOOK_H_
