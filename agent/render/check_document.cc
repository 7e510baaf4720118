#include "agent/render/check_document.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "agent/render/accounts_document.h"
#include "agent/render/plan_document.h"
#include "agent/render/resources.h"
#include "agent/render/wording.h"

namespace rollcall {
namespace {

Entry DirectoryEntry(const DirectorySpec& spec, const DirectoryCheck& check) {
  Entry entry;
  entry.tone = !check.faults.empty()     ? Tone::kBad
               : !check.warnings.empty() ? Tone::kNotice
                                         : Tone::kGood;
  entry.label = check.faults.empty() ? "OK" : "FAULT";
  entry.title = absl::StrCat(spec.id, " (", KindName(spec.kind), ")");
  if (!check.server.empty()) entry.lines.push_back(absl::StrCat("Server: ", check.server));
  entry.lines.push_back(absl::StrCat(check.reachable ? "Reachable" : "Not reachable", ", ",
                                     check.signed_in ? "signed in." : "not signed in."));
  for (const std::string& line : check.may) entry.lines.push_back(absl::StrCat("May: ", line));
  if (!spec.apply) entry.lines.push_back("Planned only: `apply: false` in the configuration.");
  for (const std::string& line : check.faults) entry.lines.push_back(absl::StrCat("Fault: ", line));
  for (const std::string& line : check.warnings) {
    entry.lines.push_back(absl::StrCat("Warning: ", line));
  }
  return entry;
}

Entry ExportEntry(const ExportSummary& exported) {
  Entry entry;
  entry.title = "export";
  if (!exported.fault.empty()) {
    entry.tone = Tone::kBad;
    entry.label = "FAULT";
    entry.lines = {exported.fault};
    return entry;
  }
  entry.tone = Tone::kGood;
  entry.label = "OK";
  entry.lines.push_back(absl::StrCat(
      exported.source, " (", exported.format, ")",
      exported.time.has_value() ? absl::StrCat(", of ", Stamp(*exported.time)) : std::string()));
  entry.lines.push_back(absl::StrCat(CountOf(exported.counts.people, "person", "people"), ", ",
                                     Grouped(exported.counts.active_people), " of them active; ",
                                     CountOf(exported.counts.groups, "group"), " with ",
                                     CountOf(exported.counts.memberships, "membership"), "."));
  return entry;
}

Headline CheckHeadline(const CheckResults& results) {
  if (results.ok()) {
    return {Tone::kGood, "OK",
            absl::StrCat("the export and ",
                         CountOf(static_cast<int64_t>(results.directories.size()), "directory",
                                 "directories"),
                         " can be worked with. Nothing was written.")};
  }
  const int64_t faults = results.faults();
  std::string sentence;
  if (faults > 0) {
    sentence = absl::StrCat(
        CountOf(faults, "fault"), " in ",
        CountOf(static_cast<int64_t>(results.directories.size()), "directory", "directories"));
  }
  if (!results.exported.fault.empty()) {
    absl::StrAppend(&sentence, sentence.empty() ? "" : ", and ", "the export cannot be read");
  }
  return {Tone::kBad, "FAULT", absl::StrCat(sentence, ". Nothing was written.")};
}

void SetExport(const ExportSummary& exported, v1::ExportReport* out) {
  out->set_source(exported.source);
  out->set_format(exported.format);
  if (exported.time.has_value()) SetTimestamp(*exported.time, out->mutable_time());
  out->set_people(ToCount(exported.counts.people));
  out->set_active_people(ToCount(exported.counts.active_people));
  out->set_groups(ToCount(exported.counts.groups));
  out->set_memberships(ToCount(exported.counts.memberships));
  for (const Finding& finding : exported.findings) *out->add_findings() = ToResource(finding);
  out->set_fault(exported.fault);
}

}  // namespace

ExportSummary Summarize(const Export& exported) {
  ExportSummary summary;
  summary.source = exported.source;
  summary.format = exported.format;
  summary.time = exported.time;
  summary.counts = exported.Counts();
  summary.findings = exported.findings;
  return summary;
}

int64_t CheckResults::faults() const {
  int64_t count = 0;
  for (const auto& [spec, check] : directories) count += static_cast<int64_t>(check.faults.size());
  return count;
}

Document CheckDocument(const CheckResults& results, const ViewOptions& options) {
  Document document;
  document.title = "Rollcall check";
  std::vector<Block>& blocks = document.blocks;
  blocks.push_back(CheckHeadline(results));
  blocks.push_back(Heading{"Configuration and export"});
  Entry configuration;
  configuration.tone = results.warnings.empty() ? Tone::kGood : Tone::kNotice;
  configuration.label = "OK";
  configuration.title = results.configuration;
  for (const std::string& line : results.warnings) {
    configuration.lines.push_back(absl::StrCat("Warning: ", line));
  }
  blocks.push_back(configuration);
  blocks.push_back(ExportEntry(results.exported));
  for (Block& block : FindingBlocks(results.exported.findings, options)) {
    blocks.push_back(std::move(block));
  }
  blocks.push_back(Heading{"Directories"});
  for (const auto& [spec, check] : results.directories) {
    blocks.push_back(DirectoryEntry(spec, check));
  }
  if (results.accounts.has_value()) {
    for (Block& block : AccountBlocks(*results.accounts, options)) {
      blocks.push_back(std::move(block));
    }
  }
  blocks.push_back(Heading{"Next"});
  blocks.push_back(results.ok() ? Commands{"  See what would be changed; nothing is written:",
                                           {absl::StrCat(options.command, " plan")}}
                                : Commands{"  Mend what is marked FAULT, then:",
                                           {absl::StrCat(options.command, " check")}});
  return document;
}

v1::CheckReport ToResource(const CheckResults& results) {
  v1::CheckReport report;
  report.set_ok(results.ok());
  report.set_configuration(results.configuration);
  for (const std::string& line : results.warnings) report.add_warnings(line);
  SetExport(results.exported, report.mutable_export_());
  for (const auto& [spec, check] : results.directories) {
    v1::Directory* directory = report.add_directories();
    directory->set_id(spec.id);
    directory->set_kind(KindName(spec.kind));
    directory->set_reachable(check.reachable);
    directory->set_signed_in(check.signed_in);
    directory->set_server(check.server);
    for (const std::string& line : check.may) directory->add_may(line);
    for (const std::string& line : check.warnings) directory->add_warnings(line);
    for (const std::string& line : check.faults) directory->add_faults(line);
  }
  if (results.accounts.has_value()) *report.mutable_accounts() = ToResource(*results.accounts);
  return report;
}

const char* KindName(DirectoryKind kind) {
  switch (kind) {
    case DirectoryKind::kScim:
      return "scim";
    case DirectoryKind::kCrowd:
      return "crowd";
    case DirectoryKind::kAtlassianAdmin:
      return "atlassian_admin";
    case DirectoryKind::kJira:
      return "jira";
  }
  return "";
}

}  // namespace rollcall
