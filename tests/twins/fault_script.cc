#include "tests/twins/fault_script.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

// `*` stands for any run of characters. Greedy with one step back: linear for one star, and never
// worse than the product of both lengths.
bool GlobMatches(absl::string_view pattern, absl::string_view text) {
  size_t p = 0, t = 0, star = absl::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != absl::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool IsMeant(const FaultRule& rule, const TwinRequest& request) {
  const size_t mark = request.target.find('?');
  const absl::string_view target = request.target;
  const absl::string_view query =
      mark == std::string::npos ? absl::string_view() : target.substr(mark + 1);
  return (rule.method.empty() || rule.method == request.method) &&
         GlobMatches(rule.path, target.substr(0, mark)) && absl::StrContains(query, rule.query);
}

bool IsItsTurn(const FaultRule& rule, const FaultAccount& account) {
  if (rule.times > 0 && account.met >= rule.times) return false;
  if (rule.every > 0) return account.seen % rule.every == 0;
  return account.seen >= rule.nth;
}

}  // namespace

void FaultScript::Add(FaultRule rule) {
  if (rule.name.empty()) rule.name = absl::StrCat("fault ", entries_.size() + 1);
  entries_.push_back({std::move(rule), {}});
}

const FaultEffect* FaultScript::Next(const TwinRequest& request) {
  const FaultEffect* effect = nullptr;
  for (Entry& entry : entries_) {
    if (!IsMeant(entry.rule, request)) continue;
    ++entry.account.seen;
    if (effect == nullptr && IsItsTurn(entry.rule, entry.account)) {
      ++entry.account.met;
      effect = &entry.rule.effect;
    }
  }
  return effect;
}

std::vector<std::string> FaultScript::Unmet() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    const int64_t expected = entry.rule.times > 0 ? entry.rule.times : 1;
    if (entry.account.met < expected) names.push_back(entry.rule.name);
  }
  return names;
}

nlohmann::json FaultScript::Report() const {
  nlohmann::json report = {{"faults", nlohmann::json::array()}, {"unmet", Unmet()}};
  for (const Entry& entry : entries_) {
    report["faults"].push_back({{"name", entry.rule.name},
                                {"seen", entry.account.seen},
                                {"met", entry.account.met},
                                {"times", entry.rule.times}});
  }
  return report;
}

}  // namespace rollcall::twins
