#include "agent/repair/repair_document.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "agent/render/resources.h"
#include "agent/render/wording.h"
#include "agent/repair/repair_steps.h"

namespace rollcall {
namespace {

std::string AsSentence(const std::string& text) {
  if (text.empty()) return text;
  std::string result = absl::StrCat(text, text.back() == '.' ? "" : ".");
  result[0] = static_cast<char>(absl::ascii_toupper(static_cast<unsigned char>(result[0])));
  return result;
}

const char* KindName(RepairStep::Kind kind) {
  switch (kind) {
    case RepairStep::Kind::kUnlink:
      return "UNLINK";
    case RepairStep::Kind::kDeleteRecords:
      return "DELETE_RECORDS";
    case RepairStep::Kind::kWait:
      return "WAIT";
    case RepairStep::Kind::kByHand:
      break;
  }
  return "BY_HAND";
}

const char* OutcomeName(RepairOutcome outcome) {
  switch (outcome) {
    case RepairOutcome::kDone:
      return "DONE";
    case RepairOutcome::kNotSeen:
      return "NOT_SEEN";
    case RepairOutcome::kRefused:
      return "REFUSED";
    case RepairOutcome::kOpen:
      break;
  }
  return "OPEN";
}

const char* OutcomeName(const RepairStep& step) {
  if (step.declined) return "DECLINED";
  return OutcomeName(step.outcome.value_or(RepairOutcome::kOpen));
}

Tone ToneOf(const RepairStep& step) {
  if (step.declined || !step.outcome.has_value()) return Tone::kNotice;
  return *step.outcome == RepairOutcome::kDone ? Tone::kGood : Tone::kBad;
}

Entry StepEntry(const RepairStep& step, size_t number) {
  Entry entry;
  entry.tone = ToneOf(step);
  entry.label = absl::StrCat("STEP ", number);
  entry.title = step.title;
  if (step.IsSent()) {
    entry.lines.push_back(absl::StrCat("Sends: ", step.sends));
  } else if (step.kind == RepairStep::Kind::kByHand) {
    entry.lines.push_back(absl::StrCat("By hand, in: ", step.where, "."));
  }
  entry.lines.push_back(AsSentence(step.meaning));
  for (const std::string& loss : step.losses) {
    entry.lines.push_back(absl::StrCat("Lost: ", loss, "."));
  }
  entry.lines.push_back(absl::StrCat("Done when: ", step.seen_by, "."));
  if (step.outcome.has_value() || step.declined) {
    entry.lines.push_back(
        absl::StrCat(OutcomeName(step), step.message.empty() ? "" : ": ", step.message, "."));
  }
  return entry;
}

Table AccountTable(const RepairView& view) {
  Table table;
  table.title = "Accounts";
  table.columns = {"account", "e-mail", "state"};
  for (const SeenAccount& account : view.accounts) {
    table.rows.push_back({account.id, account.email, InWords(account.state)});
  }
  return table;
}

Table RecordTable(const RepairView& view) {
  Table table;
  table.title = "SCIM records";
  table.columns = {"record", "owns account", "directory", "user name", "e-mail"};
  for (const SeenRecord& record : view.records) {
    table.rows.push_back({NameOf(record.link),
                          record.link.account.empty() ? "none" : record.link.account,
                          record.directory.empty() ? "not configured" : record.directory,
                          record.user_name, record.email});
  }
  return table;
}

Headline HeadlineOf(const RepairView& view) {
  const bool open = std::any_of(view.steps.begin(), view.steps.end(), [](const RepairStep& step) {
    return step.outcome != RepairOutcome::kDone;
  });
  if (open) return {Tone::kNotice, "OPEN", view.summary};
  return {view.steps.empty() ? Tone::kPlain : Tone::kGood, view.steps.empty() ? "LINKS" : "DONE",
          view.summary};
}

}  // namespace

Document RepairDocument(const RepairView& view) {
  Document document;
  document.title = "Rollcall SCIM links";
  document.blocks.push_back(HeadlineOf(view));
  if (!view.accounts.empty()) document.blocks.push_back(AccountTable(view));
  if (!view.records.empty()) document.blocks.push_back(RecordTable(view));
  for (size_t i = 0; i < view.steps.size(); ++i) {
    document.blocks.push_back(StepEntry(view.steps[i], i + 1));
  }
  for (const std::string& note : view.notes) {
    document.blocks.push_back(Paragraph{AsSentence(note), Tone::kNotice});
  }
  return document;
}

Document StepDocument(const RepairStep& step, size_t number) {
  Document document;
  document.title = "Rollcall SCIM links";
  document.blocks.push_back(StepEntry(step, number));
  return document;
}

v1::ScimLinkReport ToResource(const RepairView& view, ExitCode code) {
  v1::ScimLinkReport report;
  report.set_query(view.query);
  report.set_organisation(view.organisation);
  for (const SeenAccount& account : view.accounts) {
    v1::LinkedAccount* out = report.add_accounts();
    out->set_id(account.id);
    out->set_email(account.email);
    out->set_state(AccountStateName(account.state));
  }
  for (const SeenRecord& record : view.records) {
    v1::ScimRecord* out = report.add_records();
    out->set_scim_directory(record.link.directory);
    out->set_record(record.link.record);
    out->set_account(record.link.account);
    out->set_directory(record.directory);
    out->set_user_name(record.user_name);
    out->set_email(record.email);
  }
  for (const RepairStep& step : view.steps) {
    v1::RepairStep* out = report.add_steps();
    out->set_kind(KindName(step.kind));
    out->set_title(step.title);
    out->set_sends(step.sends);
    out->set_where(step.where);
    out->set_meaning(step.meaning);
    for (const std::string& loss : step.losses) out->add_losses(loss);
    out->set_seen_by(step.seen_by);
    out->set_outcome(OutcomeName(step));
    out->set_message(step.message);
  }
  for (const std::string& note : view.notes) report.add_notes(note);
  report.set_summary(view.summary);
  report.set_exit_code(static_cast<int>(code));
  return report;
}

Document RepairHistoryDocument(const std::vector<RepairRecord>& repairs) {
  Document document;
  document.title = "Rollcall repairs of SCIM links";
  document.blocks.push_back(
      Headline{Tone::kPlain, CountOf(static_cast<int64_t>(repairs.size()), "repair"), ""});
  if (repairs.empty()) return document;
  Table table;
  table.title = "Repairs";
  table.columns = {"number", "time", "in", "what", "account", "record", "reason", "outcome"};
  for (const RepairRecord& repair : repairs) {
    const bool unlinks = repair.action == RepairAction::kUnlink;
    table.rows.push_back(
        {absl::StrCat(repair.number), Stamp(repair.time), repair.organisation,
         unlinks ? "unlink" : "delete records", repair.account,
         unlinks ? NameOf({repair.scim_directory, repair.record, ""}) : "all", repair.reason,
         repair.ended.has_value()
             ? absl::StrCat(OutcomeName(repair.outcome), ": ", repair.message)
             : "OPEN: at work, or interrupted; the next repair that is applied looks"});
  }
  document.blocks.push_back(std::move(table));
  return document;
}

v1::ScimRepairHistory ToResource(const std::vector<RepairRecord>& repairs) {
  v1::ScimRepairHistory history;
  for (const RepairRecord& repair : repairs) {
    v1::ScimRepair* out = history.add_repairs();
    out->set_number(ToCount(repair.number));
    SetTimestamp(repair.time, out->mutable_time());
    out->set_organisation(repair.organisation);
    out->set_action(repair.action == RepairAction::kUnlink ? "UNLINK" : "DELETE_RECORDS");
    out->set_account(repair.account);
    out->set_scim_directory(repair.scim_directory);
    out->set_record(repair.record);
    out->set_reason(repair.reason);
    out->set_outcome(OutcomeName(repair.outcome));
    if (repair.ended.has_value()) SetTimestamp(*repair.ended, out->mutable_end_time());
    out->set_message(repair.message);
  }
  return history;
}

}  // namespace rollcall
