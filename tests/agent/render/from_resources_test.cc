#include "agent/render/from_resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <type_traits>

#include "agent/render/document_writer.h"
#include "agent/render/explanation_document.h"
#include "agent/render/json.h"
#include "agent/render/person_document.h"
#include "agent/render/plan_document.h"
#include "agent/render/resources.h"
#include "agent/render/run_document.h"
#include "tests/agent/render/sample_plan.h"

namespace rollcall {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Sets every field of a message, and of those in it, to a value of its own; lists get two.
class Filler {
 public:
  void Fill(Message& message) {
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message.GetDescriptor()->field(i);
      if (!field->is_repeated()) {
        Set(message, field);
        continue;
      }
      Set(message, field);
      Set(message, field);
    }
  }

 private:
  void Set(Message& message, const FieldDescriptor* field) {
    const google::protobuf::Reflection* reflection = message.GetReflection();
    const bool many = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string text = absl::StrCat(field->name(), "-", ++number_);
        many ? reflection->AddString(&message, field, text)
             : reflection->SetString(&message, field, text);
        return;
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection->SetBool(&message, field, true);
        return;
      case FieldDescriptor::CPPTYPE_INT32: {
        // Also the parts of a time, which the messages keep in whole milliseconds.
        const int32_t value = field->name() == "nanos" ? 5'000'000 : ++number_;
        reflection->SetInt32(&message, field, value);
        return;
      }
      case FieldDescriptor::CPPTYPE_INT64:
        reflection->SetInt64(&message, field, ++number_);
        return;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int values = field->enum_type()->value_count();
        reflection->SetEnum(&message, field,
                            field->enum_type()->value(1 + ++number_ % (values - 1)));
        return;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Fill(many ? *reflection->AddMessage(&message, field)
                  : *reflection->MutableMessage(&message, field));
        return;
      default:
        FAIL() << field->full_name() << " is of a type that this test does not know";
    }
  }

  int number_ = 0;
};

TEST(FromResourcesTest, EveryFieldOfAPlanComesBack) {
  v1::Plan plan;
  Filler().Fill(plan);
  plan.clear_requester();  // who asked is not part of what a plan is
  plan.clear_requester_role();
  EXPECT_EQ(ToJson(ToResource(FromResource(plan))), ToJson(plan));
}

TEST(FromResourcesTest, EveryFieldOfARunComesBack) {
  v1::Run run;
  Filler().Fill(run);
  run.clear_requester();
  run.clear_requester_role();
  run.clear_progress();
  Plan plan;
  for (const v1::Outcome& outcome : run.outcomes()) {
    Change& change = plan.changes.emplace_back();
    change.id = outcome.change();
    change.reroute.emplace().directory = outcome.rerouted_through();
  }
  v1::Run again = ToResource(FromResource(run), plan);
  again.clear_progress();
  EXPECT_EQ(ToJson(again), ToJson(run));
}

TEST(FromResourcesTest, EveryFieldOfAnExplanationComesBack) {
  v1::Explanation explanation;
  Filler().Fill(explanation);
  for (v1::ExplainedPerson& person : *explanation.mutable_people()) person.set_standing("INACTIVE");
  for (v1::ExplainedDirectory& directory : *explanation.mutable_directories()) {
    for (v1::ExplainedAccount& account : *directory.mutable_accounts()) {
      account.set_link("foreign");
      account.set_proof("user name");
      account.set_state("PARTLY_ACTIVE");
      account.set_wanted("INACTIVE");
    }
  }
  EXPECT_EQ(ToJson(ToResource(FromResource(explanation))), ToJson(explanation));
}

TEST(FromResourcesTest, EveryFieldOfAPersonReportComesBack) {
  v1::PersonReport report;
  Filler().Fill(report);
  for (const v1::Action action : {v1::ACTIVATE, v1::DEACTIVATE}) {
    report.set_action(action);
    for (v1::PersonPlace& place : *report.mutable_places()) {
      place.set_before("PARTLY_ACTIVE");
      place.set_wanted("INACTIVE");
    }
    v1::PersonReport again = ToResource(FromResource(report));
    EXPECT_EQ(again.plan().id(), report.plan().id());
    EXPECT_EQ(again.run().id(), report.run().id());
    EXPECT_EQ(again.verdict(), "OUT");  // of places that are as they should be
    for (v1::PersonReport* one : {&again, &report}) {
      // Tested above, and made anew from the places.
      one->clear_plan();
      one->clear_run();
      one->clear_verdict();
      one->clear_summary();
    }
    EXPECT_EQ(ToJson(again), ToJson(report));
    Filler().Fill(*report.mutable_plan());
    Filler().Fill(*report.mutable_run());
  }
}

template <typename Enum>
void ExpectEveryValueComesBack(Enum last) {
  for (int value = 0; value <= static_cast<int>(last); ++value) {
    const auto state = static_cast<Enum>(value);
    if constexpr (std::is_same_v<Enum, PlanState>) {
      v1::Plan plan;
      plan.set_state(ToResource(state));
      EXPECT_EQ(FromResource(plan).state, state);
    } else if constexpr (std::is_same_v<Enum, RunState>) {
      EXPECT_EQ(FromResource(ToResource(state)), state);
    } else if constexpr (std::is_same_v<Enum, OutcomeState>) {
      Outcome outcome;
      outcome.state = state;
      EXPECT_EQ(FromResource(ToResource(outcome, "")).state, state);
    } else if constexpr (std::is_same_v<Enum, Severity>) {
      Finding finding;
      finding.severity = state;
      EXPECT_EQ(FromResource(ToResource(finding)).severity, state);
    } else {
      Explanation explanation;
      ExplainedAccount& account = explanation.directories.emplace_back().accounts.emplace_back();
      if constexpr (std::is_same_v<Enum, LinkState>) account.link = state;
      if constexpr (std::is_same_v<Enum, Proof>) account.proof = state;
      if constexpr (std::is_same_v<Enum, AccountState>) account.state = state;
      const v1::Explanation there = ToResource(explanation);
      EXPECT_EQ(ToJson(ToResource(FromResource(there))), ToJson(there));
    }
  }
}

TEST(FromResourcesTest, EveryStateComesBack) {
  ExpectEveryValueComesBack(PlanState::kFailed);
  ExpectEveryValueComesBack(RunState::kInterrupted);
  ExpectEveryValueComesBack(OutcomeState::kUnknown);
  ExpectEveryValueComesBack(Severity::kBlocking);
  ExpectEveryValueComesBack(LinkState::kSecond);
  ExpectEveryValueComesBack(Proof::kNone);
  ExpectEveryValueComesBack(AccountState::kUntouchable);
}

TEST(FromResourcesTest, WhatANewerAgentSaysThatThisOneDoesNotKnowIsTakenForTheWorst) {
  v1::Plan plan;
  plan.set_state(static_cast<v1::Plan::State>(99));
  EXPECT_EQ(FromResource(plan).state, PlanState::kStale);
  EXPECT_EQ(FromResource(static_cast<v1::Run::State>(99)), RunState::kInterrupted);
  v1::Outcome outcome;
  outcome.set_state(static_cast<v1::Outcome::State>(99));
  EXPECT_EQ(FromResource(outcome).state, OutcomeState::kUnknown);
}

std::string AsText(const Document& document) { return WriteText(document, Colour::kOff); }

TEST(FromResourcesTest, APlanReadsTheSameFromItsMessage) {
  Plan plan = SamplePlan();
  plan.unreadable = {"site"};
  plan.labels = {{"id-bob", "bob"}};
  plan.findings = {SampleFinding("first_run", Severity::kBlocking)};
  plan.changes[0].reroute = Reroute{"scim", "s1", "bob", "", "", "", ""};
  EXPECT_EQ(AsText(PlanDocument(FromResource(ToResource(plan)), {})),
            AsText(PlanDocument(plan, {})));
}

TEST(FromResourcesTest, ARunReadsTheSameFromItsMessage) {
  const Plan plan = SamplePlan();
  RunRecord run;
  run.id = "r-0123456789abcdef";
  run.plan = plan.id;
  run.state = RunState::kInterrupted;
  run.started = plan.create_time;
  run.waivers = {{"first_run", "read and agreed"}};
  run.throttling = {{"corp", {3, absl::Seconds(12), 1}}};
  run.outcomes["c1"] = {"c1", OutcomeState::kRefused, false, 1, 403, "read only", "read_only"};
  run.unknown = {"c2"};
  const std::string text = AsText(RunDocument(run, plan, {}));
  EXPECT_THAT(text, ::testing::HasSubstr("pending: intent recorded, result not"));
  EXPECT_EQ(
      AsText(RunDocument(FromResource(ToResource(run, plan)), FromResource(ToResource(plan)), {})),
      text);
}

TEST(FromResourcesTest, WhatFollowsByItselfReadsTheSameFromItsMessage) {
  Explanation explanation;
  explanation.query = "ada";
  explanation.known = true;
  explanation.directories.resize(2);
  explanation.directories[0].id = "cloud";
  explanation.directories[1].id = "scim";
  Change change = SampleChange(1, Action::kAddMembership, "ada", "engineers");
  change.effects = {{"cloud", "c1", Action::kAddMembership, "g1"}};
  explanation.directories[1].changes = {change};
  const std::string text = AsText(ExplanationDocument(explanation, {}));
  EXPECT_THAT(text, ::testing::HasSubstr("engineers: c1 (by the change in scim)"));
  EXPECT_EQ(AsText(ExplanationDocument(FromResource(ToResource(explanation)), {})), text);
}

}  // namespace
}  // namespace rollcall
