// What must not matter: how many rows a page holds. The real clients read random directories over
// the twins, whatever page size we ask for and whatever the server grants; the snapshot, and the
// plan that follows from it, are those of a directory that was read in one page.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/atlassian/org_directory.h"
#include "clients/crowd/crowd_directory.h"
#include "clients/http/auth.h"
#include "clients/scim/scim_directory.h"
#include "tests/property/holds.h"
#include "tests/support/company.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/memory_traits.h"
#include "tests/support/plan_text.h"
#include "tests/support/twin_client.h"
#include "tests/twins/crowd_twin.h"
#include "tests/twins/org_twin.h"
#include "tests/twins/scim_twin.h"

namespace rollcall::property {
namespace {

constexpr int kPageCases = 100;
constexpr int kMostAccounts = 45;
constexpr int kMostGroups = 12;
constexpr int kOnePage = 100;  // more than there is of anything

// How a list is cut into pages: as we ask, and as the server has it.
struct Cutting {
  int size = kOnePage;
  int cap = 0;  // 0: the server grants what is asked for
  int Rows() const { return cap > 0 ? std::min(size, cap) : size; }
};

struct Human {
  bool active = true;       // in the directory
  bool wanted = true;       // in the export
  int place = 0;            // 0, 1: the first or the second part of the directory; 2: both
  std::vector<int> groups;  // sorted, unique
};

struct Content {
  std::vector<Human> people;
  int groups = 0;
};

std::string NameOf(size_t person) { return absl::StrCat("u", person); }
std::string GroupOf(int group) { return absl::StrCat("g", group); }

Content SomeContent() {
  Content content;
  content.groups = *rc::gen::inRange(0, kMostGroups + 1);
  content.people.resize(static_cast<size_t>(*rc::gen::inRange(1, kMostAccounts + 1)));
  const auto drawn = *rc::gen::container<std::vector<uint32_t>>(content.people.size(),
                                                                rc::gen::arbitrary<uint32_t>());
  for (size_t i = 0; i < content.people.size(); ++i) {
    Human& human = content.people[i];
    const uint32_t bits = drawn[i];
    human.active = bits % 4 != 3;
    human.wanted = bits / 4 % 4 != 3;
    human.place = static_cast<int>(bits / 16 % 3);
    for (int g = 0; g < content.groups; ++g) {
      if ((bits >> (6 + g)) % 2 == 1) human.groups.push_back(g);
    }
  }
  return content;
}

Cutting SomeCutting() {
  Cutting cutting;
  cutting.size = *rc::gen::inRange(1, 30);
  cutting.cap = *rc::gen::element(0, 0, 1, 2, 3, 5, 7, 20);
  return cutting;
}

absl::Time TwinTime() { return absl::FromUnixSeconds(1'700'000'000); }

class EveryGroup final : public GroupFilter {
 public:
  bool Wants(absl::string_view) const override { return true; }
};

struct Reading {
  Snapshot snapshot;
  DirectoryTraits traits;
  int64_t requests = 0;
};

Reading ReadingOf(DirectoryReader& directory) {
  absl::StatusOr<Snapshot> snapshot = directory.ReadAll(EveryGroup(), {});
  if (!snapshot.ok()) RC_FAIL(std::string(snapshot.status().message()));
  return {*std::move(snapshot), directory.Traits(), directory.requests_sent()};
}

Reading ReadScim(const Content& content, const Cutting& cutting) {
  twins::World world;
  twins::ScimDirectory& scim = world.scim["dir"];
  for (size_t i = 0; i < content.people.size(); ++i) {
    scim.PutUser(twins::MakeScimUser(NameOf(i), NameOf(i) + "@example.com", "p-" + NameOf(i),
                                     content.people[i].active));
  }
  for (int g = 0; g < content.groups; ++g) {
    twins::ScimGroup group;
    group.id = "id-" + GroupOf(g);
    group.display_name = GroupOf(g);
    for (size_t i = 0; i < content.people.size(); ++i) {
      const std::vector<int>& of = content.people[i].groups;
      if (std::binary_search(of.begin(), of.end(), g)) group.members.push_back(NameOf(i));
    }
    scim.PutGroup(std::move(group));
  }
  twins::ScimOptions quirks;
  quirks.page_cap = cutting.cap;
  twins::ScimTwin twin(&world, "dir", quirks, TwinTime);
  TwinClient client(twin);
  FakeRuntime runtime;
  MemoryTraits traits;
  NoProgress progress;
  ScimOptions options;
  options.id = "dir";
  options.base_url = "http://127.0.0.1/scim/v2";
  options.paging.page_size = cutting.size;
  ScimDirectory directory(options, client, runtime, &traits, progress);
  return ReadingOf(directory);
}

// Two directories behind one application: who is in both is seen once, in the first.
Reading ReadCrowd(const Content& content, const Cutting& cutting) {
  twins::World world;
  twins::CrowdApplication& application = world.crowd["dir"];
  application.aggregating = true;
  application.directories.resize(2);
  application.directories[1].id = 2;
  for (int part = 0; part < 2; ++part) {
    twins::CrowdDirectory& directory = application.directories[static_cast<size_t>(part)];
    for (size_t i = 0; i < content.people.size(); ++i) {
      const Human& human = content.people[i];
      if (human.place != part && human.place != 2) continue;
      directory.users[NameOf(i)] = twins::MakeCrowdUser(NameOf(i), human.active);
      for (int g : human.groups) directory.groups[GroupOf(g)].users.insert(NameOf(i));
    }
    for (auto& [name, group] : directory.groups) group.name = name;
  }
  twins::CrowdOptions quirks;
  quirks.page_cap = cutting.cap;
  twins::CrowdTwin twin(&world, "dir", quirks, TwinTime);
  TwinClient client(twin, "");
  const AuthOptions login = {AuthScheme::kBasic, "rollcall", [] { return Secret("twin-token"); }};
  AuthClient signed_in(client, login, *ParseOrigin("http://127.0.0.1/crowd"));
  FakeRuntime runtime;
  MemoryTraits traits;
  NoProgress progress;
  CrowdOptions options;
  options.id = "dir";
  options.base_url = "http://127.0.0.1/crowd";
  options.paging.page_size = cutting.size;
  CrowdDirectory directory(options, signed_in, runtime, &traits, progress);
  return ReadingOf(directory);
}

// Two directories of an organisation; whoever is inactive is suspended where he belongs, every
// third one is disabled.
Reading ReadOrganisation(const Content& content, const Cutting& cutting, const char* quirk) {
  twins::World world;
  twins::Organisation& org = world.organisation.emplace();
  org.id = "o-1";
  org.directories = {{"dir-main", "Main"}, {"dir-lab", "Lab"}};
  for (size_t i = 0; i < content.people.size(); ++i) {
    const Human& human = content.people[i];
    twins::CloudAccount& account = world.cloud_accounts[NameOf(i)];
    account.id = NameOf(i);
    account.email = NameOf(i) + "@example.com";
    account.active = human.active || i % 3 != 0;
    if (human.place != 1) account.directories["dir-main"].suspended = !human.active;
    const bool partly = human.place == 2 && i % 5 == 0;
    if (human.place != 0) account.directories["dir-lab"].suspended = !human.active || partly;
    for (int g : human.groups) {
      const char* where = g % 2 == 0 ? "dir-main" : "dir-lab";
      if (account.directories.count(where) == 0) continue;
      org.groups["id-" + GroupOf(g)].members.insert(account.id);
    }
  }
  for (int g = 0; g < content.groups; ++g) {
    twins::OrgGroup& group = org.groups["id-" + GroupOf(g)];
    group.id = "id-" + GroupOf(g);
    group.name = GroupOf(g);
    group.directory = g % 2 == 0 ? "dir-main" : "dir-lab";
  }
  twins::OrgOptions quirks;
  quirks.page_cap = cutting.cap;
  quirks.quirks.Set(twins::OrgQuirk::kStatusPerDirectory);
  RC_ASSERT(twins::ApplyOrgQuirk(quirk, quirks).ok());
  twins::OrgTwin twin(&world, quirks, TwinTime);
  TwinClient client(twin);
  FakeRuntime runtime;
  MemoryTraits traits;
  NoProgress progress;
  OrgOptions options;
  options.id = "dir";
  options.base_url = "http://127.0.0.1/atlassian";
  options.org_id = "o-1";
  options.paging.page_size = cutting.size;
  OrgDirectory directory(options, client, runtime, &traits, progress);
  return ReadingOf(directory);
}

std::string TextOf(const Snapshot& snapshot) {
  const Roster& roster = snapshot.roster;
  std::string text;
  for (const Account& account : roster.accounts) {
    absl::StrAppend(&text, "account ", account.id, " ", account.user_name, " ", account.email, " ",
                    account.external_id, " ", static_cast<int>(account.state), " ", account.claimed,
                    "\n");
  }
  for (const Group& group : roster.groups) {
    absl::StrAppend(&text, "group ", group.id, " ", group.name, " ", group.nested, " ",
                    group.modifiable, " ", group.externally_synced, "\n");
  }
  for (const Membership& row : roster.memberships) {
    absl::StrAppend(&text, roster.groups[row.group].id, " has ", roster.accounts[row.account].id,
                    "\n");
  }
  return absl::StrCat(text, "dangling ", snapshot.dangling_members, "\n");
}

// The export wants everybody in every other group.
PlanResult PlanFrom(const Content& content, DirectoryKind kind, Reading reading) {
  Company company;
  std::vector<std::string> listed;
  for (size_t i = 0; i < content.people.size(); ++i) {
    const std::string id = "p-" + NameOf(i);
    // Crowd's users bear the plain name, SCIM's the address.
    const bool plain = kind == DirectoryKind::kCrowd;
    company.Person(id, plain ? NameOf(i) : NameOf(i) + "@example.com", NameOf(i) + "@example.com");
    if (!content.people[i].wanted) company.Inactive(id);
    if (i % 2 == 0) listed.push_back(id);
  }
  company.Directory("dir", kind).spec().policy.activate = Policy::Activate::kAll;
  company.Directory("dir", kind).spec().match.external_id = MatchRule::ExternalId::kIgnore;
  for (int g = 0; g < content.groups; g += 2) {
    company.Group(GroupOf(g), listed).Manage(GroupOf(g), "dir");
  }
  const PlanInput whole = company.Input();
  std::vector<DirectoryInput> directories(1);
  directories[0].id = "dir";
  directories[0].snapshot = std::move(reading.snapshot);
  directories[0].snapshot->notes.clear();  // that pages are short is told, and is no difference
  directories[0].traits = reading.traits;
  const PlanInput input = {
      whole.spec, whole.exported, whole.memory, directories, whole.now, {}, 0, "", ""};
  return FinishPlan(input, MakeDraft(input), {});
}

template <typename Read>
void ReadsTheSame(DirectoryKind kind, Read read) {
  Holds(kPageCases, [&] {
    const Content content = SomeContent();
    const Cutting cutting = SomeCutting();
    RC_LOG() << content.people.size() << " people, " << content.groups << " groups, page size "
             << cutting.size << ", cap " << cutting.cap << "\n";
    const Reading whole = read(content, Cutting());
    const Reading paged = read(content, cutting);
    RC_ASSERT(whole.snapshot.roster.accounts.size() == content.people.size());
    RC_ASSERT(TextOf(paged.snapshot) == TextOf(whole.snapshot));
    // Else nothing was cut.
    RC_ASSERT(paged.requests * cutting.Rows() >= static_cast<int64_t>(content.people.size()));
    const Plan plan = PlanFrom(content, kind, whole).plan;
    const Plan other = PlanFrom(content, kind, paged).plan;
    // Not the etags: a plan says beforehand how many requests it will take.
    RC_ASSERT(PlanText(other) == PlanText(plan));
    RC_CLASSIFY(!plan.changes.empty(), "with changes");
  });
}

TEST(PageSizeProperty, OfAScimServerChangesNothing) {
  ReadsTheSame(DirectoryKind::kScim, ReadScim);
}

TEST(PageSizeProperty, OfCrowdChangesNothing) { ReadsTheSame(DirectoryKind::kCrowd, ReadCrowd); }

// Also in each way in which the lists of the organisation may name the next page.
TEST(PageSizeProperty, OfTheOrganisationChangesNothing) {
  ReadsTheSame(DirectoryKind::kAtlassianAdmin, [](const Content& content, const Cutting& cutting) {
    const bool one_page = cutting.size == kOnePage;
    const std::string quirk =
        one_page ? "status_per_directory"
                 : *rc::gen::element<std::string>(
                       "status_per_directory", "next_url", "v1_next_token", "next_null",
                       "next_empty", "cursor_alone", "links_absent", "short_pages", "empty_page");
    return ReadOrganisation(content, cutting, quirk.c_str());
  });
}

}  // namespace
}  // namespace rollcall::property
