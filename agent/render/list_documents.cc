#include "agent/render/list_documents.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "agent/render/from_resources.h"
#include "agent/render/resources.h"
#include "agent/render/wording.h"

namespace rollcall {
namespace {

const char* RecordedProof(Proof proof) {
  switch (proof) {
    case Proof::kByHand:
      return "by hand";
    case Proof::kRecordedId:
      return "id";
    default:
      return "name";
  }
}

Document ListDocument(const std::string& title, const std::string& noun, Table table) {
  Document document;
  document.title = absl::StrCat("Rollcall ", title);
  const auto n = static_cast<int64_t>(table.rows.size());
  document.blocks.push_back(Headline{Tone::kPlain, CountOf(n, noun), ""});
  if (n > 0) {
    table.title = title;
    document.blocks.push_back(std::move(table));
  }
  return document;
}

bool IsOver(const Hold& hold, absl::Time now) {
  return hold.until.has_value() && *hold.until <= now;
}

std::string EndOf(const Hold& hold, absl::Time now) {
  if (!hold.until.has_value()) return "until ended by hand";
  return absl::StrCat(IsOver(hold, now) ? "over since " : "until ", Stamp(*hold.until));
}

std::string StampOf(const google::protobuf::Timestamp& time) {
  return Stamp(absl::FromUnixSeconds(time.seconds()));
}

}  // namespace

Document LinksDocument(const std::vector<RecordedLink>& links) {
  Table table;
  table.columns = {"directory", "account", "person", "proof", "reason"};
  for (const RecordedLink& link : links) {
    table.rows.push_back(
        {link.directory, link.account, absl::StrCat(link.severed ? "not " : "", link.person),
         link.severed ? "severed by hand" : RecordedProof(link.proof), link.reason});
  }
  return ListDocument("Links", "link", std::move(table));
}

v1::LinkList ToResource(const std::vector<RecordedLink>& links) {
  v1::LinkList result;
  for (const RecordedLink& link : links) {
    v1::Link* out = result.add_links();
    out->set_directory(link.directory);
    out->set_account(link.account);
    out->set_person(link.person);
    out->set_proof(RecordedProof(link.proof));
    out->set_reason(link.reason);
    out->set_severed(link.severed);
  }
  return result;
}

Document HoldsDocument(const std::vector<Hold>& holds, absl::Time now) {
  Table table;
  table.columns = {"id", "person", "is kept", "for how long", "reason", "recorded"};
  for (const Hold& hold : holds) {
    const std::string who = hold.person.empty() || hold.person == hold.email
                                ? hold.email
                                : absl::StrCat(hold.email, " (", hold.person, ")");
    table.rows.push_back({absl::StrCat(hold.id), who,
                          hold.kind == Hold::Kind::kDeactivated ? "out" : "in", EndOf(hold, now),
                          hold.reason, Stamp(hold.created)});
  }
  return ListDocument("Holds", "hold", std::move(table));
}

v1::HoldList ToResource(const std::vector<Hold>& holds) {
  v1::HoldList result;
  for (const Hold& hold : holds) {
    v1::Hold* out = result.add_holds();
    out->set_id(ToCount(hold.id));
    out->set_person(hold.person);
    out->set_email(hold.email);
    out->set_kind(hold.kind == Hold::Kind::kDeactivated ? v1::Hold::DEACTIVATED
                                                        : v1::Hold::ACTIVATED);
    out->set_reason(hold.reason);
    SetTimestamp(hold.created, out->mutable_create_time());
    if (hold.until.has_value()) SetTimestamp(*hold.until, out->mutable_end_time());
  }
  return result;
}

Document PlansDocument(const v1::PlanList& plans) {
  Table table;
  table.columns = {"id", "state", "made", "changes"};
  for (const v1::Plan& listed : plans.plans()) {
    const Plan plan = FromResource(listed);
    const std::string changes = InWords(plan.counts);
    table.rows.push_back({plan.id, PlanStateName(plan.state), Stamp(plan.create_time),
                          changes.empty() ? "none" : changes});
  }
  return ListDocument("Plans", "plan", std::move(table));
}

Document RunsDocument(const v1::RunList& runs) {
  Table table;
  table.columns = {"id", "plan", "state", "begun", "changes", "drift"};
  for (const v1::Run& listed : runs.runs()) {
    const RunRecord run = FromResource(listed);
    table.rows.push_back(
        {run.id, run.plan, RunStateName(run.state), Stamp(run.started),
         CountOf(listed.progress().total(), "change"),
         HasEnded(run.state) ? absl::StrCat(Grouped(run.drift_left), " left") : "not ended"});
  }
  return ListDocument("Runs", "run", std::move(table));
}

Document SchedulesDocument(const v1::ListSchedulesResponse& schedules) {
  Table table;
  table.columns = {"name", "does", "when", "last start", "ended", "result", "next start", "note"};
  for (const v1::ScheduleStatus& one : schedules.schedules()) {
    std::vector<std::string> notes;
    if (one.failures() > 0) {
      notes.push_back(absl::StrCat("failed ", CountOf(one.failures(), "time"), " in a row"));
    }
    if (one.has_backing_off_until()) {
      notes.push_back(absl::StrCat("left out until ", StampOf(one.backing_off_until())));
    }
    if (!one.last_skip().empty()) notes.push_back(absl::StrCat("skipped ", one.last_skip()));
    table.rows.push_back(
        {std::string(absl::StripPrefix(one.name(), "schedules/")),
         one.action() == v1::ScheduleStatus::APPLY ? "apply" : "plan",
         absl::StrCat(one.cron(), " ", one.time_zone()),
         one.has_last_start_time() ? absl::StrCat("started ", StampOf(one.last_start_time()))
                                   : "never started",
         one.has_last_end_time()     ? absl::StrCat("ended ", StampOf(one.last_end_time()))
         : one.has_last_start_time() ? "not ended"
                                     : "",
         one.last_result(),
         one.has_next_start_time() ? absl::StrCat("next ", StampOf(one.next_start_time())) : "",
         absl::StrJoin(notes, "; ")});
  }
  return ListDocument("Schedules", "schedule", std::move(table));
}

}  // namespace rollcall
