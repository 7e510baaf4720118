// Finds the person that somebody means by an e-mail, a user name or a stable id. Pure.
#ifndef AGENT_RUNS_PERSON_LOOKUP_H_
#define AGENT_RUNS_PERSON_LOOKUP_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "reconciler/plan/export.h"

namespace rollcall {

// By stable id first, then by user name, then by e-mail (both folded). nullopt: the export does not
// know them. Exit code 7 (refusal.h) when several people have that name.
absl::StatusOr<std::optional<PersonIndex>> FindPerson(const Export& exported,
                                                      const std::string& query);

}  // namespace rollcall

#endif  // AGENT_RUNS_PERSON_LOOKUP_H_
