// The part of RecordHandler that takes single values: what each field may hold.
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/idp/record_handler.h"
#include "clients/idp/shown.h"

namespace rollcall::idp {

bool RecordHandler::Take(Scalar kind, absl::string_view text) {
  if (places_.empty() || TopIs(Place::kList)) {
    record_.row = ++rows_;
    return Fail(absl::StrCat(Shown(kind == Scalar::kNull ? "null" : text),
                             " stands where a person or a group is expected"));
  }
  if (TopIs(Place::kTexts)) return TakeInArray(kind, text);
  if (IsOfPage(field_)) return TakeOfPage(kind, text);
  return TakeField(kind, text);
}

bool RecordHandler::TakeField(Scalar kind, absl::string_view text) {
  const bool of_member = TopIs(Place::kEntry);
  int64_t count = 0;
  switch (field_) {
    case RecordField::kId:
      return TakeText(kind, text, of_member ? entry_.id : record_.id);
    case RecordField::kEmail:
      return TakeText(kind, text, of_member ? entry_.email : record_.email);
    case RecordField::kType:
      return TakeText(kind, text, entry_.type);
    case RecordField::kUserName:
      return TakeText(kind, text, record_.user_name);
    case RecordField::kName:
      return TakeText(kind, text, record_.name);
    case RecordField::kStatus:
      return TakeText(kind, text, record_.status);
    case RecordField::kEnabled:
      return TakeFlag(kind, text, record_.enabled);
    case RecordField::kSuspended:
      return TakeFlag(kind, text, record_.suspended);
    case RecordField::kArchived:
      return TakeFlag(kind, text, record_.archived);
    case RecordField::kMembersCount:
      if (kind == Scalar::kNull) return true;
      if (!TakeCount(kind, text, count)) return false;
      record_.members_count = count;
      return true;
    case RecordField::kMembers:
    case RecordField::kAliases:
      if (kind == Scalar::kNull) return true;  // no list
      return Fail(absl::StrCat(Shown(key_), " is ", Shown(text), "; an array is expected"));
    case RecordField::kObject:
      if (kind == Scalar::kNull) return true;
      return Fail(absl::StrCat(Shown(key_), " is ", Shown(text), "; an object is expected"));
    default:
      return TakeAttribute(kind, text);
  }
}

bool RecordHandler::TakeOfPage(Scalar kind, absl::string_view text) {
  const bool null = kind == Scalar::kNull;
  switch (field_) {
    case RecordField::kNext:
      return TakeNext(kind, text);
    case RecordField::kTotal:
      return null || TakeCount(kind, text, page_.total);
    case RecordField::kKind:
      page_.kind.assign(text.data(), text.size());
      return TakeAttribute(kind, text);
    case RecordField::kError:
      if (!null) page_.error = key_;
      return true;
    case RecordField::kChanges:
      return Fail(absl::StrCat("the key ", Shown(key_),
                               " belongs to a list of changes (/delta), which does not hold "
                               "everybody; export the whole list"));
    case RecordField::kOtherList:
      return null || WrongPart();
    default:
      return Fail(absl::StrCat(Shown(key_), " is ", null ? "null" : Shown(text),
                               "; an array is expected, and export again where the request for it "
                               "failed"));
  }
}

bool RecordHandler::TakeNext(Scalar kind, absl::string_view text) {
  const bool set = kind != Scalar::kNull && !text.empty() && text != "false";
  if (!TopIs(Place::kPage)) record_.says_next = true;
  if (set) (OfThePage() ? page_.next : record_.next) = key_;
  return true;
}

bool RecordHandler::TakeText(Scalar kind, absl::string_view text, std::string& target) {
  if (kind == Scalar::kBool) {
    return Fail(absl::StrCat(Shown(key_), " is ", text, "; a text is expected"));
  }
  target.assign(text.data(), text.size());
  const bool known_otherwise = field_ == RecordField::kId || TopIs(Place::kEntry);
  return known_otherwise || TakeAttribute(kind, text);
}

bool RecordHandler::TakeFlag(Scalar kind, absl::string_view text, std::optional<bool>& target) {
  if (kind != Scalar::kBool) {
    return Fail(absl::StrCat(Shown(key_), " is ", kind == Scalar::kNull ? "null" : Shown(text),
                             "; true or false is expected"));
  }
  target = text == "true";
  return TakeAttribute(kind, text);
}

bool RecordHandler::TakeCount(Scalar kind, absl::string_view text, int64_t& target) {
  const bool number = kind == Scalar::kNumber || kind == Scalar::kString;
  if (number && absl::SimpleAtoi(text, &target) && target >= 0) return true;
  return Fail(absl::StrCat(Shown(key_), " is ", Shown(text), "; a count is expected"));
}

bool RecordHandler::TakeAttribute(Scalar kind, absl::string_view text) {
  if (kind == Scalar::kNull || !wants_attributes_) return true;
  const absl::string_view name = AttributeName(key_);
  if (!builder_.WantsAttribute(name)) return true;
  if (!attribute_paths_.insert(key_).second) return ComesTwice();
  return Keep(name, record_.attribute_names) && Keep(text, record_.attribute_values);
}

bool RecordHandler::TakeInArray(Scalar kind, absl::string_view text) {
  const bool aliases = array_field_ == RecordField::kAliases;
  const absl::string_view list = aliases ? "\"aliases\"" : "\"members\"";
  if (kind != Scalar::kString && kind != Scalar::kNumber) {
    return Fail(absl::StrCat("an entry of ", list, " is ", kind == Scalar::kNull ? "null" : text,
                             "; a text is expected"));
  }
  if (text.empty()) return Fail(absl::StrCat("an entry of ", list, " is empty"));
  if (aliases) return Keep(text, record_.aliases);
  ++record_.members_listed;
  return TakeMember(text);
}

bool RecordHandler::TakeEntry(const MemberEntry& entry) {
  if (!entry.id.empty()) return TakeMember(entry.id);
  return Fail(absl::StrCat("a member of ", Who(), " has no \"id\"; export it"));
}

bool RecordHandler::TakeMember(absl::string_view member) {
  if (!Keep(member, record_.members)) return false;
  const bool full = record_.members.bytes() >= kMemberSliceBytes;
  return !full || !GroupIsKnown() || HandOver(nullptr);
}

bool RecordHandler::Keep(absl::string_view text, TextList& list) {
  if (record_.bytes() + TextList::BytesOf(text) <= kMaxRecordBytes) {
    list.Add(text);
    return true;
  }
  return Fail(absl::StrCat(&list == &record_.members ? "\"members\"" : Shown(key_),
                           ": with it the record takes more than ", kMaxRecordBytes,
                           " bytes, the limit of one person or group; ",
                           &list == &record_.members
                               ? "export the group's id and name before \"members\", or split "
                                 "them over several records of the same id"
                           : &list == &record_.aliases ? "export fewer or shorter aliases"
                                                       : "export fewer or shorter attributes"));
}

}  // namespace rollcall::idp
