#include "agent/runs/planning.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "agent/render/json.h"
#include "agent/render/resources.h"
#include "agent/render/wording.h"
#include "agent/runs/plan_resource.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/recorded_people.h"

namespace rollcall {
namespace {

absl::Status Stopped() {
  return WithExitCode(
      ExitCode::kPartial,
      absl::CancelledError("stopped while reading; nothing was planned and nothing was changed"));
}

// SCIM directories and what they provision are planned together: without one, the effects and the
// owners of the other are not known.
bool IsWanted(const PlanRequest& request, const Spec& spec, const DirectorySpec& directory) {
  auto family = [](const DirectorySpec& d) -> const std::string& {
    return d.provisions.empty() ? d.id : d.provisions;
  };
  return request.directories.empty() ||
         std::any_of(request.directories.begin(), request.directories.end(),
                     [&](const std::string& id) {
                       const DirectorySpec* named = spec.FindDirectory(id);
                       return named != nullptr && family(*named) == family(directory);
                     });
}

// Runs `task` for every index side by side and waits for all.
void SideBySide(Runtime& runtime, const std::vector<size_t>& indices,
                const std::function<void(size_t)>& task) {
  std::vector<std::function<void()>> tasks;
  tasks.reserve(indices.size());
  for (const size_t index : indices) tasks.emplace_back([&task, index] { task(index); });
  runtime.RunAll(std::move(tasks));
}

absl::StatusOr<std::string> OnlyOne(const RecordedPeople& known, const std::string& query) {
  if (known.people.size() == 1) return *known.people.begin();
  const std::string cure =
      "; nothing was changed. Correct the export and run the same command again, or name the "
      "person "
      "by the stable id (`rollcall links` lists the recorded ones), or deactivate by hand";
  if (known.people.size() > 1) {
    return Refuse(ExitCode::kUnreadable,
                  absl::StrCat("recorded links tie accounts called ", query,
                               " to several people: ", absl::StrJoin(known.people, ", "), cure));
  }
  const std::string accounts =
      known.unproven.empty()
          ? "no account of that name or e-mail was seen"
          : absl::StrCat(absl::StrJoin(known.unproven, ", "),
                         " bears that name or e-mail, which proves nothing without the export");
  return Refuse(ExitCode::kUnreadable,
                absl::StrCat("no recorded link knows ", query, ": ", accounts, cure));
}

bool MayNamePerson(const std::string& entry, const Spec& spec) {
  const std::vector<std::string>& entries = spec.guards.protected_entries;
  return std::find(entries.begin(), entries.end(), entry) != entries.end() &&
         !absl::StartsWith(entry, "group:") && !absl::StartsWith(entry, "members:");
}

// An entry that fits no account may name the person as the export does (PRODUCT.md section 4:
// `protected` is never waivable).
absl::Status CheckProtectionIsKnown(const Plan& plan, const Spec& spec) {
  std::vector<std::string> unknown;
  for (const Finding& finding : plan.findings) {
    if (finding.name != "protected" || finding.severity == Severity::kWithholding) continue;
    for (const std::string& subject : finding.subjects) {
      if (MayNamePerson(subject, spec)) unknown.push_back(subject);
    }
  }
  if (unknown.empty()) return absl::OkStatus();
  return Refuse(ExitCode::kUnreadable,
                absl::StrCat("without the export nobody can tell whether `protected` means the "
                             "person: no account is called ",
                             absl::StrJoin(unknown, ", "),
                             "; nothing was changed. Correct the export or that entry, and run the "
                             "same command again"));
}

std::string NotKnown(const absl::Status& status) {
  return absl::StrCat("not known: ", status.message());
}

std::string OwnersInWords(const absl::StatusOr<std::vector<std::string>>& owners) {
  if (!owners.ok()) return NotKnown(owners.status());
  return owners->empty() ? "no SCIM directory" : absl::StrJoin(*owners, "; ");
}

std::string DaysLeftInWords(const absl::StatusOr<std::optional<absl::Time>>& earliest,
                            absl::Time now) {
  if (!earliest.ok()) return NotKnown(earliest.status());
  if (!earliest->has_value()) return "days left: not known";
  const int64_t days = absl::ToInt64Hours(**earliest - now) / 24;
  if (**earliest <= now) return "may be final at any moment";
  return absl::StrCat(days == 0 ? "less than a day" : CountOf(days, "day"),
                      " left at least, until ", Stamp(**earliest));
}

}  // namespace

std::string NewId(char kind, Runtime& runtime) {
  return absl::StrFormat("%c-%016x", kind, runtime.Random());
}

absl::StatusOr<Planned> Planning::Make(const Export& exported, const PlanRequest& request,
                                       const CallContext& context) {
  Work work;
  RETURN_IF_ERROR(Prepare(exported, request, context, work));
  PlanResult result = FinishPlan(*work.input, work.draft, work.probes);
  Planned planned;
  planned.document = ToJson(ToResource(result.plan, request.requester));
  RETURN_IF_ERROR(Save(result, exported, request, planned.document, work.mark));
  if (request.only_person.has_value()) {
    planned.person = ExplainPerson(*work.input, work.draft, result.plan, *request.only_person);
  }
  planned.plan = std::move(result.plan);
  if (ports_.observer != nullptr) {
    ports_.observer->PlanEnded(planned.plan, ports_.runtime.Now() - work.now);
  }
  return planned;
}

absl::StatusOr<Planning::FromLinks> Planning::MakeFromLinks(
    const PlanRequest& asked, const std::function<absl::Status(const std::string&)>& found,
    const CallContext& context) {
  const std::string query = asked.only_person.value_or("");
  Work work;
  ASSIGN_OR_RETURN(const Memory before,
                   ports_.store.memory().Load(ports_.runtime.Now(), ports_.export_source));
  const Export nobody = ExportOfNobody(before);
  RETURN_IF_ERROR(Begin(nobody, {}, context, work));
  FromLinks made;
  const RecordedPeople known = FindRecordedPeople(work.memory, work.directories, query);
  ASSIGN_OR_RETURN(made.person, OnlyOne(known, query));
  made.unproven = {known.unproven.begin(), known.unproven.end()};
  RETURN_IF_ERROR(found(made.person));
  ASSIGN_OR_RETURN(work.memory, ports_.store.memory().Load(work.now, ports_.export_source));
  // A hold by e-mail would speak for accounts that nothing ties to the person.
  std::erase_if(work.memory.holds, [](const Hold& hold) { return hold.person.empty(); });
  PlanRequest request;
  request.only_person = made.person;
  RETURN_IF_ERROR(MakeInput(nobody, request, context, work));
  PlanResult result = FinishPlan(*work.input, work.draft, work.probes);
  RETURN_IF_ERROR(CheckProtectionIsKnown(result.plan, ports_.spec));
  made.planned.document = ToJson(ToResource(result.plan, asked.requester));
  RETURN_IF_ERROR(
      ports_.store.plans().Save(result.plan, made.planned.document, work.mark, asked.requester));
  made.planned.person = ExplainPerson(*work.input, work.draft, result.plan, query);
  made.planned.plan = std::move(result.plan);
  return made;
}

absl::StatusOr<Explanation> Planning::Explain(const Export& exported, const std::string& query,
                                              const CallContext& context) {
  Work work;
  RETURN_IF_ERROR(Prepare(exported, {}, context, work));
  const PlanResult result = FinishPlan(*work.input, work.draft, work.probes);
  return ExplainPerson(*work.input, work.draft, result.plan, query);
}

absl::StatusOr<Planning::Accounts> Planning::FindOddAccounts(const Export& exported,
                                                             const CallContext& context) {
  Work work;
  RETURN_IF_ERROR(Prepare(exported, {}, context, work));
  Accounts accounts{FindConditions(*work.input, work.draft, Conditions::kAll),
                    work.draft.unreadable};
  AskAbout(accounts.report, context);
  return accounts;
}

void Planning::AskAbout(ConditionReport& report, const CallContext& context) const {
  int asked = 0;
  for (PersonAccounts& person : report.people) {
    for (ConditionRow& row : person.rows) {
      const bool owner = row.condition == AccountCondition::kOwnerNotConfigured;
      if (!owner && row.condition != AccountCondition::kPendingDeletion) continue;
      if (++asked > kMostAsked || context.stopped()) return;
      DirectoryReader& reader = *ports_.readers.at(row.directory);
      row.beside = owner ? OwnersInWords(reader.OwnersOf(row.account, context))
                         : DaysLeftInWords(reader.DeletedNotBefore(row.account, context),
                                           ports_.runtime.Now());
    }
  }
}

absl::StatusOr<int64_t> Planning::CountChanges(const Export& exported, const PlanRequest& request,
                                               const CallContext& context) {
  Work work;
  RETURN_IF_ERROR(Prepare(exported, request, context, work));
  if (!work.draft.unreadable.empty()) {
    return absl::DataLossError(
        absl::StrCat(work.draft.unreadable.front(), " could not be read again"));
  }
  const PlanResult result = FinishPlan(*work.input, work.draft, work.probes);
  return static_cast<int64_t>(result.plan.changes.size());
}

absl::Status Planning::Prepare(const Export& exported, const PlanRequest& request,
                               const CallContext& context, Work& work) {
  RETURN_IF_ERROR(Begin(exported, request, context, work));
  ExtendHoldsToGonePeople(exported, work.directories, work.memory);
  return MakeInput(exported, request, context, work);
}

absl::Status Planning::Begin(const Export& exported, const PlanRequest& request,
                             const CallContext& context, Work& work) {
  work.now = ports_.runtime.Now();
  ASSIGN_OR_RETURN(work.mark, ports_.store.runs().Mark());
  work.sent_before = RequestsSent();
  ASSIGN_OR_RETURN(work.memory, ports_.store.memory().Load(work.now, ports_.export_source));
  return ReadDirectories(exported, request, context, work);
}

absl::Status Planning::MakeInput(const Export& exported, const PlanRequest& request,
                                 const CallContext& context, Work& work) {
  work.input.emplace(
      PlanInput{.spec = ports_.spec,
                .exported = exported,
                .memory = work.memory,
                .directories = work.directories,
                .now = work.now,
                .only_person = request.only_person,
                .requests_used = 0,
                .plan_id = request.plan_id.empty() ? NewId('p', ports_.runtime) : request.plan_id,
                .state_id = ports_.store.state_id()});
  RETURN_IF_ERROR(DraftAndProbe(context, work));
  work.input->requests_used = RequestsSent() - work.sent_before;
  return absl::OkStatus();
}

absl::Status Planning::ReadDirectories(const Export& exported, const PlanRequest& request,
                                       const CallContext& context, Work& work) {
  std::vector<size_t> wanted;
  for (size_t i = 0; i < ports_.spec.directories.size(); ++i) {
    DirectoryInput& input = work.directories.emplace_back();
    input.id = ports_.spec.directories[i].id;
    input.traits = ports_.readers.at(input.id)->Traits();
    if (IsWanted(request, ports_.spec, ports_.spec.directories[i])) wanted.push_back(i);
  }
  SideBySide(ports_.runtime, wanted, [&](size_t i) {
    DirectoryInput& input = work.directories[i];
    const ManagedGroupFilter filter(ports_.spec, ports_.spec.directories[i], exported);
    DirectoryReader& reader = *ports_.readers.at(input.id);
    absl::StatusOr<Snapshot> snapshot = reader.ReadAll(filter, context);
    if (snapshot.ok()) {
      input.snapshot = *std::move(snapshot);
    } else {
      input.unreadable = std::string(snapshot.status().message());
      if (input.unreadable.empty()) input.unreadable = snapshot.status().ToString();
    }
    // What a server turned out to support is known now.
    input.traits = reader.Traits();
  });
  return context.stopped() ? Stopped() : absl::OkStatus();
}

absl::Status Planning::DraftAndProbe(const CallContext& context, Work& work) {
  // Each round takes at least one directory out, so there is an end.
  for (size_t round = 0; round <= work.directories.size(); ++round) {
    work.draft = MakeDraft(*work.input);
    const std::map<std::string, ProbeRequest> requests = WhatToProbe(work.draft);
    std::vector<size_t> asked;
    std::vector<absl::StatusOr<ProbeResult>> answers(work.directories.size(), ProbeResult());
    for (size_t i = 0; i < work.directories.size(); ++i) {
      if (requests.contains(work.directories[i].id)) asked.push_back(i);
    }
    SideBySide(ports_.runtime, asked, [&](size_t i) {
      const std::string& id = work.directories[i].id;
      answers[i] = ports_.readers.at(id)->Probe(requests.at(id), context);
    });
    if (context.stopped()) return Stopped();
    bool all_probed = true;
    work.probes.clear();
    for (const size_t i : asked) {
      DirectoryInput& input = work.directories[i];
      if (answers[i].ok()) {
        work.probes[input.id] = *std::move(answers[i]);
        continue;
      }
      all_probed = false;
      input.snapshot.reset();
      input.unreadable = absl::StrCat("who owns its accounts could not be read: ",
                                      std::string(answers[i].status().message()));
    }
    if (all_probed) return absl::OkStatus();
  }
  return absl::InternalError("probing did not come to an end");
}

absl::Status Planning::Save(const PlanResult& result, const Export& exported,
                            const PlanRequest& request, const std::string& document, int64_t mark) {
  if (request.only_person.has_value() || request.origin == ExportOrigin::kOther) {
    return ports_.store.plans().Save(result.plan, document, mark, request.requester);
  }
  return ports_.store.SaveAndRemember(result, document,
                                      ExportFacts::Of(exported, ports_.export_source),
                                      ports_.runtime.Now(), mark);
}

int64_t Planning::RequestsSent() const {
  int64_t sent = 0;
  for (const auto& [id, reader] : ports_.readers) sent += reader->requests_sent();
  return sent;
}

}  // namespace rollcall
