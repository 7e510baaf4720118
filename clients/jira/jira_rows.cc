#include "clients/jira/jira_rows.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/json/events.h"

namespace rollcall {
namespace {

constexpr size_t kLongestId = 512;  // account ids have up to 128 bytes

// Rows stand at the top (an array, or one alone) or in `values`.
class JiraPageHandler final : public json::Handler {
 public:
  JiraPageHandler(JiraRowKind kind, bool alone) : kind_(kind), alone_(alone) {}

  bool Null() override { return Scalar(Kind::kNull, {}, false); }
  bool Bool(bool value) override { return Scalar(Kind::kBool, {}, value); }
  bool Number(absl::string_view raw) override { return Scalar(Kind::kNumber, raw, false); }
  bool String(absl::string_view text) override { return Scalar(Kind::kString, text, false); }

  bool StartObject() override {
    if (place_ == Place::kStart && !alone_) {
      page_.is_object = true;
      place_ = Place::kPage;
      return true;
    }
    if (place_ == Place::kStart || place_ == Place::kRows) return Begin();
    return Fail(absl::StrCat("\"", key_, "\" holds an object"));
  }
  bool EndObject() override {
    if (place_ != Place::kRow) {
      place_ = Place::kEnd;
      return true;
    }
    place_ = alone_ ? Place::kEnd : Place::kRows;
    return Finish();
  }
  bool StartArray() override {
    const bool rows = (place_ == Place::kStart && !alone_) ||
                      (place_ == Place::kPage && key_ == "values" && !in_values_);
    if (!rows) return Fail("a list stands where none belongs");
    in_values_ = place_ == Place::kPage;
    has_rows_ = true;
    place_ = Place::kRows;
    return true;
  }
  bool EndArray() override {
    place_ = in_values_ ? Place::kPage : Place::kEnd;
    return true;
  }
  bool Key(absl::string_view key) override {
    key_.assign(key.data(), key.size());
    const unsigned bit = place_ == Place::kRow ? RowBit() : PageBit();
    if (bit == 0) {
      SkipValue();
      return true;
    }
    unsigned& seen = place_ == Place::kRow ? row_seen_ : page_seen_;
    if ((seen & bit) != 0) return Fail(absl::StrCat("\"", key_, "\" comes twice"));
    seen |= bit;
    return true;
  }
  absl::Status error() const override { return error_; }

  bool has_rows() const { return has_rows_; }
  JiraPage& page() { return page_; }

 private:
  enum class Place : uint8_t { kStart, kPage, kRows, kRow, kEnd };
  enum class Kind : uint8_t { kNull, kBool, kNumber, kString };

  unsigned RowBit() const {
    if (kind_ == JiraRowKind::kGroup) return key_ == "groupId" ? 1u : key_ == "name" ? 2u : 0u;
    return key_ == "accountId"      ? 1u
           : key_ == "accountType"  ? 2u
           : key_ == "active"       ? 4u
           : key_ == "emailAddress" ? 8u
                                    : 0u;
  }
  unsigned PageBit() const {
    return key_ == "values"       ? 1u
           : key_ == "total"      ? 2u
           : key_ == "maxResults" ? 4u
           : key_ == "isLast"     ? 8u
                                  : 0u;
  }

  bool Begin() {
    place_ = Place::kRow;
    row_seen_ = 0;
    row_ = JiraRow();
    return true;
  }

  bool Finish() {
    if (row_.id.empty() || row_.id.size() > kLongestId) {
      return Fail(kind_ == JiraRowKind::kGroup ? "a group has no usable `groupId`"
                                               : "a user has no usable `accountId`");
    }
    if (kind_ == JiraRowKind::kGroup && row_.name.empty()) {
      return Fail(absl::StrCat("the group with id ", ForMessage(row_.id, 80), " has no name"));
    }
    has_rows_ = true;
    page_.rows.push_back(std::move(row_));
    return true;
  }

  bool Scalar(Kind kind, absl::string_view text, bool boolean) {
    if (place_ == Place::kRow) return RowField(kind, text, boolean);
    if (place_ == Place::kPage) return PageField(kind, text, boolean);
    return Fail("a value stands where a user or group belongs");
  }

  bool RowField(Kind kind, absl::string_view text, bool boolean) {
    if (kind == Kind::kNull) return true;
    if (key_ == "active") {
      if (kind != Kind::kBool) return WrongKind();
      row_.active = boolean;
      return true;
    }
    if (kind != Kind::kString) return WrongKind();
    std::string& to = key_ == "accountId" || key_ == "groupId" ? row_.id
                      : key_ == "name"                         ? row_.name
                      : key_ == "accountType"                  ? row_.account_type
                                                               : row_.email;
    to.assign(text.data(), text.size());
    return true;
  }

  bool PageField(Kind kind, absl::string_view text, bool boolean) {
    if (key_ == "values") return Fail("`values` is no list");
    if (kind == Kind::kNull) return true;
    if (key_ == "isLast") {
      if (kind != Kind::kBool) return WrongKind();
      page_.is_last = boolean;
      return true;
    }
    int64_t number = 0;
    if (kind != Kind::kNumber || !absl::SimpleAtoi(text, &number) || number < 0) {
      return WrongKind();
    }
    (key_ == "total" ? page_.total : page_.max_results) = number;
    return true;
  }

  bool WrongKind() {
    return Fail(
        absl::StrCat("\"", key_, "\" has a value of the wrong type",
                     row_.id.empty() ? "" : absl::StrCat(" (", ForMessage(row_.id, 80), ")")));
  }
  bool Fail(absl::string_view problem) {
    error_ = absl::DataLossError(problem);
    return false;
  }

  const JiraRowKind kind_;
  const bool alone_;
  Place place_ = Place::kStart;
  bool in_values_ = false;
  bool has_rows_ = false;
  std::string key_;
  unsigned row_seen_ = 0;
  unsigned page_seen_ = 0;
  JiraRow row_;
  JiraPage page_;
  absl::Status error_;
};

absl::Status ReadWhole(absl::string_view what, std::string& body, JiraPageHandler& handler) {
  const absl::Status status = json::ParseInsitu(body, handler);
  if (!status.ok()) {
    const bool broken = status.code() == absl::StatusCode::kInvalidArgument;
    return absl::Status(broken ? absl::StatusCode::kDataLoss : status.code(),
                        absl::StrCat(what, ": ", status.message()));
  }
  if (handler.has_rows()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(what, ": the answer holds no list of users or groups"));
}

}  // namespace

absl::StatusOr<JiraPage> ReadJiraPage(absl::string_view what, JiraRowKind kind, std::string& body) {
  JiraPageHandler handler(kind, false);
  const absl::Status status = ReadWhole(what, body, handler);
  if (!status.ok()) return status;
  return std::move(handler.page());
}

absl::StatusOr<JiraRow> ReadJiraRow(absl::string_view what, JiraRowKind kind, std::string& body) {
  JiraPageHandler handler(kind, true);
  const absl::Status status = ReadWhole(what, body, handler);
  if (!status.ok()) return status;
  return std::move(handler.page().rows.front());
}

}  // namespace rollcall
