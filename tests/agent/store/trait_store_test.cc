// Traits: small facts about servers that outlive a process.
#include "agent/store/trait_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "agent/store/store.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

TEST(RememberedTraits, AreReadFromAStateFileAndNothingIsMadeBesideIt) {
  TempFolder folder;
  const std::string file = folder.File("100% ready?#1.db");
  {
    const auto store = Store::Open(file);
    ASSERT_TRUE(store.ok()) << store.status();
    (*store)->traits().Set("crowd", "refused_users", "yesterday");
  }
  const auto before = std::filesystem::last_write_time(file);
  {
    const std::unique_ptr<TraitStore> traits = RememberedTraits(file);
    ASSERT_NE(traits, nullptr);
    EXPECT_EQ(traits->Get("crowd", "refused_users"), "yesterday");
    EXPECT_EQ(traits->Get("crowd", "another"), std::nullopt);
    traits->Set("crowd", "refused_users", "today");
    EXPECT_EQ(traits->Get("crowd", "refused_users"), "yesterday");
  }
  EXPECT_EQ(std::filesystem::last_write_time(file), before);
  const std::filesystem::directory_iterator files(folder.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST(RememberedTraits, AreReadWhileAnotherProcessHasTheFileOpen) {
  TempFolder folder;
  const auto store = Store::Open(folder.File("state.db"));
  ASSERT_TRUE(store.ok()) << store.status();
  (*store)->traits().Set("crowd", "refused_users", "just now");
  const std::unique_ptr<TraitStore> traits = RememberedTraits(folder.File("state.db"));
  ASSERT_NE(traits, nullptr);
  EXPECT_EQ(traits->Get("crowd", "refused_users"), "just now");
}

TEST(RememberedTraits, AreNothingWhereThereIsNoStateFile) {
  TempFolder folder;
  EXPECT_EQ(RememberedTraits(folder.File("state.db")), nullptr);
  EXPECT_FALSE(std::filesystem::exists(folder.File("state.db")));
}

TEST(RememberedTraits, OfAFileThatIsNoStateFileAreNothing) {
  TempFolder folder;
  std::ofstream(folder.File("state.db")) << "this is no database, whatever its name says";
  const std::unique_ptr<TraitStore> traits = RememberedTraits(folder.File("state.db"));
  ASSERT_NE(traits, nullptr);
  EXPECT_EQ(traits->Get("crowd", "refused_users"), std::nullopt);
}

}  // namespace
}  // namespace rollcall
