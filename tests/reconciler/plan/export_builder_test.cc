#include "reconciler/plan/export_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ExportBuilderTest : public ::testing::Test {
 protected:
  static ExportBuilder::Options SmallLimits(size_t people, size_t groups, size_t memberships) {
    ExportBuilder::Options options;
    options.limits.people = people;
    options.limits.groups = groups;
    options.limits.memberships = memberships;
    return options;
  }

  absl::Status Person(const std::string& id, const std::string& user_name,
                      const std::string& reference = "") {
    PersonRecord record;
    record.id = id;
    record.user_name = user_name;
    record.reference = reference;
    record.row = ++row_;
    return builder_.AddPerson(record);
  }
  absl::Status Group(const std::string& id, const std::string& name) {
    GroupRecord record;
    record.key = record.id = id;
    record.name = name;
    return builder_.AddGroup(record);
  }
  Export Finish() {
    absl::StatusOr<Export> result = std::move(builder_).Finish();
    EXPECT_TRUE(result.ok()) << result.status();
    return *std::move(result);
  }
  static const ExportGroup& Find(const Export& exported, absl::string_view name) {
    for (const ExportGroup& group : exported.groups) {
      if (group.name == name) return group;
    }
    ADD_FAILURE() << "no group " << name;
    static const ExportGroup kNone;
    return kNone;
  }

  ExportBuilder builder_{ExportBuilder::Options()};
  uint32_t row_ = 0;
};

TEST_F(ExportBuilderTest, PeopleKeepTheOrderOfTheSourceAndGroupsAreSorted) {
  ASSERT_TRUE(Person("2", "bob").ok());
  ASSERT_TRUE(Person("1", "ada").ok());
  ASSERT_TRUE(Group("g2", "ops").ok());
  ASSERT_TRUE(Group("g3", "eng").ok());
  ASSERT_TRUE(Group("g1", "eng").ok());
  Export exported = Finish();
  EXPECT_EQ(exported.people[0].user_name, "bob");
  EXPECT_EQ(exported.people[1].user_name, "ada");
  ASSERT_EQ(exported.groups.size(), 3u) << "two groups of one name stay two";
  EXPECT_EQ(exported.groups[0].id, "g1");
  EXPECT_EQ(exported.groups[1].id, "g3");
  EXPECT_EQ(exported.groups[2].name, "ops");
}

TEST_F(ExportBuilderTest, MembersAreResolvedInAnyOrderAndOnce) {
  ASSERT_TRUE(builder_.AddMember("g", "2").ok());
  ASSERT_TRUE(Person("1", "ada").ok());
  ASSERT_TRUE(builder_.AddMember("g", "1").ok());
  ASSERT_TRUE(Group("g", "eng").ok());
  ASSERT_TRUE(Person("2", "bob").ok());
  ASSERT_TRUE(builder_.AddMember("g", "2").ok());
  Export exported = Finish();
  EXPECT_THAT(Find(exported, "eng").members, ElementsAre(0, 1));
  EXPECT_EQ(Find(exported, "eng").held, "");
  EXPECT_EQ(exported.Counts(), (ExportCounts{2, 2, 1, 2}));
}

TEST_F(ExportBuilderTest, AReferenceWinsOverAnotherPersonsId) {
  ASSERT_TRUE(builder_.AddMember("g", "x").ok());
  ASSERT_TRUE(Person("x", "ada", "s1").ok());
  ASSERT_TRUE(builder_.AddMember("g", "x").ok());
  ASSERT_TRUE(Person("e2", "bob", "x").ok());
  ASSERT_TRUE(builder_.AddMember("g", "x").ok());
  ASSERT_TRUE(Group("g", "eng").ok());
  EXPECT_THAT(Find(Finish(), "eng").members, ElementsAre(1));
}

TEST_F(ExportBuilderTest, WhoHasNoIdIsKnownByUserName) {
  ASSERT_TRUE(Person("", "ada").ok());
  EXPECT_EQ(Person("", "").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(Person("", "").message()), HasSubstr("row 3"));
  EXPECT_EQ(Finish().people[0].id, "ada");
}

TEST_F(ExportBuilderTest, G4_NestedGroupsAreExpanded) {
  for (const char* id : {"1", "2", "3"}) ASSERT_TRUE(Person(id, id).ok());
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(Group(id, id).ok());
  ASSERT_TRUE(builder_.AddMember("a", "b").ok());
  ASSERT_TRUE(builder_.AddMember("b", "c").ok());
  ASSERT_TRUE(builder_.AddMember("a", "1").ok());
  ASSERT_TRUE(builder_.AddMember("b", "2").ok());
  ASSERT_TRUE(builder_.AddMember("c", "3").ok());
  ASSERT_TRUE(builder_.AddMember("c", "1").ok());
  Export exported = Finish();
  EXPECT_THAT(Find(exported, "a").members, ElementsAre(0, 1, 2));
  EXPECT_THAT(Find(exported, "b").members, ElementsAre(0, 1, 2));
  EXPECT_THAT(Find(exported, "c").members, ElementsAre(0, 2));
}

TEST_F(ExportBuilderTest, G4_ACycleCountsOnce) {
  ASSERT_TRUE(Person("1", "ada").ok());
  ASSERT_TRUE(Person("2", "bob").ok());
  for (const char* id : {"a", "b", "self"}) ASSERT_TRUE(Group(id, id).ok());
  ASSERT_TRUE(builder_.AddMember("a", "b").ok());
  ASSERT_TRUE(builder_.AddMember("b", "a").ok());
  ASSERT_TRUE(builder_.AddMember("a", "1").ok());
  ASSERT_TRUE(builder_.AddMember("b", "2").ok());
  ASSERT_TRUE(builder_.AddMember("self", "self").ok());
  Export exported = Finish();
  EXPECT_THAT(Find(exported, "a").members, ElementsAre(0, 1));
  EXPECT_THAT(Find(exported, "b").members, ElementsAre(0, 1));
  EXPECT_THAT(Find(exported, "self").members, IsEmpty());
  for (const ExportGroup& group : exported.groups) EXPECT_EQ(group.held, "");
}

TEST_F(ExportBuilderTest, G4_ThirtyTwoLevelsAreExpandedAndOneMoreHolds) {
  ASSERT_TRUE(Person("p", "p").ok());
  for (int i = 0; i <= 33; ++i) {
    ASSERT_TRUE(Group(absl::StrCat("g", i), absl::StrCat("g", i)).ok());
    if (i > 0) {
      ASSERT_TRUE(builder_.AddMember(absl::StrCat("g", i - 1), absl::StrCat("g", i)).ok());
    }
  }
  ASSERT_TRUE(builder_.AddMember("g33", "p").ok());
  Export exported = Finish();
  EXPECT_EQ(Find(exported, "g1").held, "");
  EXPECT_THAT(Find(exported, "g1").members, ElementsAre(0));
  EXPECT_THAT(Find(exported, "g0").held, HasSubstr("deeper than 32"));
  EXPECT_THAT(Find(exported, "g0").members, IsEmpty());
}

TEST_F(ExportBuilderTest, G4_AMemberThatNobodyKnowsHoldsTheGroupAndThoseAroundIt) {
  ASSERT_TRUE(Person("1", "ada").ok());
  for (const char* id : {"inner", "outer", "outermost", "other"}) ASSERT_TRUE(Group(id, id).ok());
  ASSERT_TRUE(builder_.AddMember("inner", "gone", 7).ok());
  ASSERT_TRUE(builder_.AddMember("inner", "gone too", 8).ok());
  ASSERT_TRUE(builder_.AddMember("inner", "1").ok());
  ASSERT_TRUE(builder_.AddMember("outer", "inner").ok());
  ASSERT_TRUE(builder_.AddMember("outermost", "outer").ok());
  ASSERT_TRUE(builder_.AddMember("other", "1").ok());
  Export exported = Finish();
  EXPECT_EQ(Find(exported, "inner").held,
            "row 7: it names a member that nobody knows: gone (and 1 more)");
  EXPECT_THAT(Find(exported, "outer").held, HasSubstr("it contains the group inner"));
  EXPECT_THAT(Find(exported, "outermost").held, HasSubstr("it contains the group inner"));
  EXPECT_THAT(Find(exported, "outermost").members, ElementsAre(0));
  EXPECT_EQ(Find(exported, "other").held, "");
}

TEST_F(ExportBuilderTest, UserNamesAreMembersOnlyWhereTheFormatSaysSo) {
  ASSERT_TRUE(Person("1", "Ada").ok());
  ASSERT_TRUE(Group("g", "eng").ok());
  ASSERT_TRUE(builder_.AddMember("g", "ada").ok());
  EXPECT_THAT(Find(Finish(), "eng").held, HasSubstr("nobody knows: ada"));
}

TEST_F(ExportBuilderTest, AUserNameThatTwoPeopleShareHoldsTheGroup) {
  ASSERT_TRUE(Person("1", "Ada").ok());
  ASSERT_TRUE(Person("2", "ada").ok());
  ASSERT_TRUE(Person("3", "bob").ok());
  ASSERT_TRUE(Group("g", "eng").ok());
  ASSERT_TRUE(builder_.AddMember("g", "ADA", 4).ok());
  ASSERT_TRUE(builder_.AddMember("g", "BOB", 5).ok());
  builder_.AcceptUserNamesAsMembers();
  Export exported = Finish();
  EXPECT_THAT(Find(exported, "eng").members, ElementsAre(2));
  EXPECT_THAT(Find(exported, "eng").held, HasSubstr("row 4: it names ADA, and two people"));
}

TEST_F(ExportBuilderTest, DuplicatesAreMarkedOnAllOfThem) {
  ASSERT_TRUE(Person("1", "ada").ok());
  ASSERT_TRUE(Person("1", "bob").ok());
  ASSERT_TRUE(Person("1", "cy").ok());
  ASSERT_TRUE(Person("I", "\u00c5sa").ok());
  ASSERT_TRUE(Person("i", "A\u030asa").ok());
  ASSERT_TRUE(Person("6", "eve").ok());
  std::vector<bool> duplicate;
  for (const struct Person& person : Finish().people) duplicate.push_back(person.duplicate);
  EXPECT_THAT(duplicate, ElementsAre(true, true, true, true, true, false));
}

TEST_F(ExportBuilderTest, IdsAreNeverFolded) {
  ASSERT_TRUE(Person("Ab", "x").ok());
  ASSERT_TRUE(Person("aB", "y").ok());
  Export exported = Finish();
  EXPECT_FALSE(exported.people[0].duplicate);
  EXPECT_FALSE(exported.people[1].duplicate);
}

TEST_F(ExportBuilderTest, OwnGroupsJoinAnnouncedOnesByKeyElseByName) {
  ASSERT_TRUE(Person("1", "ada").ok());
  ASSERT_TRUE(builder_.AddMemberOf("1", "Engineering", "g1").ok());
  ASSERT_TRUE(builder_.AddMemberOf("1", "ops").ok());
  ASSERT_TRUE(builder_.AddMemberOf("1", "new").ok());
  ASSERT_TRUE(Group("g1", "eng").ok());
  ASSERT_TRUE(Group("g2", "ops").ok());
  Export exported = Finish();
  ASSERT_EQ(exported.groups.size(), 3u);
  for (const char* name : {"eng", "ops", "new"}) {
    EXPECT_THAT(Find(exported, name).members, ElementsAre(0)) << name;
  }
}

TEST_F(ExportBuilderTest, AnOwnGroupWhoseNameIsSharedHoldsBothAndJoinsNone) {
  ASSERT_TRUE(Person("1", "ada").ok());
  ASSERT_TRUE(builder_.AddMemberOf("1", "eng").ok());
  ASSERT_TRUE(Group("g1", "eng").ok());
  ASSERT_TRUE(Group("g2", "eng").ok());
  Export exported = Finish();
  for (const ExportGroup& group : exported.groups) {
    EXPECT_THAT(group.members, IsEmpty());
    EXPECT_THAT(group.held, HasSubstr("several of that name"));
  }
}

TEST_F(ExportBuilderTest, AnOwnGroupOfAnotherKeyIsAnotherGroup) {
  ASSERT_TRUE(Person("1", "ada").ok());
  ASSERT_TRUE(builder_.AddMemberOf("1", "eng", "g9").ok());
  ASSERT_TRUE(Group("g1", "eng").ok());
  Export exported = Finish();
  ASSERT_EQ(exported.groups.size(), 2u);
  EXPECT_THAT(exported.groups[0].members, IsEmpty());
  EXPECT_THAT(exported.groups[1].members, ElementsAre(0));
  EXPECT_EQ(exported.groups[1].id, "g9");
}

TEST_F(ExportBuilderTest, AKeyWithTwoNamesIsAnError) {
  ASSERT_TRUE(Group("g1", "eng").ok());
  ASSERT_TRUE(Group("g1", "eng").ok());
  absl::Status status = Group("g1", "ops");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("two names: eng and ops"));
  EXPECT_FALSE(Group("g2", "").ok());
}

TEST_F(ExportBuilderTest, AHeldGroupSaysWhy) {
  ASSERT_TRUE(Group("g1", "eng").ok());
  builder_.HoldGroup("g1", "its list has exactly 20 members");
  EXPECT_EQ(Finish().groups[0].held, "its list has exactly 20 members");
}

TEST_F(ExportBuilderTest, TheOlderTimeStays) {
  builder_.set_time(absl::FromUnixSeconds(200));
  builder_.set_time(absl::FromUnixSeconds(100));
  builder_.set_time(absl::FromUnixSeconds(300));
  EXPECT_EQ(Finish().time, absl::FromUnixSeconds(100));
}

TEST(ExportBuilderAttributesTest, OnlyWhatIsAskedForIsKeptAndNamesAreSnakeCase) {
  ExportBuilder::Options options;
  options.keep_attributes = {"user_type", "name.family_name"};
  ExportBuilder builder(options);
  EXPECT_TRUE(builder.WantsAttribute("userType"));
  EXPECT_FALSE(builder.WantsAttribute("title"));
  EXPECT_TRUE(builder.WantsAttributesBelow("name"));
  EXPECT_FALSE(builder.WantsAttributesBelow("nam"));
  PersonRecord record;
  record.id = "1";
  record.user_name = "ada";
  record.email = "ada@example.com";
  record.attributes = {{"UserType", "Guest"}, {"title", "Countess"}, {"name.familyName", "B"}};
  ASSERT_TRUE(builder.AddPerson(record).ok());
  absl::StatusOr<Export> exported = std::move(builder).Finish();
  ASSERT_TRUE(exported.ok());
  const Person& ada = exported->people[0];
  EXPECT_EQ(ada.attributes.size(), 2u);
  EXPECT_EQ(AttributeOf(ada, "user_type"), "Guest");
  EXPECT_EQ(AttributeOf(ada, "name.family_name"), "B");
  EXPECT_EQ(AttributeOf(ada, "title"), "");
  EXPECT_EQ(AttributeOf(ada, "id"), "1");
  EXPECT_EQ(AttributeOf(ada, "user_name"), "ada");
  EXPECT_EQ(AttributeOf(ada, "email"), "ada@example.com");
}

TEST_F(ExportBuilderTest, EveryCountHasItsLimit) {
  ExportBuilder builder(SmallLimits(2, 2, 3));
  PersonRecord person;
  for (const char* id : {"1", "2"}) {
    person.id = id;
    ASSERT_TRUE(builder.AddPerson(person).ok());
  }
  person.id = "3";
  EXPECT_EQ(builder.AddPerson(person).code(), absl::StatusCode::kResourceExhausted);
  for (const char* group : {"a", "b", "a"}) ASSERT_TRUE(builder.AddMember(group, "1").ok());
  EXPECT_EQ(builder.AddMember("a", "1").code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(builder.AddMemberOf("1", "a").code(), absl::StatusCode::kResourceExhausted);
  GroupRecord group;
  group.key = group.name = "c";
  EXPECT_EQ(builder.AddGroup(group).code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(ExportBuilderTest, ExpandingNestedGroupsHasItsLimit) {
  // Each of five nested groups meets itself and those below it, the last one nothing: 5 + 4 + 3
  // + 2.
  for (size_t limit : {size_t{13}, size_t{14}}) {
    ExportBuilder builder(SmallLimits(10, 10, limit));
    for (int i = 0; i < 5; ++i) {
      GroupRecord group;
      const std::string name = absl::StrCat("g", i);
      group.key = group.name = name;
      ASSERT_TRUE(builder.AddGroup(group).ok());
      if (i > 0) {
        ASSERT_TRUE(builder.AddMember(absl::StrCat("g", i - 1), name).ok());
      }
    }
    absl::StatusOr<Export> exported = std::move(builder).Finish();
    EXPECT_EQ(exported.ok(), limit == 14) << exported.status();
  }
}

}  // namespace
}  // namespace rollcall
