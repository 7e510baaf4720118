#include "agent/render/accounts_document.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/render/resources.h"
#include "agent/render/wording.h"

namespace rollcall {
namespace {

struct OddRow {
  const PersonAccounts* person;
  const ConditionRow* row;
};

// By condition; within one by directory and account.
std::map<AccountCondition, std::vector<OddRow>> ByCondition(const ConditionReport& report) {
  std::map<AccountCondition, std::vector<OddRow>> result;
  for (const PersonAccounts& person : report.people) {
    for (const ConditionRow& row : person.rows) result[row.condition].push_back({&person, &row});
  }
  for (auto& [condition, rows] : result) {
    std::sort(rows.begin(), rows.end(), [](const OddRow& a, const OddRow& b) {
      return std::tie(a.row->directory, a.row->account, a.person->subject) <
             std::tie(b.row->directory, b.row->account, b.person->subject);
    });
  }
  return result;
}

std::string Sentence(absl::string_view text) {
  std::string result = absl::StrCat(text, ".");
  result[0] = static_cast<char>(absl::ascii_toupper(static_cast<unsigned char>(result[0])));
  return result;
}

Table TableOf(const std::vector<OddRow>& rows, const ViewOptions& options) {
  Table table;
  table.title = "Who";
  const bool beside = std::any_of(rows.begin(), rows.end(),
                                  [](const OddRow& odd) { return !odd.row->beside.empty(); });
  table.columns = {"Person", "Directory", "Account", "Called", "State"};
  if (beside) table.columns.push_back("Beside");
  const size_t limit = options.rows == 0 ? rows.size() : std::min(rows.size(), options.rows);
  for (size_t i = 0; i < limit; ++i) {
    const auto& [person, row] = rows[i];
    std::vector<std::string> cells = {person->label.empty() ? "nobody known" : person->label,
                                      row->directory, row->account, row->user_name,
                                      InWords(row->state)};
    if (beside) cells.push_back(row->beside);
    table.rows.push_back(std::move(cells));
  }
  if (limit < rows.size()) {
    table.note = absl::StrCat("and ", Grouped(static_cast<int64_t>(rows.size() - limit)),
                              " more: --format json shows all");
  }
  return table;
}

}  // namespace

std::vector<Block> AccountBlocks(const CheckedAccounts& accounts, const ViewOptions& options) {
  std::vector<Block> blocks = {Heading{"Accounts"}};
  const auto odd = ByCondition(accounts.report);
  std::string sentence =
      absl::StrCat(CountOf(accounts.report.people_in_step, "person has", "people have"),
                   " accounts with nothing odd about any.");
  if (odd.empty()) absl::StrAppend(&sentence, " There is nothing else to tell.");
  blocks.push_back(Paragraph{sentence, odd.empty() ? Tone::kGood : Tone::kPlain});
  if (!accounts.unreadable.empty()) {
    blocks.push_back(Paragraph{absl::StrCat("Not looked at, for it could not be read: ",
                                            absl::StrJoin(accounts.unreadable, ", "), "."),
                               Tone::kBad});
  }
  for (const auto& [condition, rows] : odd) {
    const ConditionText& text = TextOf(condition);
    Entry entry;
    entry.tone = Tone::kNotice;
    entry.label = Grouped(static_cast<int64_t>(rows.size()));
    entry.title = text.name;
    entry.lines = {Sentence(text.meaning), absl::StrCat("Cure: ", text.cure, ".")};
    blocks.push_back(std::move(entry));
    blocks.push_back(TableOf(rows, options));
  }
  return blocks;
}

v1::AccountsReport ToResource(const CheckedAccounts& accounts) {
  v1::AccountsReport report;
  report.set_people_in_step(ToCount(accounts.report.people_in_step));
  for (const std::string& directory : accounts.unreadable) report.add_unreadable(directory);
  for (const auto& [condition, rows] : ByCondition(accounts.report)) {
    const ConditionText& text = TextOf(condition);
    v1::AccountCondition* out = report.add_conditions();
    out->set_name(text.name);
    out->set_meaning(text.meaning);
    out->set_cure(text.cure);
    for (const auto& [person, row] : rows) {
      v1::OddAccount* account = out->add_accounts();
      if (!person->label.empty()) account->set_person(person->subject);
      account->set_label(person->label);
      account->set_directory(row->directory);
      account->set_account(row->account);
      account->set_user_name(row->user_name);
      account->set_state(AccountStateName(row->state));
      account->set_beside(row->beside);
    }
  }
  return report;
}

}  // namespace rollcall
