// `rollcall link`, `unlink` and `links`: what settles ambiguous people (rules L4 to L8).
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "agent/cli/command_line.h"
#include "agent/render/list_documents.h"
#include "agent/runs/person_lookup.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

struct LinkFlags {
  std::string person;
  std::string directory;
  std::string account;
  std::string reason;
};

// Does the state know this stable id, from an earlier accepted export or a recorded link?
absl::StatusOr<bool> IsKnown(const std::string& person, Store& store) {
  ASSIGN_OR_RETURN(const bool exported, store.exports().Knows(person));
  if (exported) return true;
  ASSIGN_OR_RETURN(const std::vector<RecordedLink> links, store.links().List());
  return std::any_of(links.begin(), links.end(), [&](const RecordedLink& link) {
    return link.person == person && !link.severed;
  });
}

// The stable id that is meant. Without the export nobody can say whom a name means, and a link by
// hand to the wrong person would win over all proof; to somebody mistyped, whom no export will ever
// name, it would take the account out of everybody's reach.
absl::StatusOr<std::string> PersonId(const std::string& query, Session& session, Console& console) {
  const absl::StatusOr<Export> exported = session.ReadExport(std::nullopt, Session::Keep::kNeeded);
  RETURN_IF_ERROR(exported.status());
  ASSIGN_OR_RETURN(const std::optional<PersonIndex> person, FindPerson(*exported, query));
  if (person.has_value()) return std::string(exported->people[*person].id);
  ASSIGN_OR_RETURN(const bool known, IsKnown(query, session.store()));
  if (!known) {
    return Refuse(ExitCode::kUsage,
                  absl::StrCat("neither the export nor the state knows ", query,
                               "; nothing was recorded. Name a person of the export, or somebody "
                               "who was in an earlier one by the stable id"));
  }
  console.Note(absl::StrCat(query, " is the stable id of somebody who is gone from the export."));
  return query;
}

absl::Status CheckAccount(const LinkFlags& flags, Session& session, Console& console) {
  DirectoryReader& reader = *session.wiring().readers().at(flags.directory);
  const absl::StatusOr<AccountRecord> account =
      reader.ReadAccount(flags.account, session.context());
  if (account.ok()) {
    console.Note(absl::StrCat(flags.directory, "/", flags.account, " is ", account->user_name,
                              account->email.empty() ? "" : absl::StrCat(" <", account->email, ">"),
                              "."));
    return absl::OkStatus();
  }
  if (absl::IsNotFound(account.status())) {
    return Refuse(ExitCode::kFailure,
                  absl::StrCat(flags.directory, " has no account with the id ", flags.account,
                               "; plans and `rollcall explain` show account ids"));
  }
  console.Warn(absl::StrCat("the account could not be looked at: ",
                            std::string(account.status().message())));
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Link(const LinkFlags& flags, CommandLine& line) {
  if (absl::StripAsciiWhitespace(flags.reason).empty()) {
    return Refuse(ExitCode::kUsage, "--reason needs a text that says why");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kStateAndDirectories));
  RETURN_IF_ERROR(CheckDirectoryIds(session->spec(), {flags.directory}));
  ASSIGN_OR_RETURN(const std::string person, PersonId(flags.person, *session, line.console));
  RETURN_IF_ERROR(CheckAccount(flags, *session, line.console));
  RETURN_IF_ERROR(session->store().links().LinkByHand(person, flags.directory, flags.account,
                                                      flags.reason, session->runtime().Now()));
  line.console.Note(absl::StrCat("Linked ", person, " to ", flags.directory, "/", flags.account,
                                 ". The next plan follows it: ", session->command(), " plan"));
  return ExitCode::kInStep;
}

absl::StatusOr<std::string> LinkedAccount(const std::string& person, const std::string& directory,
                                          Store& store) {
  ASSIGN_OR_RETURN(const std::vector<RecordedLink> links, store.links().List());
  for (const RecordedLink& link : links) {
    if (link.person == person && link.directory == directory && !link.severed) {
      return link.account;
    }
  }
  return Refuse(ExitCode::kFailure, absl::StrCat("no link of ", person, " in ", directory,
                                                 " is recorded; name the account too"));
}

absl::StatusOr<ExitCode> Unlink(LinkFlags flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kState));
  RETURN_IF_ERROR(CheckDirectoryIds(session->spec(), {flags.directory}));
  ASSIGN_OR_RETURN(const std::string person, PersonId(flags.person, *session, line.console));
  if (flags.account.empty()) {
    ASSIGN_OR_RETURN(flags.account, LinkedAccount(person, flags.directory, session->store()));
  }
  RETURN_IF_ERROR(session->store().links().Sever(person, flags.directory, flags.account,
                                                 flags.reason, session->runtime().Now()));
  line.console.Note(absl::StrCat(flags.directory, "/", flags.account, " is no longer ", person,
                                 "'s, and no name or e-mail will link them again."));
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ListLinks(const LinkFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kState));
  if (!flags.directory.empty()) {
    RETURN_IF_ERROR(CheckDirectoryIds(session->spec(), {flags.directory}));
  }
  ASSIGN_OR_RETURN(const std::vector<RecordedLink> all, session->store().links().List());
  std::vector<RecordedLink> links;
  for (const RecordedLink& link : all) {
    const bool wanted = (flags.directory.empty() || link.directory == flags.directory) &&
                        (flags.person.empty() || link.person == flags.person);
    if (wanted) links.push_back(link);
  }
  line.console.Print(LinksDocument(links), ToResource(links));
  return ExitCode::kInStep;
}

}  // namespace

void AddLinks(CLI::App& app, CommandLine& line) {
  auto link = std::make_shared<LinkFlags>();
  CLI::App* link_command =
      app.add_subcommand("link", "Records that an account is a person's, and no other's");
  link_command->add_option("PERSON", link->person, "Stable id, user name or e-mail")->required();
  link_command->add_option("DIRECTORY", link->directory, "The directory's id")->required();
  link_command->add_option("ACCOUNT", link->account, "The account's id there")->required();
  link_command->add_option("--reason", link->reason, "Why; kept with the link")
      ->required()
      ->type_name("TEXT");
  link_command->footer(
      "Example:\n  rollcall link p-1001 cloud-scim u-17 --reason \"asked her, ticket 17\"");
  link_command->callback(
      [link, &line] { line.chosen = [link, &line] { return Link(*link, line); }; });

  auto unlink = std::make_shared<LinkFlags>();
  CLI::App* unlink_command =
      app.add_subcommand("unlink", "Records that an account is not a person's");
  unlink_command->add_option("PERSON", unlink->person, "Stable id, user name or e-mail")
      ->required();
  unlink_command->add_option("DIRECTORY", unlink->directory, "The directory's id")->required();
  unlink_command
      ->add_option("ACCOUNT", unlink->account,
                   "The account's id there; default: the one that is recorded")
      ->check(NotEmpty());
  unlink_command->add_option("--reason", unlink->reason, "Why; kept with the record")
      ->type_name("TEXT");
  unlink_command->footer("Example:\n  rollcall unlink p-1001 cloud-scim --reason \"ticket 17\"");
  unlink_command->callback(
      [unlink, &line] { line.chosen = [unlink, &line] { return Unlink(*unlink, line); }; });

  auto list = std::make_shared<LinkFlags>();
  CLI::App* list_command =
      app.add_subcommand("links", "Lists the recorded links between people and accounts");
  list_command->add_option("--directory", list->directory, "Only of this one")
      ->check(NotEmpty())
      ->type_name("ID");
  list_command->add_option("--person", list->person, "Only of this stable id")
      ->check(NotEmpty())
      ->type_name("ID");
  AddFormat(*list_command, line.console, {"text", "json", "markdown", "html"});
  list_command->footer("Example:\n  rollcall links --directory cloud-scim");
  list_command->callback(
      [list, &line] { line.chosen = [list, &line] { return ListLinks(*list, line); }; });
}

}  // namespace rollcall
