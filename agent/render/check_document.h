// What `rollcall check` found, as people and as programs read it. Pure functions, any thread.
#ifndef AGENT_RENDER_CHECK_DOCUMENT_H_
#define AGENT_RENDER_CHECK_DOCUMENT_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/render/document.h"
#include "agent/render/view_options.h"
#include "reconciler/plan/account_conditions.h"
#include "reconciler/plan/export.h"
#include "reconciler/plan/spec.h"
#include "reconciler/ports/directory.h"
#include "rollcall/v1/reports.pb.h"

namespace rollcall {

// Without the people: only what is told of an export.
struct ExportSummary {
  std::string source;
  std::string format;
  std::optional<absl::Time> time;
  ExportCounts counts;
  std::vector<Finding> findings;
  std::string fault;  // why it could not be read; empty: it could
};
ExportSummary Summarize(const Export& exported);

// `rollcall check --accounts`.
struct CheckedAccounts {
  ConditionReport report;
  std::vector<std::string> unreadable;  // directories
};

struct CheckResults {
  std::string configuration;
  std::vector<std::string> warnings;
  ExportSummary exported;
  std::vector<std::pair<DirectorySpec, DirectoryCheck>> directories;
  std::optional<CheckedAccounts> accounts;  // where they were asked for

  int64_t faults() const;  // of directories
  bool ok() const { return faults() == 0 && exported.fault.empty(); }
};

Document CheckDocument(const CheckResults& results, const ViewOptions& options);
v1::CheckReport ToResource(const CheckResults& results);

const char* KindName(DirectoryKind kind);  // "scim", …

}  // namespace rollcall

#endif  // AGENT_RENDER_CHECK_DOCUMENT_H_
