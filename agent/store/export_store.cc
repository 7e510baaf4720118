#include "agent/store/export_store.h"

#include <algorithm>
#include <map>
#include <utility>

#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr int64_t kProposalsKept = 3;

// A row of accepted_exports for this content; `is_new` says whether it is one more export.
absl::StatusOr<int64_t> InsertAccepted(Database& database, const ExportFacts& facts, absl::Time now,
                                       bool* is_new) {
  ASSIGN_OR_RETURN(Statement last,
                   database.Prepare("SELECT seq, content_hash FROM accepted_exports "
                                    "WHERE source = ? ORDER BY seq DESC LIMIT 1"));
  last.Bind(facts.source);
  ASSIGN_OR_RETURN(const bool found, last.Next());
  if (found && last.View(1) == facts.content_hash) {
    *is_new = false;
    const int64_t seq = last.Int(0);
    RETURN_IF_ERROR(database.Run("UPDATE accepted_exports SET last = ? WHERE seq = ?", now, seq));
    return seq;
  }
  *is_new = true;
  const ExportCounts& counts = facts.counts;
  RETURN_IF_ERROR(database.Run("INSERT INTO accepted_exports VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
                               facts.source, facts.content_hash, counts.people,
                               counts.active_people, counts.groups, counts.memberships, now, now));
  return database.last_row();
}

// Who came, went and came back, found by walking both sorted lists once.
struct Movement {
  std::vector<absl::string_view> came;
  std::vector<std::string> went;
  std::vector<std::string> returned;
};

absl::StatusOr<Movement> Compare(Database& database, const std::vector<absl::string_view>& people) {
  Movement movement;
  // The key's order is memcmp's, as that of string_view is.
  ASSIGN_OR_RETURN(
      Statement known,
      database.Prepare("SELECT person, absent_since FROM known_people ORDER BY person"));
  known.Bind();
  size_t next = 0;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, known.Next());
    if (!more) break;
    const absl::string_view person = known.View(0);
    for (; next < people.size() && people[next] < person; ++next) {
      movement.came.push_back(people[next]);
    }
    if (next < people.size() && people[next] == person) {
      ++next;
      if (!known.IsNull(1)) movement.returned.emplace_back(person);
    } else if (known.IsNull(1)) {
      movement.went.emplace_back(person);
    }
  }
  movement.came.insert(movement.came.end(), people.begin() + static_cast<ptrdiff_t>(next),
                       people.end());
  return movement;
}

absl::Status RecordPeople(Database& database, int64_t seq, std::vector<absl::string_view> people) {
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  ASSIGN_OR_RETURN(const Movement movement, Compare(database, people));
  ASSIGN_OR_RETURN(Statement came, database.Prepare("INSERT INTO known_people VALUES (?, NULL)"));
  for (absl::string_view person : movement.came) RETURN_IF_ERROR(came.Run(person));
  ASSIGN_OR_RETURN(Statement moved,
                   database.Prepare("UPDATE known_people SET absent_since = ? WHERE person = ?"));
  for (const std::string& person : movement.went) RETURN_IF_ERROR(moved.Run(seq, person));
  for (const std::string& person : movement.returned) {
    RETURN_IF_ERROR(moved.Run(std::optional<int64_t>(), person));
  }
  return absl::OkStatus();
}

absl::Status AcceptWithin(Database& database, const ExportFacts& facts, absl::Time now) {
  bool is_new = false;
  ASSIGN_OR_RETURN(const int64_t seq, InsertAccepted(database, facts, now, &is_new));
  return is_new ? RecordPeople(database, seq, facts.people) : absl::OkStatus();
}

absl::Status InsertProposal(Database& database, const std::string& plan, const ExportFacts& facts,
                            absl::Time now) {
  RETURN_IF_ERROR(database.Run("DELETE FROM proposed_exports WHERE plan = ?", plan));
  const ExportCounts& counts = facts.counts;
  RETURN_IF_ERROR(database.Run("INSERT INTO proposed_exports VALUES (?, ?, ?, ?, ?, ?, ?, ?)", plan,
                               facts.source, facts.content_hash, counts.people,
                               counts.active_people, counts.groups, counts.memberships, now));
  ASSIGN_OR_RETURN(Statement person,
                   database.Prepare("INSERT OR IGNORE INTO proposed_people VALUES (?, ?)"));
  for (absl::string_view id : facts.people) RETURN_IF_ERROR(person.Run(plan, id));
  return database.Run(
      "DELETE FROM proposed_exports WHERE plan NOT IN "
      "(SELECT plan FROM proposed_exports ORDER BY rowid DESC LIMIT ?)",
      kProposalsKept);
}

absl::Status LoadProposal(Database& database, const std::string& plan, ExportFacts* facts,
                          std::vector<std::string>* people, bool* found) {
  ASSIGN_OR_RETURN(Statement row,
                   database.Prepare("SELECT source, content_hash, people, active_people, groups, "
                                    "memberships FROM proposed_exports WHERE plan = ?"));
  row.Bind(plan);
  ASSIGN_OR_RETURN(*found, row.Next());
  if (!*found) return absl::OkStatus();
  facts->source = row.Text(0);
  facts->content_hash = row.Text(1);
  facts->counts = {row.Int(2), row.Int(3), row.Int(4), row.Int(5)};
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT person FROM proposed_people WHERE plan = ?"));
  rows.Bind(plan);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) break;
    people->push_back(rows.Text(0));
  }
  facts->people.assign(people->begin(), people->end());
  return absl::OkStatus();
}

}  // namespace

ExportFacts ExportFacts::Of(const Export& exported, const std::string& source) {
  ExportFacts facts;
  facts.source = source;
  facts.content_hash = exported.content_hash;
  facts.counts = exported.Counts();
  facts.people.reserve(exported.people.size());
  for (const Person& person : exported.people) facts.people.push_back(person.id);
  return facts;
}

absl::Status ExportStore::Accept(const ExportFacts& facts, absl::Time now) {
  return database_.Write([&] { return AcceptWithin(database_, facts, now); });
}

absl::Status ExportStore::Propose(const std::string& plan, const ExportFacts& facts,
                                  absl::Time now) {
  return database_.Write([&] { return InsertProposal(database_, plan, facts, now); });
}

absl::Status ExportStore::AcceptProposed(const std::string& plan, absl::Time now) {
  return database_.Write([&]() -> absl::Status {
    ExportFacts facts;
    std::vector<std::string> people;
    bool found = false;
    RETURN_IF_ERROR(LoadProposal(database_, plan, &facts, &people, &found));
    if (!found) return absl::OkStatus();
    RETURN_IF_ERROR(AcceptWithin(database_, facts, now));
    return database_.Run("DELETE FROM proposed_exports WHERE plan = ?", plan);
  });
}

absl::StatusOr<bool> ExportStore::Knows(const std::string& person) {
  bool known = false;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(
        const auto count,
        database_.Number("SELECT count(*) FROM known_people WHERE person = ?", person));
    known = count.value_or(0) > 0;
    return absl::OkStatus();
  }));
  return known;
}

absl::Status LoadAccepted(Database& database, const std::string& source, Memory* memory) {
  ASSIGN_OR_RETURN(Statement last,
                   database.Prepare("SELECT content_hash, people, active_people, groups, "
                                    "memberships FROM accepted_exports WHERE source = ? "
                                    "ORDER BY seq DESC LIMIT 1"));
  last.Bind(source);
  ASSIGN_OR_RETURN(const bool found, last.Next());
  if (found) {
    memory->last_accepted_hash = last.Text(0);
    memory->last_accepted = ExportCounts{last.Int(1), last.Int(2), last.Int(3), last.Int(4)};
  }
  // Rows are never deleted, so that sequence numbers count the exports.
  ASSIGN_OR_RETURN(const auto newest, database.Number("SELECT max(seq) FROM accepted_exports"));
  ASSIGN_OR_RETURN(Statement absent,
                   database.Prepare("SELECT person, absent_since FROM known_people "
                                    "WHERE absent_since IS NOT NULL ORDER BY person"));
  absent.Bind();
  while (true) {
    ASSIGN_OR_RETURN(const bool more, absent.Next());
    if (!more) return absl::OkStatus();
    memory->absent.push_back({absent.Text(0), newest.value_or(0) - absent.Int(1) + 1});
  }
}

}  // namespace rollcall
