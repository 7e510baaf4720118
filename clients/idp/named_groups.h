// NamedGroups: groups that one finding is about: all are counted, the first ones named. A value.
#ifndef CLIENTS_IDP_NAMED_GROUPS_H_
#define CLIENTS_IDP_NAMED_GROUPS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/idp/shown.h"

namespace rollcall::idp {

class NamedGroups {
 public:
  static constexpr size_t kNamed = 100;
  static constexpr size_t kInSentence = 5;

  void Add(absl::string_view name) {
    ++count_;
    if (names_.size() < kNamed) names_.emplace_back(name);
  }
  int64_t count() const { return count_; }
  const std::vector<std::string>& names() const { return names_; }  // at most kNamed

  // `the group "a" has`, `2 groups ("a", "b") have`.
  std::string Have() const {
    if (count_ == 1) return absl::StrCat("the group ", Shown(names_.front()), " has");
    std::string text = absl::StrCat(count_, " groups (");
    for (size_t i = 0; i < names_.size() && i < kInSentence; ++i) {
      absl::StrAppend(&text, i == 0 ? "" : ", ", Shown(names_[i]));
    }
    absl::StrAppend(&text, count_ > static_cast<int64_t>(kInSentence) ? ", …) have" : ") have");
    return text;
  }

 private:
  int64_t count_ = 0;
  std::vector<std::string> names_;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_NAMED_GROUPS_H_
