// StatusMap: what a status of the identity provider means, as `export.statuses` says; whatever it
// does not name has the meaning of the format's own table. A value.
#ifndef CLIENTS_IDP_STATUS_MAP_H_
#define CLIENTS_IDP_STATUS_MAP_H_

#include <map>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "reconciler/plan/export.h"

namespace rollcall::idp {

class StatusMap {
 public:
  void Set(std::string status, Standing standing) { meanings_[std::move(status)] = standing; }
  bool empty() const { return meanings_.empty(); }

  // Statuses compare without case. Not named: nullopt.
  std::optional<Standing> Find(absl::string_view status) const {
    for (const auto& [name, standing] : meanings_) {
      if (absl::EqualsIgnoreCase(name, status)) return standing;
    }
    return std::nullopt;
  }

 private:
  std::map<std::string, Standing> meanings_;  // a handful
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_STATUS_MAP_H_
