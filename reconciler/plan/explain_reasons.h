// The sentences of `explain`: why an account belongs to whom, why somebody is entitled, why a
// membership is as it is. Each cites its rule. Internal to explain. Pure.
#ifndef RECONCILER_PLAN_EXPLAIN_REASONS_H_
#define RECONCILER_PLAN_EXPLAIN_REASONS_H_

#include "reconciler/plan/explain.h"

namespace rollcall {

Cited WhyLinked(const DraftDirectory& directory, AccountIndex account, absl::string_view person);

Cited WhyEntitled(const DirectorySpec& directory, const Export& exported, PersonIndex person,
                  bool entitled, bool excluded);

// `group.member`, `listed` and `should_member` are set.
Cited WhyMember(const DraftDirectory& directory, const ManagedGroup& managed,
                const ExplainedGroup& group, AccountIndex account);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_EXPLAIN_REASONS_H_
