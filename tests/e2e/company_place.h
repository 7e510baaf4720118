// A workplace with an invented company in three directories: a Crowd, an Atlassian organisation and
// the SCIM directory that provisions it. One thread.
//
//   CompanyPlace place(options);     // tests/twins/company.h; with cloud and crowd
//   place->MakePlan();
#ifndef TESTS_E2E_COMPANY_PLACE_H_
#define TESTS_E2E_COMPANY_PLACE_H_

#include <memory>
#include <string>

#include "tests/e2e/workplace.h"
#include "tests/twins/company.h"

namespace rollcall {

struct CompanyPlaceOptions {
  twins::CompanyOptions company;
  std::string state = "rollcall.db";  // path of the state file
  std::string crowd_options = "";     // YAML, "page_size: 1000, "
  std::string guards = "";            // YAML, a line of its own
};

class CompanyPlace {
 public:
  explicit CompanyPlace(const CompanyPlaceOptions& options);

  Workplace* operator->() { return &place_; }
  Workplace& operator*() { return place_; }
  twins::Company MakeCompany() const;

 private:
  const CompanyPlaceOptions options_;
  Workplace place_;
};

}  // namespace rollcall

#endif  // TESTS_E2E_COMPANY_PLACE_H_
