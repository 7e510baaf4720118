#include "agent/runs/planning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/company.h"
#include "tests/support/fake_directory.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;

// Two SCIM directories that provision one organisation, and one that has nothing to do with them.
class PlanSomeDirectoriesTest : public ::testing::Test {
 protected:
  PlanSomeDirectoriesTest() {
    company_.Person("p1", "ada", "ada@example.com").Person("p2", "bob", "bob@example.com");
    company_.Inactive("p1");
    company_.Directory("cloud", DirectoryKind::kAtlassianAdmin);
    company_.Directory("people-scim").spec().provisions = "cloud";
    company_.Directory("robots-scim").spec().provisions = "cloud";
    company_.Directory("wiki");
    for (const char* id : {"cloud", "people-scim", "robots-scim", "wiki"}) {
      fakes_[id] = std::make_unique<FakeDirectory>(id, runtime_);
    }
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(folder_.File("state.db"));
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  Plan MakePlan(const std::vector<std::string>& directories) {
    const PlanInput input = company_.Input();
    std::map<std::string, DirectoryReader*> readers;
    for (const auto& [id, fake] : fakes_) readers[id] = fake.get();
    Planning planning({.spec = input.spec,
                       .store = *store_,
                       .runtime = runtime_,
                       .readers = readers,
                       .export_source = "people.json"});
    PlanRequest request;
    request.directories = directories;
    const absl::StatusOr<Planned> planned = planning.Make(input.exported, request, {});
    EXPECT_TRUE(planned.ok()) << planned.status();
    return planned.ok() ? planned->plan : Plan();
  }

  // The directories that were read since the last call.
  std::vector<std::string> Read() {
    std::vector<std::string> ids;
    for (const auto& [id, fake] : fakes_) {
      if (fake->reads() > reads_[id]) ids.push_back(id);
      reads_[id] = fake->reads();
    }
    return ids;
  }

  TempFolder folder_;
  FakeRuntime runtime_;
  Company company_;
  std::map<std::string, std::unique_ptr<FakeDirectory>> fakes_;
  std::map<std::string, int64_t> reads_;
  std::unique_ptr<Store> store_;
};

TEST_F(PlanSomeDirectoriesTest, WhatProvisionsADirectoryIsPlannedWithIt) {
  MakePlan({"cloud"});
  EXPECT_THAT(Read(), ElementsAre("cloud", "people-scim", "robots-scim"));
}

TEST_F(PlanSomeDirectoriesTest, WhatADirectoryProvisionsIsPlannedWithItAndSoAreItsOtherPartners) {
  MakePlan({"people-scim"});
  EXPECT_THAT(Read(), ElementsAre("cloud", "people-scim", "robots-scim"));
}

TEST_F(PlanSomeDirectoriesTest, ADirectoryWithoutPartnersIsPlannedAlone) {
  MakePlan({"wiki"});
  EXPECT_THAT(Read(), ElementsAre("wiki"));
  MakePlan({});
  EXPECT_THAT(Read(), ElementsAre("cloud", "people-scim", "robots-scim", "wiki"));
}

TEST_F(PlanSomeDirectoriesTest, TheEffectInTheOrganisationIsPartOfThePlan) {
  AccountRecord account;
  account.id = "c1";
  account.email = "ada@example.com";
  fakes_["cloud"]->AddAccount(account);
  AccountRecord record = account;
  record.id = "s1";
  record.user_name = "ada";
  record.external_id = "p1";
  record.linked_account = "c1";
  fakes_["people-scim"]->AddAccount(record);
  const Plan plan = MakePlan({"people-scim"});
  ASSERT_EQ(plan.changes.size(), 1u);
  EXPECT_EQ(plan.changes[0].directory, "people-scim");
  EXPECT_THAT(plan.changes[0].effects, ElementsAre(Effect{"cloud", "c1", Action::kDeactivate}));
}

}  // namespace
}  // namespace rollcall
