// What a search asks for: Crowd's query language (email=*bob* and active=true) and its XML form
// (<property-search-restriction>…). Comparisons ignore the case of letters.
#ifndef TESTS_TWINS_CROWD_RESTRICTION_H_
#define TESTS_TWINS_CROWD_RESTRICTION_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/twins/crowd_xml.h"

namespace rollcall::twins {

// The values of a field ("name", "firstName", "createdDate") or custom attribute of one entity.
using CrowdFields = std::function<std::vector<std::string>(const std::string& field)>;
using CrowdRestriction = std::function<bool(const CrowdFields& entity)>;

inline constexpr int kMaxRestrictionDepth = 64;

// Blank text restricts nothing. Nothing for what is no query, or nested too deep.
std::optional<CrowdRestriction> ParseCrowdQuery(absl::string_view text);
std::optional<CrowdRestriction> ReadCrowdRestriction(const XmlNode& node);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_RESTRICTION_H_
