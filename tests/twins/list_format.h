// ListFormat: how Okta, Entra and Google list a company's people and groups: what a record looks
// like, and under which key a page holds its records and names the next one. Pure.
#ifndef TESTS_TWINS_LIST_FORMAT_H_
#define TESTS_TWINS_LIST_FORMAT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "tests/twins/company.h"

namespace rollcall::twins {

struct ListFormat {
  std::string people_key;  // empty: one array, without pages
  std::string groups_key;
  std::string next_key;
  nlohmann::json (*person)(const CompanyPerson& person);
  nlohmann::json (*group)(const CompanyGroup& group);
};

// Of kOkta, kEntra and kGoogle.
ListFormat ListFormatOf(ExportFormat format);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_LIST_FORMAT_H_
