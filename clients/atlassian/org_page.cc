#include "clients/atlassian/org_page.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"

namespace rollcall {

bool OrgPageHandler::Fail(absl::string_view problem) {
  error_ = absl::DataLossError(problem);
  return false;
}

bool OrgPageHandler::Keep(absl::Status status) {
  if (status.ok()) return true;
  error_ = std::move(status);
  return false;
}

bool OrgPageHandler::Value(OrgFieldKind kind, absl::string_view text, bool boolean) {
  switch (place_) {
    case Place::kStart:
      return Fail("the answer is no JSON object");
    case Place::kRow:
      return Report(kind, text, boolean);
    case Place::kData:
      return Fail("`data` holds a value that is no object");
    case Place::kLinks:
      if (part_ != Part::kNext || kind == OrgFieldKind::kNull) return true;
      if (kind != OrgFieldKind::kString) return Fail("`links.next` is no text");
      next_.assign(text.data(), text.size());
      return true;
    case Place::kEnvelope:
      break;
  }
  const bool missing = kind == OrgFieldKind::kNull;
  if (part_ == Part::kData) return Fail("`data` is no list");
  if (part_ == Part::kErrors && !missing) return Fail("a successful answer holds an error");
  if (part_ == Part::kLinks && !missing) return Fail("`links` is no object");
  return true;
}

bool OrgPageHandler::StartObject() {
  switch (place_) {
    case Place::kStart:
      place_ = Place::kEnvelope;
      return true;
    case Place::kRow:
      return Report(OrgFieldKind::kObject, {}, false) && Open(false);
    case Place::kData:
      return StartRow();
    case Place::kLinks:
      return Fail("`links` holds an object");
    case Place::kEnvelope:
      break;
  }
  if (part_ == Part::kLinks) {
    place_ = Place::kLinks;
    part_ = Part::kOther;
    return true;
  }
  if (part_ != Part::kData) return Fail("a successful answer holds an error");
  has_data_ = true;
  return StartRow();
}

bool OrgPageHandler::StartArray() {
  if (place_ == Place::kRow) return Report(OrgFieldKind::kArray, {}, false) && Open(true);
  if (place_ == Place::kEnvelope && part_ == Part::kData) {
    place_ = Place::kData;
    has_data_ = data_is_list_ = true;
    return true;
  }
  if (place_ == Place::kEnvelope && part_ == Part::kErrors) {
    return Fail("a successful answer holds errors");
  }
  return Fail("a list stands where none belongs");
}

bool OrgPageHandler::EndArray() {
  if (place_ == Place::kRow) {
    Close();
  } else {
    place_ = Place::kEnvelope;
  }
  return true;
}

bool OrgPageHandler::EndObject() {
  if (place_ == Place::kRow && !frames_.empty()) {
    Close();
    return true;
  }
  if (place_ == Place::kRow) {
    place_ = data_is_list_ ? Place::kData : Place::kEnvelope;
    return FinishRow();
  }
  if (place_ == Place::kLinks) place_ = Place::kEnvelope;
  return true;
}

bool OrgPageHandler::Key(absl::string_view key) {
  if (place_ == Place::kRow) return RowKey(key);
  if (place_ == Place::kLinks) {
    part_ = key == "next" ? Part::kNext : Part::kOther;
    if (part_ == Part::kOther) SkipValue();
    if (part_ == Part::kNext && !next_.empty()) return Fail("`links.next` comes twice");
    return true;
  }
  return EnvelopeKey(key);
}

bool OrgPageHandler::EnvelopeKey(absl::string_view key) {
  part_ = key == "data"     ? Part::kData
          : key == "links"  ? Part::kLinks
          : key == "errors" ? Part::kErrors
                            : Part::kOther;
  if (part_ == Part::kOther) {
    SkipValue();
    return true;
  }
  const unsigned bit = 1U << static_cast<unsigned>(part_);
  if ((seen_ & bit) != 0) return Fail(absl::StrCat("`", key, "` comes twice"));
  seen_ |= bit;
  return true;
}

bool OrgPageHandler::RowKey(absl::string_view key) {
  if (frames_.empty()) {
    if (std::find(keys_.begin(), keys_.end(), key) != keys_.end()) {
      return Fail(absl::StrCat("a row says \"", ForMessage(key, 40), "\" twice"));
    }
    keys_.emplace_back(key);
  }
  path_.resize(frames_.empty() ? 0 : frames_.back().path);
  absl::StrAppend(&path_, path_.empty() ? "" : ".", key);
  return true;
}

bool OrgPageHandler::Report(OrgFieldKind kind, absl::string_view text, bool boolean) {
  return Keep(reader_.Take({path_, kind, text, boolean}));
}

bool OrgPageHandler::Open(bool is_array) {
  if (is_array) path_ += "[]";
  frames_.push_back({path_.size(), is_array});
  return true;
}

void OrgPageHandler::Close() {
  frames_.pop_back();
  // What follows in a list stands at the list's own path.
  if (!frames_.empty() && frames_.back().is_array) path_.resize(frames_.back().path);
}

bool OrgPageHandler::StartRow() {
  place_ = Place::kRow;
  path_.clear();
  frames_.clear();
  keys_.clear();
  reader_.Begin();
  return true;
}

bool OrgPageHandler::FinishRow() {
  ++rows_;
  if (!Keep(reader_.End())) return false;
  if (!reader_.id().empty() && !Admit(reader_.id())) return false;
  return Keep(reader_.Accept());
}

absl::Status ReadOrgPage(absl::string_view what, std::string& body, OrgPageHandler& handler) {
  const absl::Status status = json::ParseInsitu(body, handler);
  if (!status.ok()) {
    const bool broken = status.code() == absl::StatusCode::kInvalidArgument;
    return absl::Status(broken ? absl::StatusCode::kDataLoss : status.code(),
                        absl::StrCat(what, ": ", status.message()));
  }
  if (handler.has_data()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(what, ": the answer holds no `data`, which the API promises"));
}

}  // namespace rollcall
