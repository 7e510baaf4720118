#include "clients/idp/scim_handler.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/idp/shown.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::idp {
namespace {

constexpr size_t kInterests = 10'000;
constexpr size_t kInterestBytes = 256;  // names that are longer are looked at anew each time

constexpr uint32_t BitOf(ScimField field) { return 1u << static_cast<unsigned>(field); }

bool IsOfPage(ScimField field) {
  return field == ScimField::kResources || field == ScimField::kTotalResults ||
         field == ScimField::kStartIndex || field == ScimField::kNext;
}

bool IsEntries(ScimField field) {
  return field == ScimField::kEmails || field == ScimField::kMembers ||
         field == ScimField::kGroups || field == ScimField::kSchemas;
}

}  // namespace

bool ScimHandler::Fail(absl::string_view message) {
  error_ = absl::InvalidArgumentError(absl::StrCat("row ", record_.row, ": ", message));
  return false;
}

bool ScimHandler::Check(const absl::Status& status) {
  error_ = status;
  return status.ok();
}

bool ScimHandler::Null() { return Take(Scalar::kNull, ""); }
bool ScimHandler::Bool(bool value) { return Take(Scalar::kBool, value ? "true" : "false"); }
bool ScimHandler::Number(absl::string_view raw) { return Take(Scalar::kNumber, raw); }
bool ScimHandler::String(absl::string_view value) { return Take(Scalar::kString, value); }

bool ScimHandler::StartObject() {
  if (places_.empty() || TopIs(Place::kList)) return StartRecord();
  switch (places_.back()) {
    case Place::kTexts:
      return StartEntry();
    case Place::kEntry:
      return Fail(absl::StrCat(Shown(key_), " is an object; a text is expected"));
    case Place::kMeta:
      SkipValue();
      return true;
    case Place::kNested:
      return StartNested();
    default:
      return StartValueObject();
  }
}

bool ScimHandler::StartArray() {
  if (places_.empty()) {
    places_.push_back(Place::kList);
    return true;
  }
  switch (places_.back()) {
    case Place::kRecord:
    case Place::kPage:
      return StartValueArray();
    case Place::kMeta:
    case Place::kNested:
      SkipValue();
      return true;
    default:
      return Fail("an array stands where a single value is expected");
  }
}

bool ScimHandler::EndArray() {
  places_.pop_back();
  return true;
}

bool ScimHandler::StartRecord() {
  record_.Clear();
  record_.row = ++rows_;
  if (!in_page_) {
    page_ = ScimPage();
    page_given_ = 0;
  }
  places_.push_back(Place::kRecord);
  return true;
}

bool ScimHandler::StartValueObject() {
  if (IsEntries(field_)) return StartEntry();
  switch (field_) {
    case ScimField::kMeta:
      places_.push_back(Place::kMeta);
      return true;
    case ScimField::kNext:
      page_.next = key_;
      SkipValue();
      return true;
    case ScimField::kOther:
      return StartNested();
    default:
      return Fail(absl::StrCat(Shown(key_), " is an object; a single value is expected"));
  }
}

bool ScimHandler::StartEntry() {
  if (places_.back() != Place::kTexts) array_field_ = field_;
  places_.push_back(Place::kEntry);
  entry_value_.clear();
  entry_display_.clear();
  entry_primary_ = false;
  field_ = ScimField::kOther;
  return true;
}

// The members of an extension count by their bare names, those of any other object by
// "object.name".
bool ScimHandler::StartNested() {
  prefix_lengths_.push_back(prefix_.size());
  if (!absl::StrContains(key_, ':')) absl::StrAppend(&prefix_, key_, ".");
  places_.push_back(Place::kNested);
  return true;
}

bool ScimHandler::StartValueArray() {
  if (field_ == ScimField::kResources) {
    if (!TurnIntoPage()) return false;
    places_.push_back(Place::kList);
    return true;
  }
  if (IsEntries(field_)) {
    array_field_ = field_;
    record_.has_members |= field_ == ScimField::kMembers;
    places_.push_back(Place::kTexts);
    return true;
  }
  if (field_ != ScimField::kOther && field_ != ScimField::kNext) {
    return Fail(absl::StrCat(Shown(key_), " is an array; a single value is expected"));
  }
  SkipValue();
  return true;
}

bool ScimHandler::TurnIntoPage() {
  if (!record_.user_name.empty() || record_.has_members) {
    return Fail("an object is a person or a group and a page of a list at once");
  }
  places_.back() = Place::kPage;
  in_page_ = true;
  rows_before_page_ = --rows_;
  return true;
}

bool ScimHandler::Key(absl::string_view key) {
  switch (places_.back()) {
    case Place::kRecord:
    case Place::kPage:
      return KeyOfObject(key);
    case Place::kNested:
      return KeyOfAttribute(key);
    default:
      break;
  }
  field_ = EntryField(key);
  key_.assign(key.data(), key.size());
  if (field_ == ScimField::kOther) SkipValue();
  return true;
}

bool ScimHandler::KeyOfObject(absl::string_view key) {
  field_ = TopField(key);
  const bool of_page = IsOfPage(field_);
  const bool page_object = TopIs(Place::kPage);
  if ((of_page && in_page_ && !page_object) || (page_object && !of_page)) {
    field_ = ScimField::kOther;
    SkipValue();
    return true;
  }
  if (field_ == ScimField::kOther) return KeyOfAttribute(key);
  key_.assign(key.data(), key.size());
  uint32_t& given = of_page ? page_given_ : record_.given;
  // Several kinds of "next" may stand beside one another.
  if (field_ != ScimField::kNext && (given & BitOf(field_)) != 0) {
    return Fail(absl::StrCat("the key ", Shown(key), " comes twice in one object"));
  }
  given |= BitOf(field_);
  return true;
}

bool ScimHandler::KeyOfAttribute(absl::string_view key) {
  field_ = ScimField::kOther;
  if (!wants_attributes_ || InterestIn(key) == Interest::kNone) {
    SkipValue();
    return true;
  }
  key_.assign(key.data(), key.size());
  return true;
}

ScimHandler::Interest ScimHandler::InterestIn(absl::string_view key) {
  const std::string name = absl::StrCat(prefix_, key);
  auto found = interests_.find(name);
  if (found != interests_.end()) return found->second;
  const absl::string_view below = absl::StrContains(key, ':') ? absl::string_view(prefix_) : name;
  const Interest interest = builder_.WantsAttribute(name)          ? Interest::kScalar
                            : builder_.WantsAttributesBelow(below) ? Interest::kNested
                                                                   : Interest::kNone;
  if (interests_.size() < kInterests && name.size() <= kInterestBytes) {
    interests_.emplace(name, interest);
  }
  return interest;
}

bool ScimHandler::EndObject() {
  const Place ended = places_.back();
  switch (ended) {
    case Place::kRecord:
      if (!EndRecord()) return false;
      break;
    case Place::kPage:
      if (!EndPage()) return false;
      break;
    case Place::kEntry:
      if (!EndEntry()) return false;
      break;
    case Place::kNested:
      prefix_.resize(prefix_lengths_.back());
      prefix_lengths_.pop_back();
      break;
    default:
      break;
  }
  places_.pop_back();
  return true;
}

bool ScimHandler::EndEntry() {
  switch (array_field_) {
    case ScimField::kEmails:
      return TakeEmail(entry_value_, entry_primary_);
    case ScimField::kMembers:
      if (entry_value_.empty()) return Fail("a member has no \"value\"");
      return TakeMember(entry_value_);
    case ScimField::kGroups:
      if (entry_value_.empty() && entry_display_.empty()) {
        return Fail("an entry of \"groups\" has neither \"display\" nor \"value\"");
      }
      return TakeGroup(entry_display_, entry_value_);
    default:
      return true;
  }
}

bool ScimHandler::EndPage() {
  page_.resources = static_cast<int64_t>(rows_) - rows_before_page_;
  in_page_ = false;
  return Check(pages_.Add(page_));
}

bool ScimHandler::EndRecord() {
  if (record_.is_error) {
    return Fail("this is a SCIM error answer, not a list; export again with working credentials");
  }
  const bool list_without_resources = (page_given_ & BitOf(ScimField::kTotalResults)) != 0 &&
                                      !in_page_ && record_.user_name.empty();
  if (list_without_resources) return TurnIntoPage() && EndPage();
  const bool group = record_.is_group ||
                     (record_.user_name.empty() && (record_.has_members || part_ == Part::kGroups));
  if (!group && record_.sliced) {
    return Fail(absl::StrCat(Shown(record_.user_name), " has members, as a group, and then a ",
                             "\"userName\", as a person"));
  }
  return group ? AddGroup() : AddPerson();
}

bool ScimHandler::AddPerson() {
  if (record_.user_name.empty()) {
    return Fail("the person has no \"userName\"; export it, or give groups a \"schemas\"");
  }
  if (part_ == Part::kGroups) {
    return Fail(absl::StrCat("the groups file holds a person, ", Shown(record_.user_name),
                             "; give people in export.people"));
  }
  PersonRecord person;
  person.id = record_.external_id.empty() ? record_.id : record_.external_id;
  if (person.id.empty()) {
    return Fail(absl::StrCat("the person ", Shown(record_.user_name),
                             " has neither \"externalId\" nor \"id\"; export one of them"));
  }
  person.reference = record_.id;
  person.user_name = record_.user_name;
  person.email = record_.email;
  person.standing =
      record_.active == ScimRecord::Active::kFalse ? Standing::kInactive : Standing::kActive;
  person.row = record_.row;
  for (size_t i = 0; i < record_.attribute_names.size(); ++i) {
    person.attributes.emplace_back(record_.attribute_names[i], record_.attribute_values[i]);
  }
  if (!Check(builder_.AddPerson(person))) return false;
  for (size_t i = 0; i < record_.group_names.size(); ++i) {
    if (!Check(builder_.AddMemberOf(person.id, record_.group_names[i], record_.group_keys[i]))) {
      return false;
    }
  }
  return true;
}

bool ScimHandler::AddGroup() {
  GroupRecord group;
  group.key = record_.id.empty() ? record_.display_name : record_.id;
  group.id = record_.id;
  group.name = record_.display_name;
  group.row = record_.row;
  if (group.name.empty()) {
    return Fail(
        absl::StrCat("the group ", Shown(record_.id), " has no \"displayName\"; export it"));
  }
  if (!Check(builder_.AddGroup(group))) return false;
  members_.clear();
  for (size_t i = 0; i < record_.members.size(); ++i) members_.push_back(record_.members[i]);
  const absl::Status status = builder_.AddMembers(group.key, members_, record_.row);
  record_.members.Clear();
  return Check(status);
}

absl::Status ScimHandler::Finish() {
  RETURN_IF_ERROR(pages_.Finish());
  if (text_booleans_ == 0) return absl::OkStatus();
  Finding finding;
  finding.name = "text_booleans";
  finding.severity = Severity::kWarning;
  finding.message = absl::StrCat(text_booleans_, " people have `active` as a text (",
                                 Shown(text_boolean_), ") instead of true or false; it was taken");
  finding.cure = "Let the export write true and false without quotes.";
  finding.observed = text_booleans_;
  builder_.AddFinding(std::move(finding));
  return absl::OkStatus();
}

}  // namespace rollcall::idp
