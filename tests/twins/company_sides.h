// The sides of an invented company beside its SCIM directory: what the Atlassian organisation and
// the Crowd hold of the same people. Pure but for the world that they write to.
#ifndef TESTS_TWINS_COMPANY_SIDES_H_
#define TESTS_TWINS_COMPANY_SIDES_H_

#include <vector>

#include "absl/time/time.h"
#include "tests/twins/company_row.h"

namespace rollcall::twins {

// An organisation with the accounts of all rows that have one, and groups that follow SCIM's; a
// Jira site on its main directory.
void WriteCloudSide(const std::vector<CompanyRow>& rows, const std::vector<CompanyGroup>& groups,
                    uint64_t seed, World& world);

// A Crowd of one directory with a user for every row that has an account elsewhere.
void WriteCrowdSide(const std::vector<CompanyRow>& rows, const std::vector<CompanyGroup>& groups,
                    absl::Time created, World& world);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_COMPANY_SIDES_H_
