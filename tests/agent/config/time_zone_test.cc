#include "agent/config/time_zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/temp_folder.h"

namespace rollcall::config {
namespace {

using ::testing::HasSubstr;

TEST(TimeZoneTest, NoNameIsUtc) { EXPECT_EQ(LoadZone("")->name(), "UTC"); }

TEST(TimeZoneTest, IanaNamesAreLoaded) {
  for (const char* name : {"UTC", "Etc/UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires",
                           "America/Port-au-Prince", "Etc/GMT+5"}) {
    ASSERT_TRUE(LoadZone(name).ok()) << name;
    EXPECT_EQ(LoadZone(name)->name(), name);
  }
}

TEST(TimeZoneTest, PathsAndTheMachinesOwnZoneAreNoNames) {
  for (const char* name :
       {"/etc/localtime", "localtime", "file:/etc/localtime", "../../etc/localtime",
        "Europe/../Europe/Berlin", "posixrules", "Europe/Berlin ", " ", "Europe"}) {
    EXPECT_FALSE(LoadZone(name).ok()) << name;
  }
  EXPECT_FALSE(LoadZone(std::string(65, 'a')).ok());
}

TEST(TimeZoneTest, TheLikelyNameIsTold) {
  EXPECT_THAT(std::string(LoadZone("america/new york").status().message()),
              HasSubstr("such as America/New_York (did you mean that?)"));
  EXPECT_THAT(std::string(LoadZone("Europe/Berlim").status().message()),
              HasSubstr("such as Europe/Berlin (did you mean that?)"));
}

TEST(TimeZoneTest, AMachineWithoutZonesIsToldSo) {
  TempFolder empty;
  EXPECT_THAT(std::string(UnknownZone("Europe/Berlin", empty.path()).message()),
              HasSubstr("this machine has no time zones (" + empty.path() + "); install tzdata"));
}

}  // namespace
}  // namespace rollcall::config
