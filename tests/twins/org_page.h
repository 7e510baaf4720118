// Pages of an organisation's lists. A cursor is a token without memory behind it: it holds the
// whole query and where the page before ended, so that everything else is discarded beside it.
//
// Example:
//   OrgListQuery query;
//   if (auto refusal = ReadOrgQuery(call, kUserSearchFields, 50, query)) return *refusal;
//   // ids: what matches, sorted, from query.after on (including it)
//   return OrgPage(call, query, ids, [&](const std::string& id) { return Render(id); });
#ifndef TESTS_TWINS_ORG_PAGE_H_
#define TESTS_TWINS_ORG_PAGE_H_

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "tests/twins/org_call.h"

namespace rollcall::twins {

// What a query may hold beside `cursor` and `limit`.
struct OrgField {
  enum class Kind { kText, kTexts, kFlag, kSort };
  const char* name;
  Kind kind;
  size_t most = 0;                  // items, of kTexts
  std::vector<std::string> values;  // none: any
};

struct OrgListQuery {
  nlohmann::json fields = nlohmann::json::object();
  std::string after;   // id of the last row of the page before; empty: this is the first page
  int64_t number = 1;  // of the page
  int64_t limit = 0;

  bool Has(const char* name) const { return fields.contains(name); }
  std::string Text(const char* name) const;
  // Is the value among those of this field, or is there no such field?
  bool Admits(const char* name, const std::string& value) const;
};

// From the body of a POST or the parameters of a GET. A refusal where the query is not allowed.
std::optional<TwinResponse> ReadOrgQuery(const OrgCall& call, absl::Span<const OrgField> known,
                                         int64_t default_limit, OrgListQuery& query);

// So many ids at least have to be collected for a page.
int64_t OrgLookAhead(const OrgListQuery& query);

// The page of `ids` as data and links; of v1 calls, with a URL as the next one.
nlohmann::json OrgPageBody(const OrgCall& call, const OrgListQuery& query,
                           const std::vector<std::string>& ids,
                           const std::function<nlohmann::json(const std::string& id)>& render);

// A token that means nothing but the text, for links to single records.
std::string OrgToken(const std::string& text);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORG_PAGE_H_
