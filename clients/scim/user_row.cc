#include "clients/scim/user_row.h"

#include "clients/scim/row_field.h"

namespace rollcall {
namespace {

constexpr absl::string_view kAtlassian = "urn:scim:schemas:extension:atlassian-external:1.0";

void Assign(std::string& to, absl::string_view from) { to.assign(from.data(), from.size()); }

}  // namespace

void UserRow::Begin() {
  open_ = true;
  active_ = true;
  place_ = Place::kUser;
  field_ = Field::kOther;
  seen_ = 0;
  emails_is_object_ = has_email_ = has_primary_ = this_is_primary_ = false;
  id_.clear();
  user_name_.clear();
  external_id_.clear();
  email_.clear();
  this_email_.clear();
  linked_account_.clear();
}

Account UserRow::account() const {
  Account account;
  account.id = id_;
  account.user_name = user_name_;
  account.email = email_;
  account.external_id = external_id_;
  account.linked_account = linked_account_;
  account.state = active_ ? AccountState::kActive : AccountState::kInactive;
  return account;
}

bool UserRow::Fail(absl::string_view problem) {
  error_ = RowError(kKind, id_, problem);
  return false;
}

UserRow::Field UserRow::UserField(absl::string_view key) const {
  switch (key.size()) {
    case 2:
      return NameIs(key, "id") ? Field::kId : Field::kOther;
    case 6:
      if (NameIs(key, "active")) return Field::kActive;
      return NameIs(key, "emails") ? Field::kEmails : Field::kOther;
    case 8:
      return NameIs(key, "userName") ? Field::kUserName : Field::kOther;
    case 10:
      return NameIs(key, "externalId") ? Field::kExternalId : Field::kOther;
    case kAtlassian.size():
      return NameIs(key, kAtlassian) ? Field::kExtension : Field::kOther;
    default:
      return Field::kOther;
  }
}

bool UserRow::Key(absl::string_view key, bool& skip) {
  field_ = Field::kOther;
  switch (place_) {
    case Place::kUser: {
      field_ = UserField(key);
      const uint32_t bit = 1u << static_cast<uint32_t>(field_);
      if (field_ != Field::kOther && (seen_ & bit) != 0) {
        return Fail(absl::StrCat("says \"", key, "\" twice"));
      }
      seen_ |= bit;
      break;
    }
    case Place::kEmail:
      if (NameIs(key, "value")) field_ = Field::kValue;
      if (NameIs(key, "primary")) field_ = Field::kPrimary;
      break;
    case Place::kExtension:
      if (NameIs(key, "atlassianAccountId")) field_ = Field::kAccountId;
      break;
    case Place::kEmails:
      break;
  }
  skip = field_ == Field::kOther;
  return true;
}

bool UserRow::Bool(bool value) {
  switch (field_) {
    case Field::kActive:
      active_ = value;
      return true;
    case Field::kPrimary:
      this_is_primary_ = value;
      return true;
    case Field::kId:
    case Field::kUserName:
    case Field::kExternalId:
      return Fail("has a boolean where its id, userName or externalId belongs");
    default:
      return true;
  }
}

bool UserRow::Number(absl::string_view raw) {
  if (field_ == Field::kActive) {
    return Fail(absl::StrCat("has \"active\": ", raw.substr(0, 20), "; true or false is expected"));
  }
  if (field_ == Field::kId && !IsPlainInteger(raw)) return Fail("has a fractional number as id");
  return Text(raw);
}

bool UserRow::ActiveText(absl::string_view value) {
  ++active_as_text_;
  if (absl::EqualsIgnoreCase(value, "true")) {
    active_ = true;
  } else if (absl::EqualsIgnoreCase(value, "false")) {
    active_ = false;
  } else {
    return Fail("has a text as \"active\" that is neither \"true\" nor \"false\"");
  }
  return true;
}

bool UserRow::String(absl::string_view value) {
  if (field_ == Field::kActive && place_ == Place::kUser) return ActiveText(value);
  return Text(value);
}

bool UserRow::Text(absl::string_view value) {
  if (place_ == Place::kEmails || (place_ == Place::kUser && field_ == Field::kEmails)) {
    Assign(this_email_, value);
    FinishEmail();
    return true;
  }
  switch (field_) {
    case Field::kId:
      Assign(id_, value);
      break;
    case Field::kUserName:
      Assign(user_name_, value);
      break;
    case Field::kExternalId:
      Assign(external_id_, value);
      break;
    case Field::kValue:
      Assign(this_email_, value);
      break;
    case Field::kPrimary:
      this_is_primary_ = absl::EqualsIgnoreCase(value, "true");
      break;
    case Field::kAccountId:
      Assign(linked_account_, value);
      break;
    default:
      break;
  }
  return true;
}

// The primary e-mail, else the first.
void UserRow::FinishEmail() {
  if (!this_email_.empty() && (!has_email_ || (this_is_primary_ && !has_primary_))) {
    email_.swap(this_email_);
    has_email_ = true;
    has_primary_ = this_is_primary_;
  }
  this_email_.clear();
  this_is_primary_ = false;
}

bool UserRow::StartObject() {
  if (place_ == Place::kEmails) {
    place_ = Place::kEmail;
    field_ = Field::kOther;
    return true;
  }
  if (place_ != Place::kUser) return Fail("has an object where a text belongs");
  switch (field_) {
    case Field::kEmails:
      place_ = Place::kEmail;
      emails_is_object_ = true;
      return true;
    case Field::kExtension:
      place_ = Place::kExtension;
      return true;
    default:
      return Fail("has an object where its id, userName, externalId or active belongs");
  }
}

bool UserRow::EndObject() {
  switch (place_) {
    case Place::kEmail:
      FinishEmail();
      place_ = emails_is_object_ ? Place::kUser : Place::kEmails;
      return true;
    case Place::kExtension:
      place_ = Place::kUser;
      return true;
    default:
      break;
  }
  open_ = false;
  if (!IsUsableId(id_)) {
    return Fail(absl::StrCat("has no usable id (userName \"", user_name_, "\")"));
  }
  return true;
}

bool UserRow::StartArray() {
  if (place_ == Place::kUser && field_ == Field::kEmails) {
    place_ = Place::kEmails;
    return true;
  }
  return Fail("has an array where a single value belongs");
}

bool UserRow::EndArray() {
  place_ = Place::kUser;
  return true;
}

}  // namespace rollcall
