// What was odd about reading a directory is in the plan: a leaver whom nobody could judge must not
// look like one who is out.
#include "reconciler/ports/notes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "reconciler/plan/planner.h"
#include "tests/support/company.h"

namespace rollcall {
namespace {

class NotesTest : public ::testing::Test {
 protected:
  NotesTest() {
    company_.Person("p1", "ada", "ada@example.com");
    cloud().Account({.id = "c1", .user_name = "", .email = "ada@example.com"});
  }
  CompanyDirectory& cloud() { return company_.Directory("cloud", DirectoryKind::kAtlassianAdmin); }
  // The finding of that name; none: one without a name.
  Finding Find(const std::string& name, const std::vector<std::string>& notes = {},
               const std::optional<std::string>& only_person = std::nullopt) {
    const PlanInput from = company_.Input();
    std::vector<DirectoryInput> directories = from.directories;
    for (DirectoryInput& directory : directories) directory.snapshot->notes = notes;
    const PlanInput input{from.spec,   from.exported,      from.memory,  directories,  from.now,
                          only_person, from.requests_used, from.plan_id, from.state_id};
    const Draft draft = MakeDraft(input);
    for (const Finding& finding : FinishPlan(input, draft, {}).plan.findings) {
      if (finding.name == name) return finding;
    }
    return Finding();
  }
  Company company_;
};

TEST_F(NotesTest, ANoteIsTold) {
  const Finding finding = Find("oddity", {"it was read twice"});
  EXPECT_EQ(finding.message, "it was read twice");
  EXPECT_EQ(finding.directory, "cloud");
  EXPECT_EQ(finding.severity, Severity::kInfo);
  EXPECT_FALSE(IsDrift(finding));
}

TEST_F(NotesTest, WhomNobodyCouldJudgeIsDrift) {
  const std::vector<std::string> notes = {absl::StrCat(kNotJudged, "2 accounts are odd")};
  const Finding finding = Find("unreadable_accounts", notes);
  EXPECT_EQ(finding.message, "2 accounts are odd");
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_TRUE(IsDrift(finding));
  // The one person who is to be taken out may be among them.
  EXPECT_EQ(Find("unreadable_accounts", notes, "p1").message, "2 accounts are odd");
}

// A site shows some e-mails and hides others; the organisation shows all.
TEST_F(NotesTest, UsersOfASiteWhoAreNobodysAreCounted) {
  CompanyDirectory& site = company_.Directory("site", DirectoryKind::kJira);
  site.Account({.id = "c1", .user_name = "", .email = ""});  // the organisation knows it
  site.Account({.id = "c7", .user_name = "", .email = "gus@example.com"});
  EXPECT_EQ(Find("oddity").name, "");
  site.Account({.id = "c8", .user_name = "", .email = ""});
  const Finding finding = Find("oddity");
  EXPECT_EQ(finding.directory, "site");
  EXPECT_EQ(finding.observed, 1);
  EXPECT_FALSE(IsDrift(finding));
  site.Account({.id = "c9", .user_name = "", .email = ""});
  EXPECT_EQ(Find("oddity").observed, 2);
  CompanyDirectory& scim = company_.Directory("scim", DirectoryKind::kScim);
  scim.Account({.id = "s8", .user_name = "hal", .linked_account = "c8"});
  EXPECT_EQ(Find("oddity").observed, 1) << "a SCIM record names it";
}

TEST_F(NotesTest, AccountsWithoutAnyEmailAreRecognisedByNobody) {
  EXPECT_EQ(Find("unreadable_accounts").name, "");
  company_.Person("p2", "bob", "bob@example.com");
  cloud().Account({.id = "c2", .user_name = "", .email = ""});
  EXPECT_EQ(Find("unreadable_accounts").name, "") << "one shows an e-mail";
  Company none;
  none.Person("p1", "ada", "ada@example.com");
  none.Directory("cloud", DirectoryKind::kAtlassianAdmin)
      .Account({.id = "c1", .user_name = "", .email = ""});
  const PlanInput input = none.Input();
  const Draft draft = MakeDraft(input);
  bool told = false;
  for (const Finding& finding : FinishPlan(input, draft, {}).plan.findings) {
    told = told || finding.name == "unreadable_accounts";
  }
  EXPECT_TRUE(told);
}

TEST_F(NotesTest, AnAccountThatALinkProvesNeedsNoEmail) {
  Company linked;
  linked.Person("p1", "ada", "ada@example.com");
  linked.Directory("cloud", DirectoryKind::kAtlassianAdmin)
      .Account({.id = "c1", .user_name = "", .email = ""});
  linked.Link("cloud", "c1", "p1");
  const PlanInput input = linked.Input();
  const Draft draft = MakeDraft(input);
  for (const Finding& finding : FinishPlan(input, draft, {}).plan.findings) {
    EXPECT_NE(finding.name, "unreadable_accounts");
  }
}

}  // namespace
}  // namespace rollcall
