#include "tests/twins/main/flags.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/twins/crowd_options.h"
#include "tests/twins/jira_options.h"
#include "tests/twins/org_options.h"
#include "tests/twins/retry_headers.h"
#include "tests/twins/scim_options.h"

namespace rollcall::twins {
namespace {

template <typename Info>
void List(const char* title, absl::Span<const Info> quirks, std::ostream& out) {
  out << title;
  for (const Info& info : quirks) out << info.name << ": " << info.meaning << "\n";
}

}  // namespace

void DeclareFlags(CLI::App& app, TwinFlags& flags) {
  auto* state = app.add_option("--state", flags.state, "A world written by hand (JSON)");
  app.add_option("--company", flags.company,
                 "An invented company: people=500,groups=40,drift=3,memberships=5,seed=7")
      ->excludes(state);
  app.add_option("--out", flags.out, "Folder for the company's export and its drift.json");
  app.add_option("--out-format", flags.out_format, "Format of the export")
      ->check(CLI::IsMember({"scim", "okta", "entra", "google", "csv"}))
      ->capture_default_str();
  app.add_option("--listen", flags.listen, "Loopback address; port 0 takes a free one")
      ->capture_default_str();
  app.add_option("--token", flags.token,
                 "The bearer token, or the Crowd application's password, that is asked for")
      ->capture_default_str();
  app.add_option("--dialect", flags.dialect,
                 absl::StrCat("How the server behaves: ", absl::StrJoin(DialectNames(), ", ")))
      ->capture_default_str();
  app.add_option("--quirk", flags.quirks, "An oddity by name, or NAME=NUMBER; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--crowd-application", flags.crowd_application,
                 "The name with which a client of Crowd has to authenticate")
      ->capture_default_str();
  app.add_option("--crowd-quirk", flags.crowd_quirks,
                 "An oddity of Crowd by name, or NAME=NUMBER; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--org-key", flags.org_key, "The organisation's API key, if it is not the token");
  app.add_option("--org-quirk", flags.org_quirks,
                 "An oddity of the organisation by name, or NAME=NUMBER; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--jira-email", flags.jira_email, "Whose API token a client of Jira has")
      ->capture_default_str();
  app.add_option("--jira-token", flags.jira_token, "That API token, if it is not the token");
  app.add_option("--jira-quirk", flags.jira_quirks,
                 "An oddity of Jira by name, or NAME=NUMBER; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--page", flags.page, "Most items of a page")->check(CLI::PositiveNumber);
  app.add_option("--latency", flags.latency_ms, "Milliseconds added to every answer")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--rate", flags.rate, "Requests a second; more are answered with 429")
      ->check(CLI::PositiveNumber);
  app.add_option("--rate-style", flags.rate_style, "How a 429 says when to come back")
      ->check(CLI::IsMember(RetryStyleNames()))
      ->capture_default_str();
  app.add_option("--faults", flags.faults, "A fault script (JSON)");
  app.add_flag("--until-stdin-closes", flags.until_stdin_closes,
               "End when standard input is closed");
  app.add_flag("--list-quirks", flags.list_quirks, "List all quirks and end");
  app.footer(
      "Example:\n  rollcall-twin --company people=500,groups=40,drift=3,seed=7 --out exports "
      "--dialect scimmy");
}

void ListQuirks(std::ostream& out) {
  List("", AllQuirks(), out);
  List("\nOf Crowd, for --crowd-quirk:\n", AllCrowdQuirks(), out);
  List("\nOf the organisation, for --org-quirk:\n", AllOrgQuirks(), out);
  List("\nOf Jira, for --jira-quirk:\n", AllJiraQuirks(), out);
}

}  // namespace rollcall::twins
