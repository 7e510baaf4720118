#include "tests/twins/company.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <unordered_set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "tests/twins/company_names.h"
#include "tests/twins/company_row.h"
#include "tests/twins/company_sides.h"
#include "tests/twins/id_source.h"

namespace rollcall::twins {
namespace {

// Kinds of drift that need people of their own, `share` each; and those that need one.
constexpr int64_t kSharedKinds = 8;
constexpr int64_t kSingleKinds = 2;
constexpr int64_t kCloudKinds = 8;
constexpr int64_t kCrowdKinds = 1;
constexpr int64_t kMaxDriftPercent = 8;

class CompanyMaker {
 public:
  CompanyMaker(const CompanyOptions& options, absl::Time created)
      : options_(options), created_(created), ids_(options.seed), random_(options.seed * 31 + 7) {}

  Company Make() {
    MakeRows();
    MakeGroups();
    if (options_.cloud > 0) MakeCloudAccounts();
    if (options_.drift > 0) Drift();
    if (options_.drift > 0 && options_.cloud > 0) DriftInCloud();
    if (options_.drift > 0 && options_.crowd > 0) DriftInCrowd();
    WriteAccounts();
    AddVendors();
    AddForeignGroup();
    if (options_.cloud > 0) {
      WriteCloudSide(rows_, company_.groups, options_.seed * 13 + 2, company_.world);
    }
    if (options_.crowd > 0) WriteCrowdSide(rows_, company_.groups, created_, company_.world);
    for (CompanyRow& row : rows_) company_.people.push_back(std::move(row.person));
    return std::move(company_);
  }

 private:
  uint64_t Random(uint64_t below) { return NextRandom(random_) % below; }
  int64_t Share() const { return std::max<int64_t>(1, options_.people * options_.drift / 100); }

  void MakeRows();
  void MakeGroups();
  void MakeCloudAccounts();
  void Drift();
  void DriftInCloud();
  void DriftInCrowd();
  void WriteAccounts();
  void AddVendors();
  void AddForeignGroup();

  CompanyRow& TakeRow() { return rows_[order_[next_++]]; }
  void Note(const char* kind, const CompanyRow& row, const std::string& group = "");
  void TakeOutOfScim(CompanyRow& row);
  void Readdress(CompanyRow& row, const char* domain);
  void Leave(CompanyRow& row);
  void Rename(CompanyRow& row);
  void LoseMembership(CompanyRow& row);
  void GainMembership(CompanyRow& row);
  void MakeAmbiguous(CompanyRow& row);

  const CompanyOptions options_;
  const absl::Time created_;
  IdSource ids_;
  uint64_t random_;
  std::vector<CompanyRow> rows_;
  std::vector<size_t> order_;  // rows in random order, taken from the front by kinds of drift
  size_t next_ = 0;
  std::vector<ScimUser> extra_accounts_;
  Company company_;
};

ScimUser Account(const std::string& id, const std::string& name, const std::string& email,
                 absl::Time created) {
  ScimUser user = MakeScimUser(id, name, "", true);
  user.attributes["emails"][0]["value"] = email;
  user.created = user.modified = created;
  return user;
}

void CompanyMaker::MakeRows() {
  std::unordered_set<std::string> taken;
  for (int64_t i = 0; i < options_.people; ++i) {
    const InventedName& given = kGivenNames[Random(std::size(kGivenNames))];
    const InventedName& family = kFamilyNames[Random(std::size(kFamilyNames))];
    std::string name = absl::StrCat(given.plain, ".", family.plain);
    if (!taken.insert(name).second) {
      name = absl::StrCat(name, i + 1);  // the number of the person is nobody else's
      taken.insert(name);
    }
    CompanyRow row;
    row.person.id = ids_.Uuid();
    row.person.user_name = row.person.email = absl::StrCat(name, "@example.com");
    row.person.given_name = given.written;
    row.person.family_name = family.written;
    row.person.department = kDepartments[Random(std::size(kDepartments))];
    row.account_id = ids_.Uuid();
    row.account_name = row.account_email = row.person.user_name;
    row.has_external_id = i % 5 != 4;  // some accounts can be linked by their names only
    rows_.push_back(std::move(row));
  }
  order_.resize(rows_.size());
  std::iota(order_.begin(), order_.end(), 0);
  for (size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[Random(i)]);
}

void CompanyMaker::MakeGroups() {
  for (int64_t i = 0; i < options_.groups; ++i) {
    const char* department = kDepartments[i % static_cast<int64_t>(std::size(kDepartments))];
    company_.groups.push_back(
        {ids_.Uuid(), absl::StrFormat("%s Team %02d", department, i + 1), {}});
  }
  const int64_t wanted = std::min(options_.memberships, options_.groups);
  for (CompanyRow& row : rows_) {
    while (static_cast<int64_t>(row.idp_groups.size()) < wanted) {
      row.idp_groups.insert(static_cast<int64_t>(Random(options_.groups)));
    }
    row.scim_groups = row.idp_groups;
  }
}

// From a source of their own: everything else is the same with and without an organisation.
void CompanyMaker::MakeCloudAccounts() {
  IdSource cloud_ids(options_.seed * 17 + 5);
  for (size_t i = 0; i < rows_.size(); ++i) {
    rows_[i].cloud_id = cloud_ids.AccountId();
    rows_[i].in_lab = i % 3 == 0;
  }
}

void CompanyMaker::Note(const char* kind, const CompanyRow& row, const std::string& group) {
  DriftEntry entry = {row.person.id, row.account_id, row.account_name, group};
  entry.cloud_account = row.cloud_id;
  if (options_.crowd > 0 && !row.account_name.empty()) entry.crowd_user = row.CrowdName();
  company_.drift[kind].push_back(std::move(entry));
}

void CompanyMaker::Leave(CompanyRow& row) {
  row.person.active = false;
  row.idp_groups.clear();  // identity providers take leavers out of their groups
}

void CompanyMaker::Rename(CompanyRow& row) {
  const InventedName& family = kFamilyNames[Random(std::size(kFamilyNames))];
  row.person.family_name = family.written;
  row.person.user_name = row.person.email = absl::StrCat(
      "renamed.", family.plain, ".", company_.drift["renames"].size() + 1, "@example.com");
  row.has_external_id = true;  // else nothing could tell that it is the same person
  Note("renames", row);
}

void CompanyMaker::LoseMembership(CompanyRow& row) {
  if (row.scim_groups.empty()) return;
  const int64_t group = *row.scim_groups.begin();
  row.scim_groups.erase(group);
  Note("missing_memberships", row, company_.groups[group].name);
}

void CompanyMaker::GainMembership(CompanyRow& row) {
  for (int64_t group = 0; group < options_.groups; ++group) {
    if (!row.scim_groups.insert(group).second) continue;
    Note("extra_memberships", row, company_.groups[group].name);
    return;
  }
}

void CompanyMaker::MakeAmbiguous(CompanyRow& row) {
  row.cloud_id.clear();
  for (const char* prefix : {"first", "second"}) {
    row.account_id = ids_.Uuid();
    row.account_name = absl::StrCat(prefix, ".", row.person.user_name);
    extra_accounts_.push_back(
        Account(row.account_id, row.account_name, row.person.email, created_));
    Note("ambiguous", row);
    company_.drift["ambiguous"].back().crowd_user.clear();
  }
  row.account_id.clear();
  row.account_name.clear();
  row.idp_groups.clear();
  row.scim_groups.clear();
}

void CompanyMaker::Drift() {
  for (int64_t i = 0; i < Share(); ++i) {
    CompanyRow& leaver = TakeRow();
    Leave(leaver);
    Note("leavers", leaver);
    CompanyRow& joiner = TakeRow();
    joiner.account_active = false;
    Note("joiners", joiner);
    CompanyRow& lockout = TakeRow();
    lockout.account_active = false;
    Note("lockouts", lockout);
    CompanyRow& gone = TakeRow();
    Leave(gone);
    gone.account_active = false;
    gone.scim_groups.clear();
    Note("inactive_both", gone);
    Rename(TakeRow());
    LoseMembership(TakeRow());
    GainMembership(TakeRow());
    CompanyRow& missing = TakeRow();
    missing.account_id.clear();
    missing.account_name.clear();
    missing.cloud_id.clear();
    missing.scim_groups.clear();
    Note("missing", missing);
  }
  CompanyRow& kept = TakeRow();
  Leave(kept);
  kept.scim_groups.clear();
  Note("protected", kept);
  MakeAmbiguous(TakeRow());
}

void CompanyMaker::TakeOutOfScim(CompanyRow& row) {
  row.account_id.clear();
  row.scim_groups.clear();
}

void CompanyMaker::Readdress(CompanyRow& row, const char* domain) {
  const std::string name = absl::StrCat(row.CrowdName(), "@", domain);
  row.person.user_name = row.person.email = row.account_name = row.account_email = name;
}

void CompanyMaker::DriftInCloud() {
  const auto leaver = [&]() -> CompanyRow& {
    CompanyRow& row = TakeRow();
    Leave(row);
    return row;
  };
  Note("scim_managed_leavers", leaver());
  CompanyRow& suspended = leaver();
  suspended.in_lab = suspended.suspended_in_lab = true;
  suspended.left_in_crowd = true;
  Note("suspended_in_one", suspended);
  CompanyRow& unclaimed = leaver();
  Readdress(unclaimed, "partners.example.com");
  unclaimed.is_claimed = false;
  Note("unclaimed", unclaimed);
  CompanyRow& not_linked = leaver();
  not_linked.is_linked = false;
  Note("not_linked", not_linked);
  CompanyRow& guest = leaver();
  TakeOutOfScim(guest);
  Readdress(guest, "guests.example.com");
  guest.is_claimed = false;
  Note("guests", guest);
  CompanyRow& google = leaver();
  TakeOutOfScim(google);
  google.owner = "externalDirectory.google";
  Note("google_owned", google);
  CompanyRow& former_admin = leaver();
  TakeOutOfScim(former_admin);
  former_admin.is_org_admin = true;
  Note("org_admin_leavers", former_admin);
  CompanyRow& admin = TakeRow();
  admin.is_org_admin = true;
  Note("org_admins", admin);
}

void CompanyMaker::DriftInCrowd() {
  CompanyRow& left = TakeRow();
  Leave(left);
  left.account_active = false;
  left.scim_groups.clear();
  left.left_in_crowd = true;
  Note("crowd_leavers", left);
}

void CompanyMaker::WriteAccounts() {
  ScimDirectory& directory = company_.world.scim["scim"];
  std::vector<ScimGroup> groups;
  for (const CompanyGroup& group : company_.groups) {
    ScimGroup copy;
    copy.id = ids_.Uuid();
    copy.display_name = group.name;
    copy.created = copy.modified = created_;
    groups.push_back(std::move(copy));
  }
  for (const CompanyRow& row : rows_) {
    for (const int64_t group : row.idp_groups) {
      company_.groups[group].members.push_back(row.person.id);
    }
    if (row.account_id.empty()) continue;
    ScimUser user = Account(row.account_id, row.account_name, row.account_email, created_);
    if (row.has_external_id) user.attributes["externalId"] = row.person.id;
    if (!row.cloud_id.empty() && row.is_linked) {
      user.attributes[kAtlassianExtension]["atlassianAccountId"] = row.cloud_id;
    }
    user.attributes["active"] = row.account_active;
    user.attributes["name"] = {{"givenName", row.person.given_name},
                               {"familyName", row.person.family_name}};
    for (const int64_t group : row.scim_groups) groups[group].members.push_back(user.id);
    directory.PutUser(std::move(user));
  }
  for (ScimUser& user : extra_accounts_) directory.PutUser(std::move(user));
  for (ScimGroup& group : groups) directory.PutGroup(std::move(group));
  for (CompanyGroup& group : company_.groups) {
    std::sort(group.members.begin(), group.members.end());
  }
}

void CompanyMaker::AddVendors() {
  for (int64_t i = 1; i <= Share(); ++i) {
    const std::string name = absl::StrFormat("service-%02d@vendors.example.com", i);
    const std::string id = ids_.Uuid();
    company_.world.scim["scim"].PutUser(Account(id, name, name, created_));
    company_.drift["out_of_scope"].push_back({"", id, name, ""});
  }
}

void CompanyMaker::AddForeignGroup() {
  ScimDirectory& directory = company_.world.scim["scim"];
  ScimGroup group;
  group.id = ids_.Uuid();
  group.display_name = "Facilities (local)";
  group.created = group.modified = created_;
  for (const auto& user : directory.users()) {
    if (group.members.size() < 3) group.members.push_back(user->id);
  }
  company_.drift["foreign_groups"].push_back({"", "", "", group.display_name});
  directory.PutGroup(std::move(group));
}

}  // namespace

absl::StatusOr<CompanyOptions> ParseCompanyOptions(absl::string_view text) {
  CompanyOptions options;
  int64_t seed = 1;
  const struct {
    absl::string_view name;
    int64_t* slot;
    int64_t largest;
  } fields[] = {{"people", &options.people, CompanyOptions::kMaxPeople},
                {"groups", &options.groups, 100'000},
                {"drift", &options.drift, kMaxDriftPercent},
                {"memberships", &options.memberships, 100},
                {"cloud", &options.cloud, 1},
                {"crowd", &options.crowd, 1},
                {"seed", &seed, 1'000'000'000}};
  for (absl::string_view item : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(item, absl::MaxSplits('=', 1));
    int64_t number = -1;
    bool known = false;
    for (const auto& field : fields) {
      if (field.name != parts.first) continue;
      known = absl::SimpleAtoi(parts.second, &number) && number >= 0 && number <= field.largest;
      *field.slot = number;
    }
    if (!known) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", item,
          "\" is not one of people, groups, drift (0 to 8), memberships, cloud (0 or 1), "
          "crowd (0 or 1), seed = a number"));
    }
  }
  options.seed = static_cast<uint64_t>(seed);
  return options;
}

absl::StatusOr<Company> MakeCompany(const CompanyOptions& options, absl::Time created) {
  const int64_t share = std::max<int64_t>(1, options.people * options.drift / 100);
  const int64_t needed = share * kSharedKinds + kSingleKinds + options.cloud * kCloudKinds +
                         options.crowd * kCrowdKinds;
  if (options.drift > 0 && options.people < needed) {
    return absl::InvalidArgumentError(absl::StrCat(
        options.people, " people cannot drift in every way; ", needed, " can, or drift=0"));
  }
  return CompanyMaker(options, created).Make();
}

}  // namespace rollcall::twins
