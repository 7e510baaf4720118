// What the keys of an export in JSON mean: each format has a table of them by path. Values, pure.
#ifndef CLIENTS_IDP_RECORD_FIELDS_H_
#define CLIENTS_IDP_RECORD_FIELDS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rollcall::idp {

enum class RecordField : uint8_t {
  kOther,
  kObject,  // an object whose members have paths of their own: "profile"
  // Of a page.
  kList,       // its records
  kOtherList,  // people in the file of groups, or the other way round
  kNext,       // says that there is a further page; in a record: of its members
  kTotal,      // how many records all pages hold
  kKind,
  kError,    // this is no list, but an answer that says what went wrong
  kChanges,  // this is a list of changes, not of everybody
  // Of a person or a group. Twice in one object is an error.
  kId,
  kUserName,
  kEmail,
  kName,
  kStatus,
  kEnabled,
  kSuspended,
  kArchived,
  kAliases,
  kMembers,
  kMembersCount,
  // Of a member that is an object; besides kId and kEmail.
  kType,
};

inline bool IsOfPage(RecordField field) {
  return field >= RecordField::kList && field <= RecordField::kChanges;
}

struct RecordKey {
  absl::string_view path;  // "id", "profile.login"
  RecordField field;
};

struct RecordKeys {
  absl::Span<const RecordKey> record;  // of a person, a group or a page
  absl::Span<const RecordKey> member;  // of a member that is an object
};

inline RecordField FindField(absl::Span<const RecordKey> keys, absl::string_view path) {
  for (const RecordKey& key : keys) {
    if (key.path == path) return key.field;
  }
  return RecordField::kOther;
}

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_RECORD_FIELDS_H_
