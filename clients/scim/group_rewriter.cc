#include "clients/scim/group_rewriter.h"

#include "clients/scim/row_field.h"

namespace rollcall {

bool GroupRewriter::Null() {
  out().Null();
  return true;
}

bool GroupRewriter::Bool(bool value) {
  out().Bool(value);
  return true;
}

bool GroupRewriter::Number(absl::string_view raw) {
  if (value_next_ && drop_.contains(std::string(raw))) dropped_ = true;
  out().Raw(raw);
  return true;
}

bool GroupRewriter::String(absl::string_view value) {
  const bool dropped = drop_.contains(std::string(value));
  if (AtMember() && !in_member_) {  // a list of bare ids
    if (!dropped) out_.String(value);
    return true;
  }
  if (value_next_ && dropped) dropped_ = true;
  out().String(value);
  return true;
}

bool GroupRewriter::StartObject() {
  if (AtMember()) {
    in_member_ = true;
    dropped_ = false;
    member_ = json::Writer();
  }
  ++depth_;
  out().StartObject();
  return true;
}

bool GroupRewriter::Key(absl::string_view key) {
  value_next_ = in_member_ && depth_ == 3 && NameIs(key, "value");
  members_next_ = depth_ == 1 && NameIs(key, "members");
  if (depth_ == 1 && NameIs(key, "meta")) {
    SkipValue();
    return true;
  }
  out().Key(key);
  return true;
}

bool GroupRewriter::EndObject() {
  --depth_;
  out().EndObject();
  if (in_member_ && depth_ == 2) FinishMember();
  return true;
}

void GroupRewriter::FinishMember() {
  in_member_ = false;
  if (!dropped_) out_.Raw(member_.text());
}

bool GroupRewriter::StartArray() {
  if (members_next_ && depth_ == 1) in_members_ = true;
  ++depth_;
  out().StartArray();
  return true;
}

bool GroupRewriter::EndArray() {
  --depth_;
  if (depth_ == 1) in_members_ = false;
  out().EndArray();
  return true;
}

}  // namespace rollcall
