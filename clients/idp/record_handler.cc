#include "clients/idp/record_handler.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "clients/idp/shown.h"
#include "clients/json/stream.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::idp {
namespace {

constexpr size_t kMaxPathBytes = 64 << 10;  // of nested objects; the last key may be longer

constexpr uint32_t BitOf(RecordField field) { return 1u << static_cast<unsigned>(field); }

}  // namespace

RecordHandler::RecordHandler(RecordKeys keys, Part part, ExportBuilder& builder)
    : keys_(keys),
      part_(part),
      builder_(builder),
      wants_attributes_(part == Part::kPeople && builder.WantsAttributesBelow("")) {}

bool RecordHandler::Fail(absl::string_view message) {
  error_ = absl::InvalidArgumentError(absl::StrCat("row ", record_.row, ": ", message));
  return false;
}

bool RecordHandler::Cut(absl::string_view message) {
  error_ = absl::DataLossError(absl::StrCat("row ", record_.row, ": ", message));
  return false;
}

std::string RecordHandler::Who() const {
  const std::string& name = part_ == Part::kGroups      ? record_.name
                            : record_.user_name.empty() ? record_.email
                                                        : record_.user_name;
  const std::string& shown = name.empty() ? record_.id : name;
  return absl::StrCat(part_ == Part::kGroups ? "the group" : "the person", shown.empty() ? "" : " ",
                      shown.empty() ? "" : Shown(shown));
}

bool RecordHandler::Missing(absl::string_view key, absl::string_view cure) {
  return Fail(absl::StrCat(Who(), " has no ", Shown(key), "; ", cure));
}

bool RecordHandler::ComesTwice() {
  return Fail(absl::StrCat("the key ", Shown(key_),
                           " comes twice in one object, or beside another for the same"));
}

bool RecordHandler::WrongPart() {
  return Fail(part_ == Part::kPeople
                  ? "the people file holds groups; give groups in export.groups"
                  : "the groups file holds people; give people in export.people");
}

bool RecordHandler::ErrorAnswer(absl::string_view key) {
  return Fail(absl::StrCat("this is an error answer (it has the key ", Shown(key),
                           "), not a list; export again with working credentials"));
}

bool RecordHandler::Check(const absl::Status& status) {
  error_ = status;
  return status.ok();
}

bool RecordHandler::StartObject() {
  if (places_.empty() || TopIs(Place::kList)) return StartRecord();
  if (TopIs(Place::kEntry)) {
    return Fail(absl::StrCat(Shown(key_), " of a member is an object; a text is expected"));
  }
  if (!TopIs(Place::kTexts)) return StartValueObject();
  if (array_field_ != RecordField::kMembers) {
    return Fail("an entry of \"aliases\" is an object; a text is expected");
  }
  places_.push_back(Place::kEntry);
  entry_.id.clear();
  entry_.email.clear();
  entry_.type.clear();
  entry_given_ = 0;
  return true;
}

bool RecordHandler::StartArray() {
  if (places_.empty()) {
    places_.push_back(Place::kList);
    return true;
  }
  if (TopIs(Place::kRecord) || TopIs(Place::kPage) || TopIs(Place::kNested)) {
    return StartValueArray();
  }
  return Fail("an array stands where a single value is expected");
}

bool RecordHandler::EndArray() {
  places_.pop_back();
  return true;
}

bool RecordHandler::StartRecord() {
  record_.Clear();
  attribute_paths_.clear();
  record_.row = ++rows_;
  if (!in_page_) page_ = Page();
  places_.push_back(Place::kRecord);
  return true;
}

bool RecordHandler::StartValueObject() {
  switch (field_) {
    case RecordField::kObject:
      return StartNested();
    case RecordField::kOther:
      if (wants_attributes_ && builder_.WantsAttributesBelow(AttributeName(key_))) {
        return StartNested();
      }
      SkipValue();
      return true;
    case RecordField::kNext:
    case RecordField::kError:
    case RecordField::kChanges:
      SkipValue();
      return TakeOfPage(Scalar::kString, "{}");
    default:
      if (part_ == Part::kGroups && !record_.user_name.empty()) return WrongPart();
      return Fail(absl::StrCat(Shown(key_), " is an object, which is not expected there"));
  }
}

bool RecordHandler::StartNested() {
  if (key_.size() > kMaxPathBytes) {
    return Fail(absl::StrCat("the path ", Shown(key_), " of an object is longer than ",
                             kMaxPathBytes, " bytes"));
  }
  prefix_lengths_.push_back(prefix_.size());
  prefix_ = absl::StrCat(key_, ".");
  places_.push_back(Place::kNested);
  return true;
}

bool RecordHandler::StartValueArray() {
  switch (field_) {
    case RecordField::kList:
      if (!TurnIntoPage()) return false;
      places_.push_back(Place::kList);
      return true;
    case RecordField::kOtherList:
      return WrongPart();
    case RecordField::kMembers:
    case RecordField::kAliases:
      array_field_ = field_;
      record_.has_members |= field_ == RecordField::kMembers;
      places_.push_back(Place::kTexts);
      return true;
    case RecordField::kOther:
      SkipValue();
      return true;
    case RecordField::kNext:
    case RecordField::kError:
    case RecordField::kChanges:
      SkipValue();
      return TakeOfPage(Scalar::kString, "[]");
    default:
      return Fail(absl::StrCat(Shown(key_), " is an array, which is not expected there"));
  }
}

bool RecordHandler::TurnIntoPage() {
  if (!record_.id.empty() || !record_.user_name.empty() || record_.has_members) {
    return Fail("an object is a person or a group and a page of a list at once");
  }
  places_.back() = Place::kPage;
  in_page_ = true;
  page_.rows_before = --rows_;
  return true;
}

bool RecordHandler::Key(absl::string_view key) {
  if (!TopIs(Place::kEntry)) return KeyOfObject(key);
  field_ = FindField(keys_.member, key);
  key_.assign(key.data(), key.size());
  if (field_ == RecordField::kOther) {
    SkipValue();
    return true;
  }
  if ((entry_given_ & BitOf(field_)) != 0) return ComesTwice();
  entry_given_ |= BitOf(field_);
  return true;
}

bool RecordHandler::KeyOfObject(absl::string_view key) {
  if (prefix_.empty()) {
    key_.assign(key.data(), key.size());
  } else {
    key_ = absl::StrCat(prefix_, key);
  }
  field_ = FindField(keys_.record, key_);
  const bool of_page = IsOfPage(field_);
  if (TopIs(Place::kPage) && !of_page) field_ = RecordField::kOther;
  // A record of a page may have such keys too. Then only two of them say something about it: what
  // is next (of its members), and that it is a change.
  const bool of_record = field_ == RecordField::kNext || field_ == RecordField::kChanges;
  if (of_page && !OfThePage() && !of_record) field_ = RecordField::kOther;
  if (field_ == RecordField::kOther) {
    if (!wants_attributes_ || TopIs(Place::kPage)) SkipValue();
    return true;
  }
  uint32_t& given = of_page && OfThePage() ? page_.given : record_.given;
  if ((given & BitOf(field_)) != 0) return ComesTwice();
  // Some objects may come beside one another, and so may several kinds of "next".
  if (field_ != RecordField::kObject && field_ != RecordField::kNext) given |= BitOf(field_);
  return true;
}

bool RecordHandler::EndObject() {
  const Place ended = places_.back();
  places_.pop_back();
  switch (ended) {
    case Place::kRecord:
      return EndRecord();
    case Place::kPage:
      return EndPage();
    case Place::kEntry:
      ++record_.members_listed;
      return TakeEntry(entry_);
    case Place::kNested:
      prefix_.resize(prefix_lengths_.back());
      prefix_lengths_.pop_back();
      return true;
    default:
      return true;
  }
}

bool RecordHandler::EndPage() {
  if (!page_.error.empty()) return ErrorAnswer(page_.error);
  in_page_ = false;
  next_ = page_.next;
  listed_ += rows_ - page_.rows_before;
  total_ = std::max(total_, page_.total);
  return true;
}

bool RecordHandler::EndRecord() {
  if (!in_page_ && !page_.error.empty() && record_.id.empty()) return ErrorAnswer(page_.error);
  if (!in_page_ && IsEmptyPage()) {
    in_page_ = true;
    page_.rows_before = --rows_;
    return EndPage();
  }
  const std::string& next = record_.next.empty() && !in_page_ ? page_.next : record_.next;
  if (!next.empty()) {
    return Cut(absl::StrCat(Who(), " names a next page (", Shown(next),
                            "): the export was cut; export every page and join them"));
  }
  return part_ == Part::kPeople ? EndPerson() : EndGroupRecord();
}

bool RecordHandler::EndGroupRecord() {
  if (!record_.user_name.empty()) return WrongPart();
  std::string key;
  if (!HandOver(&key)) return false;
  if (!record_.has_members) {
    builder_.HoldGroup(key, absl::StrCat("row ", record_.row, ": it has no list of members"));
    without_list_.Add(record_.name);
  }
  return EndGroup(key);
}

bool RecordHandler::HandOver(std::string* key) {
  GroupRecord group;
  if (!GroupOf(group)) return false;
  group.row = record_.row;
  if (!Check(builder_.AddGroup(group))) return false;
  members_.clear();
  for (size_t i = 0; i < record_.members.size(); ++i) members_.push_back(record_.members[i]);
  const absl::Status status = builder_.AddMembers(group.key, members_, record_.row);
  record_.members.Clear();
  if (key != nullptr) *key = std::string(group.key);
  return Check(status);
}

bool RecordHandler::AddPerson(Standing standing) {
  PersonRecord person;
  person.id = record_.id;
  person.user_name = record_.user_name;
  person.email = record_.email;
  person.standing = standing;
  person.row = record_.row;
  for (size_t i = 0; i < record_.aliases.size(); ++i) person.aliases.push_back(record_.aliases[i]);
  for (size_t i = 0; i < record_.attribute_names.size(); ++i) {
    person.attributes.emplace_back(record_.attribute_names[i], record_.attribute_values[i]);
  }
  return Check(builder_.AddPerson(person));
}

absl::Status RecordHandler::Read(json::ByteSource& source) {
  RETURN_IF_ERROR(json::ParseStream(source, *this, json::Documents::kMany));
  return Finish();
}

absl::Status RecordHandler::Finish() {
  if (!next_.empty()) {
    return absl::DataLossError(absl::StrCat("the export was cut: its last page names a next one (",
                                            next_, "); export every page of the list"));
  }
  if (listed_ < total_) {
    return absl::DataLossError(absl::StrCat("the export was cut: a page says that there are ",
                                            total_, ", but the pages hold ", listed_,
                                            "; export every page of the list"));
  }
  if (without_list_.count() > 0) {
    Finding finding;
    finding.name = "groups_without_members";
    finding.severity = Severity::kWarning;
    finding.message = absl::StrCat(without_list_.Have(),
                                   " no list of members in the export, not even an empty one; "
                                   "therefore nobody is removed from there");
    finding.cure = "Export the members of each group, as an empty list where there are none.";
    finding.observed = without_list_.count();
    finding.subjects = without_list_.names();
    builder_.AddFinding(std::move(finding));
  }
  AddFindings();
  return absl::OkStatus();
}

}  // namespace rollcall::idp
