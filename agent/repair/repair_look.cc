// RepairWork, what it reads before anything is done.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/render/wording.h"
#include "agent/repair/repair_steps.h"
#include "agent/repair/repair_work.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

class EveryGroup final : public GroupFilter {
 public:
  bool Wants(absl::string_view) const override { return true; }
};

absl::Status Unreadable(const absl::Status& status) {
  return WithExitCode(ExitCode::kUnreadable, status);
}

absl::Status NotShown(const std::string& organisation, const std::string& account) {
  return Refuse(
      ExitCode::kFailure,
      absl::StrCat(organisation, " does not show account ", account,
                   "; name it by its Atlassian account id, which `rollcall explain EMAIL` "
                   "and the address of its page in Atlassian Administration show"));
}

void AddNew(const SeenAccount& account, std::vector<SeenAccount>& accounts) {
  const bool known = std::any_of(accounts.begin(), accounts.end(),
                                 [&](const SeenAccount& other) { return other.id == account.id; });
  if (!known) accounts.push_back(account);
}

std::string Sentences(size_t steps) {
  return steps == 0   ? "There is nothing to repair."
         : steps == 1 ? "One step is open."
                      : absl::StrCat(steps, " steps are open, in this order.");
}

}  // namespace

absl::StatusOr<std::vector<ScimLink>> RepairWork::LinksOf(const std::string& account,
                                                          const CallContext& context) {
  absl::StatusOr<std::vector<ScimLink>> links = ports_.links.OfAccount(account, context);
  if (absl::IsNotFound(links.status())) {
    return WithExitCode(ExitCode::kFailure, links.status());
  }
  if (!links.ok()) return Unreadable(links.status());
  return links;
}

absl::StatusOr<SeenAccount> RepairWork::ReadAccount(const std::string& account,
                                                    const CallContext& context) {
  const absl::StatusOr<AccountRecord> read =
      ports_.readers.at(ports_.organisation)->ReadAccount(account, context);
  if (absl::IsNotFound(read.status())) return NotShown(ports_.organisation, account);
  if (!read.ok()) return Unreadable(read.status());
  SeenAccount seen;
  seen.id = read->id;
  seen.email = read->email;
  seen.state = read->state;
  return seen;
}

// A directory's address may not say what the organisation calls it; its record of that id that
// names the same account does. Where it holds no such record its address must do.
absl::Status RepairWork::DescribeOne(SeenRecord& record, const CallContext& context) {
  for (const DirectorySpec& spec : ports_.spec.directories) {
    if (spec.kind != DirectoryKind::kScim || spec.provisions != ports_.organisation) continue;
    const auto id = ports_.scim_ids.find(spec.id);
    if (id != ports_.scim_ids.end() && id->second == record.link.directory) {
      record.directory = spec.id;
    }
    const absl::StatusOr<AccountRecord> read =
        ports_.readers.at(spec.id)->ReadAccount(record.link.record, context);
    if (absl::IsNotFound(read.status())) continue;
    if (!read.ok()) return Unreadable(Annotate(read.status(), spec.id));
    if (record.directory != spec.id && read->linked_account != record.link.account) continue;
    record.directory = spec.id;
    record.user_name = read->user_name;
    record.email = read->email;
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SeenRecord>> RepairWork::Describe(const std::vector<ScimLink>& links,
                                                             const CallContext& context) {
  std::vector<SeenRecord> records;
  for (const ScimLink& link : links) {
    SeenRecord& record = records.emplace_back();
    record.link = link;
    RETURN_IF_ERROR(DescribeOne(record, context));
  }
  return records;
}

absl::Status RepairWork::ListOwned(const std::string& account, std::vector<ScimLink>& links,
                                   RepairView& view, const CallContext& context) {
  const absl::StatusOr<SeenAccount> seen = ReadAccount(account, context);
  if (ExitCodeOf(seen.status()) == ExitCode::kUnreadable) return seen.status();
  if (!seen.ok()) {
    view.notes.push_back(
        absl::StrCat("the organisation does not show account ", account, ", which a record names"));
    return absl::OkStatus();
  }
  view.accounts.push_back(*seen);
  ASSIGN_OR_RETURN(const std::vector<ScimLink> more, LinksOf(account, context));
  links.insert(links.end(), more.begin(), more.end());
  return absl::OkStatus();
}

absl::StatusOr<RepairView> RepairWork::List(const std::string& query, const CallContext& context) {
  RepairView view;
  view.query = query;
  view.organisation = ports_.organisation;
  std::vector<ScimLink> links;
  if (query.find('@') == std::string::npos) {
    ASSIGN_OR_RETURN(links, LinksOf(query, context));
    ASSIGN_OR_RETURN(view.accounts.emplace_back(), ReadAccount(query, context));
  } else {
    absl::StatusOr<std::vector<ScimLink>> found = ports_.links.OfEmail(query, context);
    if (!found.ok()) return Unreadable(found.status());
    links = *found;
    std::set<std::string> owned;
    for (const ScimLink& link : *found) owned.insert(link.account);
    owned.erase("");
    // With what owns those accounts beside the records of that address.
    for (const std::string& account : owned) {
      RETURN_IF_ERROR(ListOwned(account, links, view, context));
    }
    std::sort(links.begin(), links.end());
    links.erase(std::unique(links.begin(), links.end()), links.end());
  }
  ASSIGN_OR_RETURN(view.records, Describe(links, context));
  const auto count = static_cast<int64_t>(view.records.size());
  view.summary = absl::StrCat(count == 0 ? "No SCIM record was found for "
                                         : absl::StrCat(CountOf(count, "SCIM record"), " of "),
                              query, ".");
  return view;
}

absl::Status RepairWork::See(const CallContext& context,
                             absl::FunctionRef<absl::Status(const Estate&)> look) {
  ASSIGN_OR_RETURN(const Export exported, ports_.read_export());
  return ports_.planning.Look(exported, context,
                              [&](const PlanInput& input, const Draft& draft) -> absl::Status {
                                const Estate estate(input, draft, ports_.organisation);
                                RETURN_IF_ERROR(estate.CheckRead());
                                return look(estate);
                              });
}

absl::StatusOr<SeenAccount> RepairWork::FindIn(const Estate& estate,
                                               const std::string& account) const {
  std::optional<SeenAccount> found = estate.Find(account);
  if (!found.has_value()) return NotShown(ports_.organisation, account);
  return *std::move(found);
}

absl::StatusOr<bool> RepairWork::IsUnlinked(const SeenAccount& account, const ScimLink& link,
                                            const CallContext& context) {
  ASSIGN_OR_RETURN(const std::vector<RepairRecord> done, ports_.store.repairs().List());
  for (const RepairRecord& repair : done) {
    if (repair.action == RepairAction::kUnlink && repair.outcome == RepairOutcome::kDone &&
        repair.organisation == ports_.organisation && repair.account == account.id &&
        repair.scim_directory == link.directory && repair.record == link.record) {
      return true;
    }
  }
  if (account.email.empty()) return false;
  const absl::StatusOr<std::vector<ScimLink>> found = ports_.links.OfEmail(account.email, context);
  if (!found.ok()) return Unreadable(found.status());
  return std::find(found->begin(), found->end(), ScimLink{link.directory, link.record, ""}) !=
         found->end();
}

absl::StatusOr<RepairView> RepairWork::LookToUnlink(const std::string& account, ScimLink link,
                                                    const CallContext& context) {
  RepairView view;
  view.query = account;
  view.organisation = ports_.organisation;
  link.account = account;
  const auto look = [&](const Estate& estate) -> absl::Status {
    ASSIGN_OR_RETURN(view.accounts.emplace_back(), FindIn(estate, account));
    ASSIGN_OR_RETURN(const std::vector<ScimLink> links, LinksOf(account, context));
    ASSIGN_OR_RETURN(view.records, Describe(links, context));
    RETURN_IF_ERROR(estate.CheckAllowed(account, view.records));
    const auto found = std::find_if(view.records.begin(), view.records.end(),
                                    [&](const SeenRecord& record) { return record.link == link; });
    if (found != view.records.end()) {
      view.steps.push_back(UnlinkStep(*found));
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const bool unlinked, IsUnlinked(view.accounts[0], link, context));
    if (unlinked) {
      view.notes.push_back(absl::StrCat("SCIM record ", NameOf(link), " owns no account already"));
      return absl::OkStatus();
    }
    std::vector<std::string> names;
    for (const ScimLink& other : links) names.push_back(NameOf(other));
    return Refuse(ExitCode::kFailure,
                  absl::StrCat("SCIM record ", NameOf(link), " does not own account ", account,
                               "; ", names.empty() ? "none does" : "these do: ",
                               absl::StrJoin(names, ", "), ". Nothing was changed"));
  };
  RETURN_IF_ERROR(See(context, look));
  view.summary = Sentences(view.steps.size());
  return view;
}

absl::StatusOr<std::string> RepairWork::LossesOf(const SeenRecord& record,
                                                 const CallContext& context) {
  const std::string name = NameOf(record.link);
  if (record.directory.empty()) {
    return absl::StrCat("memberships of record ", name, ": unknown, for directory ",
                        record.link.directory, " is not configured");
  }
  const absl::StatusOr<Snapshot> snapshot =
      ports_.readers.at(record.directory)->ReadAll(EveryGroup(), context);
  if (!snapshot.ok()) return Unreadable(Annotate(snapshot.status(), record.directory));
  const Roster& roster = snapshot->roster;
  const AccountIndex account = roster.FindAccount(record.link.record);
  std::set<std::string> groups;
  for (const Membership& row : roster.memberships) {
    if (row.account == account) groups.insert(std::string(roster.groups[row.group].name));
  }
  return absl::StrCat("memberships of record ", name, " in ", record.directory, ": ",
                      groups.empty() ? "none" : absl::StrJoin(groups, ", "));
}

absl::StatusOr<RepairView> RepairWork::LookToDelete(const std::string& account,
                                                    const CallContext& context) {
  RepairView view;
  view.query = account;
  view.organisation = ports_.organisation;
  const auto look = [&](const Estate& estate) -> absl::Status {
    ASSIGN_OR_RETURN(const SeenAccount seen, FindIn(estate, account));
    view.accounts.push_back(seen);
    if (!seen.claimed) {
      return Refuse(ExitCode::kFailure,
                    absl::StrCat("account ", account,
                                 " is not managed by the organisation (a guest, or a domain that "
                                 "nobody has claimed): records of managed accounts only can be "
                                 "deleted. Claim the domain, or delete the person at the identity "
                                 "provider"));
    }
    ASSIGN_OR_RETURN(const std::vector<ScimLink> links, LinksOf(account, context));
    ASSIGN_OR_RETURN(view.records, Describe(links, context));
    RETURN_IF_ERROR(estate.CheckAllowed(account, view.records));
    if (links.empty()) return absl::OkStatus();
    std::vector<std::string> losses;
    for (const SeenRecord& record : view.records) {
      ASSIGN_OR_RETURN(losses.emplace_back(), LossesOf(record, context));
    }
    view.steps.push_back(DeleteStep(seen, view.records, std::move(losses)));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(See(context, look));
  view.summary = Sentences(view.steps.size());
  return view;
}

absl::Status RepairWork::FindEmailChange(const Estate& estate, const std::string& old_email,
                                         const std::string& new_email, RepairView& view,
                                         const CallContext& context) {
  std::set<ScimLink> links;
  std::map<ScimLink, std::string> address;
  for (const std::string& email : {old_email, new_email}) {
    for (const SeenAccount& account : estate.WithEmail(email)) AddNew(account, view.accounts);
    const absl::StatusOr<std::vector<ScimLink>> found = ports_.links.OfEmail(email, context);
    if (!found.ok()) return Unreadable(found.status());
    for (const ScimLink& link : *found) {
      links.insert(link);
      address[link] = email;
    }
  }
  for (const ScimLink& link : std::set<ScimLink>(links)) {
    if (link.account.empty()) continue;
    const std::optional<SeenAccount> owned = estate.Find(link.account);
    if (!owned.has_value()) return NotShown(ports_.organisation, link.account);
    SeenAccount account = *owned;
    // Hidden by the organisation: what its record says.
    if (account.email.empty()) account.email = address[link];
    AddNew(account, view.accounts);
  }
  for (const SeenAccount& account : view.accounts) {
    ASSIGN_OR_RETURN(const std::vector<ScimLink> more, LinksOf(account.id, context));
    links.insert(more.begin(), more.end());
  }
  ASSIGN_OR_RETURN(view.records, Describe({links.begin(), links.end()}, context));
  for (SeenRecord& record : view.records) {
    const auto known = address.find(record.link);
    if (record.email.empty() && known != address.end()) record.email = known->second;
  }
  return absl::OkStatus();
}

absl::StatusOr<RepairView> RepairWork::LookAtEmailChange(const std::string& old_email,
                                                         const std::string& new_email,
                                                         const CallContext& context) {
  RepairView view;
  view.query = absl::StrCat(old_email, " -> ", new_email);
  view.organisation = ports_.organisation;
  const auto look = [&](const Estate& estate) -> absl::Status {
    RETURN_IF_ERROR(FindEmailChange(estate, old_email, new_email, view, context));
    const EmailChange change = {old_email, new_email, view.accounts, view.records};
    absl::StatusOr<std::vector<RepairStep>> steps = EmailSteps(change);
    if (!steps.ok()) return WithExitCode(ExitCode::kFailure, steps.status());
    view.steps = *std::move(steps);
    view.notes = EmailNotes(change);
    for (const RepairStep& step : view.steps) {
      if (!step.IsSent()) continue;
      std::vector<SeenRecord> records;
      for (const SeenRecord& record : view.records) {
        if (record.link.account == step.account) records.push_back(record);
      }
      RETURN_IF_ERROR(estate.CheckAllowed(step.account, records));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(See(context, look));
  view.summary = Sentences(view.steps.size());
  return view;
}

}  // namespace rollcall
