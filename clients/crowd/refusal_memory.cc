#include "clients/crowd/refusal_memory.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace rollcall {
namespace {

struct RefusedKind {
  RefusalMemory::Write write;
  const char* trait;
  const char* what;
  const char* permission;
};
constexpr RefusedKind kRefusedKinds[] = {
    {RefusalMemory::Write::kUser, "refused_users", "a change of a user", "Modify user"},
    {RefusalMemory::Write::kMembership, "refused_memberships", "a change of a membership",
     "Modify group"}};

}  // namespace

RefusalMemory::RefusalMemory(std::string directory, TraitStore* traits, Runtime& runtime)
    : directory_(std::move(directory)), traits_(traits), runtime_(runtime) {}

void RefusalMemory::Note(Write write, const WriteReply& reply) {
  const bool refused = reply.status.GetPayload(kFindingPayload) == absl::Cord("read_only");
  if (traits_ == nullptr || !(refused || (reply.status.ok() && reply.attempts > 0))) return;
  for (const RefusedKind& kind : kRefusedKinds) {
    if (kind.write != write) continue;
    const bool known = !traits_->Get(directory_, kind.trait).value_or("").empty();
    if (known == refused) continue;
    traits_->Set(
        directory_, kind.trait,
        refused ? absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", runtime_.Now(), absl::UTCTimeZone())
                : "");
  }
}

std::vector<std::string> RefusalMemory::Warnings() const {
  std::vector<std::string> warnings;
  if (traits_ == nullptr) return warnings;
  for (const RefusedKind& kind : kRefusedKinds) {
    const std::string since = traits_->Get(directory_, kind.trait).value_or("");
    if (since.empty()) continue;
    warnings.push_back(absl::StrCat(
        kind.what, " was refused for lack of a permission (first at ", since,
        ", and none has worked since): give the application and its directory the permission \"",
        kind.permission, "\" in Crowd, or set `apply: false` here"));
  }
  return warnings;
}

}  // namespace rollcall
