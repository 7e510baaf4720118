#include "agent/config/guards_spec.h"

#include "agent/config/spans.h"

namespace rollcall::config {
namespace {

// A key that is left out keeps the guard's default.
void Override(const v1::Limit& from, Limit* limit) {
  limit->on = !from.off();
  if (from.has_floor()) limit->floor = from.floor();
  if (from.has_percent()) limit->percent = from.percent();
  if (from.has_count()) limit->count = from.count();
}

void OverrideSwitches(const v1::Guards& from, GuardSpec* to) {
  if (from.has_empty_export()) to->empty_export = from.empty_export();
  if (from.has_duplicate_people()) to->duplicate_people = from.duplicate_people();
  if (from.has_first_run()) to->first_run = from.first_run();
  if (from.has_emptied_group()) to->emptied_group = from.emptied_group();
}

void OverrideExportGuards(const v1::Guards& from, GuardSpec* to) {
  if (from.shrunken_export().has_percent()) {
    to->shrunken_export_percent = from.shrunken_export().percent();
  }
  if (from.shrunken_export().off()) to->shrunken_export_percent.reset();
  if (from.stale_export().has_limit()) to->stale_export = ToSpan(from.stale_export().limit());
  if (from.stale_export().off()) to->stale_export.reset();
}

void OverrideAdminGuards(const v1::Guards& from, GuardSpec* to) {
  const v1::MinAdmins& admins = from.min_admins();
  to->min_admins = !admins.off();
  to->min_admins_groups.assign(admins.groups().begin(), admins.groups().end());
  if (admins.has_limit()) to->min_admins_limit = admins.limit();
  const v1::Privileged& privileged = from.privileged();
  to->privileged = !privileged.off();
  if (privileged.groups_size() > 0) {
    to->privileged_groups.assign(privileged.groups().begin(), privileged.groups().end());
  }
}

}  // namespace

GuardSpec ToGuards(const v1::Guards& guards) {
  GuardSpec spec;
  OverrideSwitches(guards, &spec);
  OverrideExportGuards(guards, &spec);
  Override(guards.max_deactivations(), &spec.max_deactivations);
  Override(guards.max_activations(), &spec.max_activations);
  Override(guards.max_removals(), &spec.max_removals);
  Override(guards.max_additions(), &spec.max_additions);
  Override(guards.max_group_removals(), &spec.max_group_removals);
  OverrideAdminGuards(guards, &spec);
  spec.protected_entries.assign(guards.protected_().begin(), guards.protected_().end());
  return spec;
}

}  // namespace rollcall::config
