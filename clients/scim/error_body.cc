#include "clients/scim/error_body.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

void Join(std::string& text, absl::string_view more) {
  constexpr size_t kEnough = 1000;  // the message is shortened further
  if (text.size() > kEnough) return;
  absl::StrAppend(&text, text.empty() ? "" : "; ", more);
}

}  // namespace

bool ErrorBody::String(absl::string_view value) {
  if (value.empty()) return true;
  switch (field_) {
    case Field::kDetail:
      Join(detail_, value);
      break;
    case Field::kMessage:
      Join(message_, value);
      break;
    case Field::kError:
      Join(error_, value);
      break;
    case Field::kScimType:
      scim_type_ = std::string(value.substr(0, 60));
      break;
    case Field::kTraceId:
      trace_id_ = std::string(value.substr(0, 80));
      break;
    case Field::kOther:
      break;
  }
  return true;
}

bool ErrorBody::StartObject() {
  ++depth_;
  return true;
}

bool ErrorBody::Key(absl::string_view key) {
  if (depth_ > kDeepest) {
    SkipValue();
    return true;
  }
  // Inside `detail` and `error` the nested texts ("message", "msg") belong to them.
  if (depth_ > 1 && (field_ == Field::kDetail || field_ == Field::kError)) return true;
  field_ = Field::kOther;
  if (absl::EqualsIgnoreCase(key, "detail") || absl::EqualsIgnoreCase(key, "details")) {
    field_ = Field::kDetail;
  } else if (absl::EqualsIgnoreCase(key, "message") ||
             absl::EqualsIgnoreCase(key, "error_description")) {
    field_ = Field::kMessage;
  } else if (absl::EqualsIgnoreCase(key, "error")) {
    field_ = Field::kError;
  } else if (absl::EqualsIgnoreCase(key, "scimType")) {
    field_ = Field::kScimType;
  } else if (absl::EqualsIgnoreCase(key, "traceId") || absl::EqualsIgnoreCase(key, "requestId")) {
    field_ = Field::kTraceId;
  } else {
    SkipValue();
  }
  return true;
}

bool ErrorBody::EndObject() {
  --depth_;
  return true;
}

bool ErrorBody::StartArray() { return true; }
bool ErrorBody::EndArray() { return true; }

const std::string& ErrorBody::detail() const {
  if (!detail_.empty()) return detail_;
  return message_.empty() ? error_ : message_;
}

}  // namespace rollcall
