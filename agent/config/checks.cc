#include "agent/config/checks.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/config/spans.h"
#include "agent/config/url_rule.h"
#include "reconciler/base/fold.h"

namespace rollcall::config {
namespace {

// What the limits and the people who look need; see Retention::kLeastAge.
constexpr absl::Duration kLeastRetention = absl::Hours(48);

void Report(const absl::Status& status, const std::string& path, Problems* problems) {
  if (!status.ok()) problems->AddAt(path, status.message());
}

void CheckSource(const v1::Source& source, const std::string& path, Problems* problems) {
  if (source.path().empty() == source.exec().empty()) {
    problems->AddAt(path, "needs a path, or {exec: [COMMAND, …]}");
  }
}

void CheckStatuses(const v1::Export& exported, Problems* problems) {
  std::set<std::string> statuses;
  for (const auto& [status, standing] : exported.statuses()) {
    if (!statuses.insert(absl::AsciiStrToLower(status)).second) {
      problems->AddAt("export.statuses",
                      absl::StrCat("names the status ", absl::AsciiStrToUpper(status),
                                   " twice (statuses compare without case); remove one"));
    }
  }
}

bool IsSha256(absl::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), absl::ascii_isxdigit);
}

void CheckCallers(const v1::Serve& serve, Problems* problems) {
  std::set<std::string> names;
  for (int i = 0; i < serve.callers_size(); ++i) {
    const v1::Caller& caller = serve.callers(i);
    const std::string path = absl::StrCat("serve.callers[", i, "]");
    if (!caller.name().empty() && !names.insert(caller.name()).second) {
      problems->AddAt(path + ".name", absl::StrCat("another caller is called ",
                                                   Shown(caller.name()), "; rename one"));
    }
    if (caller.token_sha256().empty() && caller.certificate().empty()) {
      problems->AddAt(path, "needs token_sha256 or certificate, by which the caller is known");
    }
    // Not shown: it may be the token itself.
    if (!caller.token_sha256().empty() && !IsSha256(caller.token_sha256())) {
      problems->AddAt(path + ".token_sha256",
                      "is not 64 hex digits; write the SHA-256 of the token, never the token: "
                      "printf %s \"$TOKEN\" | sha256sum");
    }
    if (!caller.certificate().empty() && serve.tls().client_ca().empty()) {
      problems->AddAt(path + ".certificate",
                      "needs serve.tls.client_ca, the authorities of callers' certificates");
    }
  }
}

void CheckServe(const v1::Serve& serve, Problems* problems) {
  CheckCallers(serve, problems);
  if (!serve.listen().empty()) {
    Report(CheckListenAddress(serve.listen()), "serve.listen", problems);
  }
  if (!serve.metrics().empty()) {
    Report(CheckListenAddress(serve.metrics()), "serve.metrics", problems);
    if (absl::StartsWith(serve.metrics(), "unix:")) {
      problems->AddAt("serve.metrics", "is a socket; write an address and a port: 127.0.0.1:9464");
    }
  }
  const v1::Retention& retention = serve.retention();
  if (retention.has_age() && ToSpan(retention.age()) < kLeastRetention) {
    problems->AddAt("serve.retention.age",
                    "is less than 48h, for which plans and runs are needed; write 2160h");
  }
}

void CheckManaged(const v1::Managed& managed, Problems* problems) {
  for (int i = 0; i < managed.domains_size(); ++i) {
    const std::string& domain = managed.domains(i);
    if (absl::StrContains(domain, "@") || absl::StrContains(domain, "*") ||
        absl::StrContains(domain, " ")) {
      problems->AddAt(
          absl::StrCat("managed.domains[", i, "]"),
          absl::StrCat("is ", Shown(domain), "; write the domain alone, such as example.com"));
    }
  }
}

void CheckPlanAges(const v1::Config& config, Problems* problems) {
  if (config.has_plan_max_age() && ToSpan(config.plan_max_age()) == absl::ZeroDuration()) {
    problems->AddAt("plan_max_age", "is 0, so no plan could ever be applied; write 4h");
  }
  const v1::StaleExport& stale = config.guards().stale_export();
  if (stale.has_limit() && ToSpan(stale.limit()) == absl::ZeroDuration()) {
    problems->AddAt("guards.stale_export", "is 0; write 26h, or false to switch the guard off");
  }
}

}  // namespace

void CheckExport(const v1::Export& exported, Problems* problems) {
  if (exported.has_people()) CheckSource(exported.people(), "export.people", problems);
  if (exported.has_groups()) CheckSource(exported.groups(), "export.groups", problems);
  for (int i = 0; i < exported.exclude_size(); ++i) {
    CheckWhere(exported.exclude(i).where(), absl::StrCat("export.exclude[", i, "].where"),
               problems);
  }
  const bool other_format = exported.format() != v1::Export::FORMAT_UNSPECIFIED &&
                            exported.format() != v1::Export::FORMAT_AUTO;
  if (exported.has_csv() && other_format && exported.format() != v1::Export::FORMAT_CSV) {
    problems->AddAt("export.csv", "is for format: csv only; remove it");
  }
  CheckStatuses(exported, problems);
  if (!exported.statuses().empty() && other_format &&
      exported.format() != v1::Export::FORMAT_OKTA && exported.format() != v1::Export::FORMAT_CSV) {
    problems->AddAt("export.statuses", "is for format: okta or csv only; remove it");
  }
}

void CheckWhere(const google::protobuf::Map<std::string, std::string>& where,
                const std::string& path, Problems* problems) {
  std::set<std::string> names;
  for (const auto& [name, value] : std::map<std::string, std::string>(where.begin(), where.end())) {
    if (!names.insert(SnakeCase(name)).second) {
      problems->AddAt(path, absl::StrCat("names the attribute ", SnakeCase(name),
                                         " twice (names compare in snake case); remove one"));
    }
  }
}

void CheckConfig(const v1::Config& config, Problems* problems) {
  CheckExport(config.export_(), problems);
  CheckDirectories(config, problems);
  CheckGroups(config, problems);
  CheckManaged(config.managed(), problems);
  CheckPlanAges(config, problems);
  CheckSchedules(config, problems);
  CheckServe(config.serve(), problems);
}

}  // namespace rollcall::config
