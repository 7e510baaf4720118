// What the state file is told about links and holds is what it says, in another process too,
// whatever the names are made of. Beside the store goes a model of it in a few lines of loops.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "agent/store/store.h"
#include "tests/property/holds.h"
#include "tests/support/temp_folder.h"

namespace rollcall::property {
namespace {

constexpr int kStoreCases = 40;
constexpr int kMostSteps = 30;

// With what SQL, C and Unicode take for something else; several differ in case, in a trailing
// space or in their normal form only, and none equals another byte for byte.
const std::vector<std::string>& HostileNames() {
  static const auto* const kNames = new std::vector<std::string>{"a",
                                                                 "A",
                                                                 "a ",
                                                                 "é",
                                                                 "e\u0301",
                                                                 "ß",
                                                                 "ss",
                                                                 "'; DROP TABLE links; --",
                                                                 "\"a\"",
                                                                 "%",
                                                                 "_",
                                                                 "\\",
                                                                 "a\nb",
                                                                 "a\tb",
                                                                 std::string("a\0", 2),
                                                                 std::string("a\0b", 3),
                                                                 "\xff\xfe",
                                                                 "漢字",
                                                                 "\U0001F600",
                                                                 "NULL",
                                                                 "0",
                                                                 "1e3",
                                                                 "-",
                                                                 "a/b",
                                                                 "712020:aaaa-bbbb",
                                                                 std::string(5000, 'x'),
                                                                 "?1",
                                                                 ":a",
                                                                 "@a"};
  return *kNames;
}

std::string SomeName() { return *rc::gen::elementOf(HostileNames()); }

// The state file, which now and then is closed and opened again.
class State {
 public:
  State() { Reopen(); }
  void Reopen() {
    store_.reset();
    absl::StatusOr<std::unique_ptr<Store>> opened = Store::Open(folder_.File("state.db"));
    if (!opened.ok()) RC_FAIL(std::string(opened.status().message()));
    store_ = *std::move(opened);
  }
  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }

 private:
  TempFolder folder_;
  std::unique_ptr<Store> store_;
};

std::string LinkText(const RecordedLink& link) {
  return absl::StrCat(absl::CHexEscape(link.directory), " | ", absl::CHexEscape(link.account),
                      " | ", absl::CHexEscape(link.person), " | ", static_cast<int>(link.proof),
                      " | ", absl::CHexEscape(link.reason), link.severed ? " | severed" : "");
}

std::string TextOfLinks(const std::vector<RecordedLink>& links) {
  std::string text;
  for (const RecordedLink& link : links) absl::StrAppend(&text, LinkText(link), "\n");
  return text;
}

bool IsSettled(const RecordedLink& link) { return link.severed || link.proof == Proof::kByHand; }

// What link_store.h promises, by loops over all links.
class LinkModel {
 public:
  void LinkByHand(const RecordedLink& link) {
    std::erase_if(links_, [&](const RecordedLink& old) {
      if (old.directory != link.directory) return false;
      if (SamePair(old, link)) return true;
      return !old.severed && (old.account == link.account || old.person == link.person);
    });
    links_.push_back(link);
  }
  void Sever(const RecordedLink& link) {
    std::erase_if(links_, [&](const RecordedLink& old) { return SamePair(old, link); });
    links_.push_back(link);
  }
  // One link an account at most.
  void Record(const std::vector<RecordedLink>& links) {
    for (const RecordedLink& link : links) {
      const bool forbidden =
          IsSettled(link) ||
          std::any_of(links_.begin(), links_.end(), [&](const RecordedLink& old) {
            return IsSettled(old) && SameAccount(old, link) &&
                   (!old.severed || old.person == link.person);
          });
      if (forbidden) continue;
      const auto same = [&](const RecordedLink& old) {
        return SamePair(old, link) && old.proof == link.proof;
      };
      if (std::any_of(links_.begin(), links_.end(), same)) continue;  // its reason stays
      std::erase_if(
          links_, [&](const RecordedLink& old) { return !old.severed && SameAccount(old, link); });
      links_.push_back(link);
    }
  }
  std::vector<RecordedLink> List() const {
    std::vector<RecordedLink> sorted = links_;
    std::sort(sorted.begin(), sorted.end(), [](const RecordedLink& a, const RecordedLink& b) {
      return std::tie(a.directory, a.account, a.person) <
             std::tie(b.directory, b.account, b.person);
    });
    return sorted;
  }

 private:
  static bool SameAccount(const RecordedLink& a, const RecordedLink& b) {
    return a.directory == b.directory && a.account == b.account;
  }
  static bool SamePair(const RecordedLink& a, const RecordedLink& b) {
    return SameAccount(a, b) && a.person == b.person;
  }

  std::vector<RecordedLink> links_;
};

// Few accounts and people, so that they meet.
struct Cast {
  std::vector<std::string> directories;
  std::vector<std::string> accounts;
  std::vector<std::string> people;
};

std::vector<std::string> SomeNames(size_t count) {
  std::vector<std::string> names;
  for (size_t i = 0; i < count; ++i) names.push_back(SomeName());
  return names;
}

RecordedLink SomeLink(const Cast& cast, Proof proof) {
  RecordedLink link;
  link.directory = *rc::gen::elementOf(cast.directories);
  link.account = *rc::gen::elementOf(cast.accounts);
  link.person = *rc::gen::elementOf(cast.people);
  link.proof = proof;
  return link;
}

std::vector<RecordedLink> LinksOfAPlan(const Cast& cast) {
  std::vector<RecordedLink> links;
  const int count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) {
    const RecordedLink link =
        SomeLink(cast, *rc::gen::element(Proof::kRecordedId, Proof::kRecordedName, Proof::kByHand));
    const bool twice = std::any_of(links.begin(), links.end(), [&](const RecordedLink& other) {
      return other.directory == link.directory && other.account == link.account;
    });
    if (!twice) links.push_back(link);
  }
  return links;
}

void TakeLinkStep(const Cast& cast, absl::Time now, State& state, LinkModel& model) {
  switch (*rc::gen::inRange(0, 5)) {
    case 0: {
      RecordedLink link = SomeLink(cast, Proof::kByHand);
      link.reason = SomeName();
      RC_ASSERT(state->links()
                    .LinkByHand(link.person, link.directory, link.account, link.reason, now)
                    .ok());
      return model.LinkByHand(link);
    }
    case 1: {
      RecordedLink link = SomeLink(cast, Proof::kByHand);
      link.reason = SomeName();
      link.severed = true;
      RC_ASSERT(
          state->links().Sever(link.person, link.directory, link.account, link.reason, now).ok());
      return model.Sever(link);
    }
    case 2:
      return state.Reopen();
    default: {
      const std::vector<RecordedLink> links = LinksOfAPlan(cast);
      RC_ASSERT(state->links().Record(links, now).ok());
      return model.Record(links);
    }
  }
}

TEST(StoreProperty, LinksComeBackAsTheyWereSettled) {
  Holds(kStoreCases, [] {
    const Cast cast = {SomeNames(2), SomeNames(4), SomeNames(4)};
    State state;
    LinkModel model;
    const int steps = *rc::gen::inRange(1, kMostSteps);
    for (int i = 0; i < steps; ++i) {
      TakeLinkStep(cast, absl::UnixEpoch() + absl::Seconds(i), state, model);
      RC_ASSERT(TextOfLinks(*state->links().List()) == TextOfLinks(model.List()));
    }
    state.Reopen();
    RC_ASSERT(TextOfLinks(*state->links().List()) == TextOfLinks(model.List()));
    // What planning reads.
    const Memory memory = *state->memory().Load(absl::UnixEpoch(), "export");
    RC_ASSERT(TextOfLinks(memory.links) == TextOfLinks(model.List()));
  });
}

TEST(StoreProperty, TheHistoryOfALinkNamesItsPeopleAsTheyAre) {
  Holds(kStoreCases, [] {
    State state;
    const std::string directory = SomeName();
    const std::string account = SomeName();
    const std::vector<std::string> people = SomeNames(5);
    for (const std::string& person : people) {
      RC_ASSERT(
          state->links().LinkByHand(person, directory, account, person, absl::UnixEpoch()).ok());
      state.Reopen();
    }
    std::vector<std::string> told;
    const std::vector<LinkEvent> history = *state->links().History(directory, account, 100);
    for (const LinkEvent& event : history) {
      if (event.kind == LinkEvent::Kind::kByHand) told.push_back(event.link.person);
    }
    RC_ASSERT(told == people);
  });
}

std::string HoldText(const Hold& hold) {
  return absl::StrCat(
      hold.id, " ", absl::CHexEscape(hold.person), " | ", absl::CHexEscape(hold.email), " | ",
      static_cast<int>(hold.kind), " | ", absl::CHexEscape(hold.reason), " | ",
      absl::ToUnixMicros(hold.created), " | ",
      hold.until.has_value() ? absl::StrCat(absl::ToUnixMicros(*hold.until)) : "no end", "\n");
}

Hold SomeHold() {
  Hold hold;
  const bool by_email = *rc::gen::arbitrary<bool>();
  (by_email ? hold.email : hold.person) = SomeName();
  hold.kind = *rc::gen::element(Hold::Kind::kDeactivated, Hold::Kind::kActivated);
  hold.reason = SomeName();
  hold.created = absl::UnixEpoch() + absl::Milliseconds(*rc::gen::inRange(0, 100'000'000));
  const bool ends = hold.kind == Hold::Kind::kActivated || *rc::gen::arbitrary<bool>();
  if (ends) hold.until = absl::UnixEpoch() + absl::Hours(*rc::gen::inRange(0, 100));
  return hold;
}

TEST(StoreProperty, HoldsComeBackAsTheyWereRecordedAndEndInTime) {
  Holds(kStoreCases, [] {
    State state;
    std::vector<HoldRecord> model;
    const int steps = *rc::gen::inRange(1, kMostSteps);
    for (int i = 0; i < steps; ++i) {
      const int step = *rc::gen::inRange(0, 5);
      if (step == 0) state.Reopen();
      if (step == 1 && !model.empty()) {
        HoldRecord& record = model[*rc::gen::inRange<size_t>(0, model.size())];
        const absl::Time when = absl::UnixEpoch() + absl::Hours(i);
        RC_ASSERT(state->holds().End(record.hold.id, when).ok() == !record.ended.has_value());
        if (!record.ended.has_value()) record.ended = when;
      }
      if (step < 2) continue;
      HoldRecord record = {SomeHold(), std::nullopt};
      const absl::StatusOr<int64_t> id = state->holds().Add(record.hold);
      RC_ASSERT(id.ok());
      record.hold.id = *id;
      model.push_back(std::move(record));
    }
    state.Reopen();
    absl::Time now = absl::UnixEpoch() + absl::Hours(*rc::gen::inRange(0, 100));
    // Also the very moment at which one ends.
    if (!model.empty() && *rc::gen::arbitrary<bool>()) {
      now = (*rc::gen::elementOf(model)).hold.until.value_or(now);
    }
    std::string all;
    std::string all_told;
    std::string in_force;
    std::string in_force_told;
    for (const HoldRecord& record : model) {
      absl::StrAppend(&all, HoldText(record.hold),
                      record.ended.has_value() ? absl::ToUnixMicros(*record.ended) : -1);
      const bool over = record.hold.until.has_value() && now >= *record.hold.until;
      if (!record.ended.has_value() && !over) absl::StrAppend(&in_force, HoldText(record.hold));
    }
    const std::vector<HoldRecord> listed = *state->holds().List();
    for (const HoldRecord& record : listed) {
      absl::StrAppend(&all_told, HoldText(record.hold),
                      record.ended.has_value() ? absl::ToUnixMicros(*record.ended) : -1);
    }
    const std::vector<Hold> those_in_force = *state->holds().InForce(now);
    for (const Hold& hold : those_in_force) {
      absl::StrAppend(&in_force_told, HoldText(hold));
    }
    RC_ASSERT(all_told == all);
    RC_ASSERT(in_force_told == in_force);
  });
}

}  // namespace
}  // namespace rollcall::property
