#include "tests/twins/crowd_names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

bool IsBlank(const std::string& text) { return absl::StripAsciiWhitespace(text).empty(); }

}  // namespace

void DeriveCrowdNames(CrowdUser& user) {
  const bool first_blank = IsBlank(user.first_name);
  bool last_blank = IsBlank(user.last_name);
  if (first_blank) user.first_name.clear();
  if (last_blank) user.last_name.clear();
  bool take_first = first_blank;
  if (IsBlank(user.display_name)) {
    user.display_name =
        absl::StrCat(user.first_name, first_blank || last_blank ? "" : " ", user.last_name);
    if (user.display_name.empty()) user.display_name = user.name;
    if (!last_blank) return;  // a blank first name stays
    take_first = true;        // both are derived
  }
  const std::string display(absl::StripAsciiWhitespace(user.display_name));
  const size_t space = display.find(' ');
  const bool one_word = space == std::string::npos;
  if (take_first) user.first_name = one_word ? "" : display.substr(0, space);
  if (last_blank) user.last_name = one_word ? display : display.substr(space + 1);
}

}  // namespace rollcall::twins
