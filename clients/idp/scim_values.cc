// The part of ScimHandler that takes single values: what each field may hold.
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/idp/scim_handler.h"
#include "clients/idp/shown.h"

namespace rollcall::idp {

bool ScimHandler::Take(Scalar kind, absl::string_view text) {
  if (places_.empty() || TopIs(Place::kList)) {
    ++rows_;
    record_.row = rows_;
    return Fail(absl::StrCat(Shown(text), " stands where a person or a group is expected"));
  }
  switch (places_.back()) {
    case Place::kTexts:
      return TakeInArray(kind, text);
    case Place::kEntry:
    case Place::kMeta:
      return TakeOfEntry(kind, text);
    case Place::kNested:
      return TakeAttribute(kind, text);
    default:
      return TakeOfObject(kind, text);
  }
}

bool ScimHandler::TakeOfObject(Scalar kind, absl::string_view text) {
  switch (field_) {
    case ScimField::kId:
      return TakeText(kind, text, record_.id);
    case ScimField::kExternalId:
      return TakeText(kind, text, record_.external_id) && TakeAttribute(kind, text);
    case ScimField::kUserName:
      return TakeText(kind, text, record_.user_name);
    case ScimField::kDisplayName:
      return TakeText(kind, text, record_.display_name) && TakeAttribute(kind, text);
    case ScimField::kActive:
      return TakeActive(kind, text);
    case ScimField::kEmails:
    case ScimField::kMembers:
    case ScimField::kGroups:
    case ScimField::kSchemas:
      array_field_ = field_;
      return kind == Scalar::kNull || TakeInArray(kind, text);
    case ScimField::kTotalResults:
      return TakeCount(kind, text, page_.total);
    case ScimField::kStartIndex:
      return TakeCount(kind, text, page_.start);
    case ScimField::kNext:
      if (kind != Scalar::kNull && !text.empty() && text != "false") page_.next = key_;
      return true;
    case ScimField::kResources:
      if (kind != Scalar::kNull) return Fail("\"Resources\" is not an array");
      return TurnIntoPage();
    case ScimField::kMeta:
      return true;
    default:
      return TakeAttribute(kind, text);
  }
}

bool ScimHandler::TakeText(Scalar kind, absl::string_view text, std::string& target) {
  if (kind == Scalar::kBool) {
    return Fail(absl::StrCat(Shown(key_), " is ", text, "; a text is expected"));
  }
  target.assign(text.data(), text.size());
  return true;
}

bool ScimHandler::TakeCount(Scalar kind, absl::string_view text, std::optional<int64_t>& target) {
  int64_t number = 0;
  if (kind == Scalar::kNull) return true;
  if (!absl::SimpleAtoi(text, &number) || number < 0) {
    return Fail(absl::StrCat(Shown(key_), " is ", Shown(text), "; a count is expected"));
  }
  target = number;
  return true;
}

bool ScimHandler::TakeActive(Scalar kind, absl::string_view text) {
  const bool yes = absl::EqualsIgnoreCase(text, "true");
  if ((kind != Scalar::kBool && kind != Scalar::kString) ||
      (!yes && !absl::EqualsIgnoreCase(text, "false"))) {
    return Fail(absl::StrCat(Shown(key_), " is ", kind == Scalar::kNull ? "null" : Shown(text),
                             "; true or false is expected"));
  }
  record_.active = yes ? ScimRecord::Active::kTrue : ScimRecord::Active::kFalse;
  if (kind == Scalar::kString && text_booleans_++ == 0) {
    text_boolean_.assign(text.data(), text.size());
  }
  return true;
}

bool ScimHandler::TakeAttribute(Scalar kind, absl::string_view text) {
  if (kind == Scalar::kNull || !wants_attributes_) return true;
  const std::string name = absl::StrCat(prefix_, key_);
  if (!builder_.WantsAttribute(name)) return true;
  return Keep(name, record_.attribute_names) && Keep(text, record_.attribute_values);
}

bool ScimHandler::TakeMember(absl::string_view member) {
  record_.has_members = true;
  if (!Keep(member, record_.members)) return false;
  const bool is_known = !record_.id.empty() && !record_.display_name.empty();
  if (record_.members.bytes() < ScimRecord::kSliceBytes || !is_known ||
      !record_.user_name.empty()) {
    return true;
  }
  record_.sliced = true;
  return AddGroup();
}

bool ScimHandler::TakeGroup(absl::string_view name, absl::string_view key) {
  return Keep(name, record_.group_names) && Keep(key, record_.group_keys);
}

bool ScimHandler::Keep(absl::string_view text, TextList& list) {
  if (record_.bytes() + TextList::BytesOf(text) <= ScimRecord::kMaxBytes) {
    list.Add(text);
    return true;
  }
  const bool of_members = &list == &record_.members;
  const bool of_groups = &list == &record_.group_names || &list == &record_.group_keys;
  return Fail(absl::StrCat(
      of_members  ? "\"members\""
      : of_groups ? "\"groups\""
                  : Shown(prefix_ + key_),
      ": with it the record takes more than ", ScimRecord::kMaxBytes,
      " bytes, the limit of one person or group; ",
      of_members  ? "export \"id\" and \"displayName\" before \"members\", or split them over "
                    "several records of the same \"id\""
      : of_groups ? "export groups as records of their own, with \"members\""
                  : "export fewer or shorter attributes"));
}

bool ScimHandler::TakeEmail(absl::string_view email, bool primary) {
  if (email.empty()) return true;
  const bool better = record_.email.empty() || (primary && !record_.email_is_primary);
  if (!better) return true;
  record_.email.assign(email.data(), email.size());
  record_.email_is_primary = primary;
  return true;
}

bool ScimHandler::TakeSchema(absl::string_view schema) {
  record_.is_group |= absl::EndsWithIgnoreCase(schema, ":Group");
  record_.is_error |= absl::EndsWithIgnoreCase(schema, ":Error");
  return true;
}

bool ScimHandler::TakeInArray(Scalar kind, absl::string_view text) {
  if (array_field_ == ScimField::kSchemas) return TakeSchema(text);
  if (kind != Scalar::kString && kind != Scalar::kNumber) {
    return Fail(absl::StrCat("an entry of ", Shown(key_), " is neither an object nor a text"));
  }
  if (array_field_ == ScimField::kEmails) return TakeEmail(text, false);
  if (text.empty()) return Fail(absl::StrCat("an entry of ", Shown(key_), " is empty"));
  return array_field_ == ScimField::kMembers ? TakeMember(text) : TakeGroup(text, "");
}

bool ScimHandler::TakeOfEntry(Scalar kind, absl::string_view text) {
  switch (field_) {
    case ScimField::kValue:
      return TakeText(kind, text, entry_value_);
    case ScimField::kDisplay:
      return TakeText(kind, text, entry_display_);
    case ScimField::kPrimary:
      entry_primary_ = absl::EqualsIgnoreCase(text, "true");
      return true;
    case ScimField::kResourceType:
      record_.is_group |= TopIs(Place::kMeta) && text == "Group";
      return true;
    default:
      return true;
  }
}

}  // namespace rollcall::idp
