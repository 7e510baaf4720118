#include "agent/store/link_store.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

bool Settled(const RecordedLink& link) { return link.severed || link.proof == Proof::kByHand; }

auto KeyOf(const RecordedLink& link) { return std::tie(link.directory, link.account, link.person); }

// Writes links and their history within one transaction, with statements that are made once.
class LinkWriter {
 public:
  static absl::StatusOr<LinkWriter> Make(Database& database, absl::Time now) {
    ASSIGN_OR_RETURN(Statement put,
                     database.Prepare("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?, ?, ?)"));
    ASSIGN_OR_RETURN(Statement drop, database.Prepare("DELETE FROM links WHERE directory = ? AND "
                                                      "account = ? AND person = ?"));
    ASSIGN_OR_RETURN(Statement note, database.Prepare("INSERT INTO link_history VALUES "
                                                      "(NULL, ?, ?, ?, ?, ?, ?, ?)"));
    return LinkWriter(std::move(put), std::move(drop), std::move(note), now);
  }

  absl::Status Put(const RecordedLink& link, LinkEvent::Kind kind) {
    RETURN_IF_ERROR(put_.Run(link.directory, link.account, link.person, link.proof, link.reason,
                             link.severed, now_));
    return Note(link, kind);
  }

  absl::Status Drop(const RecordedLink& link) {
    RETURN_IF_ERROR(drop_.Run(link.directory, link.account, link.person));
    return Note(link, LinkEvent::Kind::kDropped);
  }

 private:
  LinkWriter(Statement put, Statement drop, Statement note, absl::Time now)
      : put_(std::move(put)), drop_(std::move(drop)), note_(std::move(note)), now_(now) {}

  absl::Status Note(const RecordedLink& link, LinkEvent::Kind kind) {
    return note_.Run(now_, kind, link.directory, link.account, link.person, link.proof,
                     link.reason);
  }

  Statement put_;
  Statement drop_;
  Statement note_;
  absl::Time now_;
};

// The links of one directory, sorted by account and person.
absl::StatusOr<std::vector<RecordedLink>> LoadDirectory(Database& database,
                                                        const std::string& directory) {
  std::vector<RecordedLink> links;
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT account, person, proof, reason, severed FROM links "
                                    "WHERE directory = ? ORDER BY account, person"));
  rows.Bind(directory);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return links;
    RecordedLink& link = links.emplace_back();
    link.directory = directory;
    link.account = rows.Text(0);
    link.person = rows.Text(1);
    link.proof = static_cast<Proof>(rows.Int(2));
    link.reason = rows.Text(3);
    link.severed = rows.Int(4) != 0;
  }
}

using LinkIterator = std::vector<RecordedLink>::const_iterator;

// Records the links [begin, end) of one directory; sorted.
absl::Status RecordDirectory(Database& database, LinkIterator begin, LinkIterator end,
                             LinkWriter& writer) {
  ASSIGN_OR_RETURN(const std::vector<RecordedLink> stored,
                   LoadDirectory(database, begin->directory));
  absl::flat_hash_set<std::pair<absl::string_view, absl::string_view>> severed;
  absl::flat_hash_map<absl::string_view, const RecordedLink*> live;  // by account
  for (const RecordedLink& link : stored) {
    if (link.severed) {
      severed.emplace(link.account, link.person);
    } else {
      live[link.account] = &link;
    }
  }
  for (LinkIterator link = begin; link != end; ++link) {
    if (link != begin && std::prev(link)->account == link->account) {
      return absl::InvalidArgumentError(absl::StrCat("two people for the account ", link->directory,
                                                     "/", link->account, " in one plan"));
    }
    if (Settled(*link) || severed.contains({link->account, link->person})) continue;
    const auto old = live.find(link->account);
    if (old != live.end()) {
      if (Settled(*old->second)) continue;
      if (old->second->person == link->person && old->second->proof == link->proof) continue;
      if (old->second->person != link->person) RETURN_IF_ERROR(writer.Drop(*old->second));
    }
    RETURN_IF_ERROR(writer.Put(*link, LinkEvent::Kind::kRecorded));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status LoadLinks(Database& database, std::vector<RecordedLink>* links) {
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT DISTINCT directory FROM links ORDER BY directory"));
  rows.Bind();
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    ASSIGN_OR_RETURN(std::vector<RecordedLink> some, LoadDirectory(database, rows.Text(0)));
    links->insert(links->end(), std::make_move_iterator(some.begin()),
                  std::make_move_iterator(some.end()));
  }
}

absl::Status LinkStore::Record(std::vector<RecordedLink> links, absl::Time now) {
  if (links.empty()) return absl::OkStatus();
  std::sort(links.begin(), links.end(),
            [](const RecordedLink& a, const RecordedLink& b) { return KeyOf(a) < KeyOf(b); });
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(LinkWriter writer, LinkWriter::Make(database_, now));
    for (auto begin = links.cbegin(); begin != links.cend();) {
      const auto end = std::find_if(begin, links.cend(), [&](const RecordedLink& link) {
        return link.directory != begin->directory;
      });
      RETURN_IF_ERROR(RecordDirectory(database_, begin, end, writer));
      begin = end;
    }
    return absl::OkStatus();
  });
}

absl::Status LinkStore::LinkByHand(const std::string& person, const std::string& directory,
                                   const std::string& account, const std::string& reason,
                                   absl::Time now) {
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(LinkWriter writer, LinkWriter::Make(database_, now));
    ASSIGN_OR_RETURN(const std::vector<RecordedLink> stored, LoadDirectory(database_, directory));
    for (const RecordedLink& old : stored) {
      const bool same = old.account == account && old.person == person;
      const bool rival = !old.severed && (old.account == account || old.person == person);
      if (rival && !same) RETURN_IF_ERROR(writer.Drop(old));
    }
    return writer.Put({directory, account, person, Proof::kByHand, reason, false},
                      LinkEvent::Kind::kByHand);
  });
}

absl::Status LinkStore::Sever(const std::string& person, const std::string& directory,
                              const std::string& account, const std::string& reason,
                              absl::Time now) {
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(LinkWriter writer, LinkWriter::Make(database_, now));
    return writer.Put({directory, account, person, Proof::kByHand, reason, true},
                      LinkEvent::Kind::kSevered);
  });
}

absl::StatusOr<std::vector<RecordedLink>> LinkStore::List() {
  std::vector<RecordedLink> links;
  RETURN_IF_ERROR(database_.Read([&] { return LoadLinks(database_, &links); }));
  return links;
}

absl::StatusOr<std::vector<LinkEvent>> LinkStore::History(const std::string& directory,
                                                          const std::string& account,
                                                          int64_t limit) {
  std::vector<LinkEvent> events;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement rows,
                     database_.Prepare("SELECT time, event, person, proof, reason FROM "
                                       "link_history WHERE directory = ? AND account = ? "
                                       "ORDER BY seq DESC LIMIT ?"));
    rows.Bind(directory, account, limit);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, rows.Next());
      if (!more) return absl::OkStatus();
      LinkEvent& event = events.emplace_back();
      event.time = rows.Time(0);
      event.kind = static_cast<LinkEvent::Kind>(rows.Int(1));
      event.link = {directory,    account,
                    rows.Text(2), static_cast<Proof>(rows.Int(3)),
                    rows.Text(4), event.kind == LinkEvent::Kind::kSevered};
    }
  }));
  std::reverse(events.begin(), events.end());
  return events;
}

}  // namespace rollcall
