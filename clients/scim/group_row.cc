#include "clients/scim/group_row.h"

#include "clients/scim/row_field.h"

namespace rollcall {

void GroupRow::Begin() {
  open_ = true;
  wanted_ = filter_ == nullptr;
  name_known_ = nested_ = has_members_key_ = member_is_group_ = members_is_object_ = false;
  place_ = Place::kGroup;
  field_ = Field::kOther;
  seen_ = 0;
  id_.clear();
  name_.clear();
  this_member_.clear();
  member_bytes_.clear();
  member_ends_.clear();
}

absl::string_view GroupRow::member(size_t index) const {
  const size_t begin = index == 0 ? 0 : member_ends_[index - 1];
  return absl::string_view(member_bytes_).substr(begin, member_ends_[index] - begin);
}

bool GroupRow::Fail(absl::string_view problem) {
  error_ = RowError(kKind, id_, problem);
  return false;
}

bool GroupRow::Key(absl::string_view key, bool& skip) {
  field_ = Field::kOther;
  if (place_ == Place::kGroup) {
    if (NameIs(key, "id")) field_ = Field::kId;
    if (NameIs(key, "displayName")) field_ = Field::kName;
    if (NameIs(key, "members")) field_ = Field::kMembers;
    const uint32_t bit = 1u << static_cast<uint32_t>(field_);
    if (field_ != Field::kOther && (seen_ & bit) != 0) {
      return Fail(absl::StrCat("says \"", key, "\" twice"));
    }
    seen_ |= bit;
    if (field_ == Field::kMembers) {
      has_members_key_ = true;
      if (name_known_ && !wanted_) field_ = Field::kOther;
    }
  } else if (place_ == Place::kMember) {
    if (NameIs(key, "value")) field_ = Field::kValue;
    if (NameIs(key, "type")) field_ = Field::kType;
    if (NameIs(key, "$ref")) field_ = Field::kRef;
  }
  skip = field_ == Field::kOther;
  return true;
}

bool GroupRow::Bool(bool) {
  if (place_ == Place::kGroup) return Fail("has a boolean where a text or a list belongs");
  const bool is_member = place_ == Place::kMembers || field_ == Field::kValue;
  return is_member ? Fail("has a boolean as a member") : true;
}

bool GroupRow::Number(absl::string_view raw) {
  const bool is_id = field_ == Field::kId || field_ == Field::kValue || place_ == Place::kMembers;
  if (is_id && !IsPlainInteger(raw)) return Fail("has a fractional number as an id");
  return Text(raw);
}

bool GroupRow::String(absl::string_view value) { return Text(value); }

bool GroupRow::Text(absl::string_view value) {
  if (place_ == Place::kMembers) {  // a list of bare ids
    this_member_.assign(value.data(), value.size());
    return FinishMember();
  }
  switch (field_) {
    case Field::kId:
      id_.assign(value.data(), value.size());
      break;
    case Field::kName:
      name_.assign(value.data(), value.size());
      name_known_ = true;
      wanted_ = filter_ == nullptr || filter_->Wants(name_);
      break;
    case Field::kMembers:
      return Fail("has a text as \"members\"; a list is expected");
    case Field::kValue:
      this_member_.assign(value.data(), value.size());
      break;
    case Field::kType:
      if (absl::EqualsIgnoreCase(value, "Group")) member_is_group_ = true;
      break;
    case Field::kRef:
      if (absl::StrContains(value, "/Groups/")) member_is_group_ = true;
      break;
    case Field::kOther:
      break;
  }
  return true;
}

bool GroupRow::FinishMember() {
  if (member_is_group_) {
    nested_ = true;
  } else if (!IsUsableId(this_member_)) {
    return Fail("has a member without a value");
  } else {
    member_bytes_ += this_member_;
    member_ends_.push_back(member_bytes_.size());
  }
  this_member_.clear();
  member_is_group_ = false;
  return true;
}

bool GroupRow::StartObject() {
  if (place_ == Place::kMembers || (place_ == Place::kGroup && field_ == Field::kMembers)) {
    members_is_object_ = place_ == Place::kGroup;
    place_ = Place::kMember;
    field_ = Field::kOther;
    return true;
  }
  return Fail("has an object where a text belongs");
}

bool GroupRow::EndObject() {
  if (place_ == Place::kMember) {
    place_ = members_is_object_ ? Place::kGroup : Place::kMembers;
    return FinishMember();
  }
  open_ = false;
  if (!IsUsableId(id_)) return Fail(absl::StrCat("has no usable id (name \"", name_, "\")"));
  return true;
}

bool GroupRow::StartArray() {
  if (place_ == Place::kGroup && field_ == Field::kMembers) {
    place_ = Place::kMembers;
    return true;
  }
  return Fail("has an array where a single value belongs");
}

bool GroupRow::EndArray() {
  place_ = Place::kGroup;
  return true;
}

}  // namespace rollcall
