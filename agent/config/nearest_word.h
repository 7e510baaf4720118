// The known word that was most likely meant. Pure.
#ifndef AGENT_CONFIG_NEAREST_WORD_H_
#define AGENT_CONFIG_NEAREST_WORD_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rollcall::config {

// The first of `known` with the fewest edits (letters added, removed, changed, or two neighbours
// swapped) away from `word`; "" where that is more than a third of the word. Words over 64 bytes
// have none.
std::string NearestWord(absl::string_view word, const std::vector<std::string>& known);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_NEAREST_WORD_H_
