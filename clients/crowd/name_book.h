// NameBook: which user name belongs to which account id. Crowd is asked by names, plans speak of
// ids. A name may be given to somebody else, so what was learnt is trusted for kFresh only.
// Thread-safe.
//
// Limit: kMaxSingle names learnt one by one; beyond, those are forgotten, which costs reads.
#ifndef CLIENTS_CROWD_NAME_BOOK_H_
#define CLIENTS_CROWD_NAME_BOOK_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "reconciler/base/mutex.h"
#include "reconciler/plan/roster.h"

namespace rollcall {

class NameBook {
 public:
  // As long as groups are not read again before their members change (PRODUCT.md section 7).
  static constexpr absl::Duration kFresh = absl::Seconds(60);
  static constexpr size_t kMaxSingle = 100'000;

  // Everybody, as of `now`. Keeps the roster's texts, no more.
  void LearnAll(const Roster& roster, absl::Time now);
  void Learn(const std::string& id, const std::string& name, absl::Time now);
  // Nothing where it is not known, or too old.
  std::optional<std::string> Find(const std::string& id, absl::Time now);

 private:
  struct Single {
    std::string name;
    absl::Time learnt;
  };

  Mutex mutex_;
  std::shared_ptr<const StringArena> texts_ ABSL_GUARDED_BY(mutex_);
  // Sorted by id.
  std::vector<std::pair<absl::string_view, absl::string_view>> all_ ABSL_GUARDED_BY(mutex_);
  absl::Time learnt_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::flat_hash_map<std::string, Single> single_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_NAME_BOOK_H_
