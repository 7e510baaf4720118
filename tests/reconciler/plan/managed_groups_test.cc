// Which groups a reader keeps the members of.
#include "reconciler/plan/managed_groups.h"

#include <gtest/gtest.h>

#include <string>

namespace rollcall {
namespace {

DirectorySpec DirectoryOf(const std::string& id, DirectoryKind kind,
                          const std::string& provisions = "") {
  DirectorySpec directory;
  directory.id = id;
  directory.kind = kind;
  directory.provisions = provisions;
  return directory;
}

class ManagedGroupFilterTest : public testing::Test {
 protected:
  ManagedGroupFilterTest() {
    spec_.directories = {DirectoryOf("cloud", DirectoryKind::kAtlassianAdmin),
                         DirectoryOf("scim", DirectoryKind::kScim, "cloud"),
                         DirectoryOf("other-scim", DirectoryKind::kScim),
                         DirectoryOf("site", DirectoryKind::kJira)};
    AddRule("cloud", "of-cloud");
    AddRule("site", "of-site");
    AddRule("scim", "of-scim");
  }
  void AddRule(const std::string& directory, const std::string& group) {
    GroupRule rule;
    rule.export_name = group;
    rule.target_name = group;
    rule.directory = directory;
    spec_.groups.push_back(rule);
  }
  bool Wants(const std::string& directory, const std::string& group) {
    return ManagedGroupFilter(spec_, *spec_.FindDirectory(directory), exported_).Wants(group);
  }

  Spec spec_;
  Export exported_;
};

TEST_F(ManagedGroupFilterTest, ADirectoryIsReadForItsOwnGroups) {
  for (const char* directory : {"cloud", "scim", "site"}) {
    EXPECT_TRUE(Wants(directory, std::string("of-") + directory)) << directory;
  }
  EXPECT_FALSE(Wants("cloud", "of-site"));
  EXPECT_FALSE(Wants("site", "of-cloud"));
}

// Rule R1: what is synchronised is changed in the SCIM directory behind it.
TEST_F(ManagedGroupFilterTest, AScimDirectoryIsReadForTheOrganisationAndItsSites) {
  EXPECT_TRUE(Wants("scim", "of-cloud"));
  EXPECT_TRUE(Wants("scim", "of-site"));
  EXPECT_FALSE(Wants("other-scim", "of-cloud"));
  EXPECT_FALSE(Wants("other-scim", "of-site"));
  EXPECT_FALSE(Wants("scim", "of-nobody"));
}

}  // namespace
}  // namespace rollcall
