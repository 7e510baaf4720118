#include "clients/crowd/crowd_list.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/json/events.h"

namespace rollcall {
namespace {

class CrowdListHandler final : public json::Handler {
 public:
  using Sink = absl::FunctionRef<absl::Status(const CrowdRow&)>;
  CrowdListHandler(CrowdEntity entity, Sink sink)
      : singular_(EntityName(entity)), plural_(absl::StrCat(singular_, "s")), sink_(sink) {}

  bool Null() override { return place_ == Place::kRow || Stray(); }
  bool Bool(bool value) override {
    if (place_ != Place::kRow) return Stray();
    if (field_ == Field::kActive) row_.active = value;
    return field_ == Field::kActive || Wrong();
  }
  bool Number(absl::string_view raw) override { return String(raw); }
  bool String(absl::string_view value) override {
    if (place_ != Place::kRow) return Stray();
    if (field_ == Field::kActive) return ActiveAsText(value);
    std::string& text = field_ == Field::kName  ? row_.name
                        : field_ == Field::kKey ? row_.key
                                                : row_.email;
    text.assign(value.data(), value.size());
    return true;
  }
  bool StartObject() override {
    if (place_ == Place::kRow) return Wrong();
    if (place_ == Place::kList) return Stray();
    if (place_ == Place::kRows) row_ = CrowdRow();
    place_ = place_ == Place::kOutside ? Place::kList : Place::kRow;
    return true;
  }
  bool Key(absl::string_view key) override {
    if (place_ == Place::kRow) return RowKey(key);
    if (key != plural_ && key != singular_) {
      SkipValue();
      return true;
    }
    if (seen_) return Fail(absl::StrCat("it says \"", key, "\" twice"));
    seen_ = true;
    return true;
  }
  bool EndObject() override {
    if (place_ == Place::kList) {
      place_ = Place::kOutside;
      return seen_ || Fail(absl::StrCat("it has no \"", plural_, "\""));
    }
    place_ = Place::kRows;
    if (row_.name.empty()) return Fail(absl::StrCat("a ", singular_, " has no name"));
    error_ = sink_(row_);
    return error_.ok();
  }
  bool StartArray() override {
    if (place_ == Place::kRow) return Wrong();
    if (place_ != Place::kList) return Stray();
    place_ = Place::kRows;
    return true;
  }
  bool EndArray() override {
    place_ = Place::kList;
    return true;
  }
  absl::Status error() const override { return error_; }

 private:
  enum class Place : uint8_t { kOutside, kList, kRows, kRow };
  enum class Field : uint8_t { kName, kKey, kEmail, kActive };

  bool RowKey(absl::string_view key) {
    if (key == "name") {
      field_ = Field::kName;
    } else if (key == "key") {
      field_ = Field::kKey;
    } else if (key == "email") {
      field_ = Field::kEmail;
    } else if (key == "active") {
      field_ = Field::kActive;
    } else {
      SkipValue();
    }
    return true;
  }
  bool ActiveAsText(absl::string_view value) {
    if (absl::EqualsIgnoreCase(value, "true")) row_.active = true;
    if (absl::EqualsIgnoreCase(value, "false")) row_.active = false;
    return row_.active.has_value() || Wrong();
  }
  bool Stray() { return Fail("it is no list of Crowd's"); }
  bool Wrong() {
    return Fail(absl::StrCat("a field of a ", singular_, " has a value of the wrong type"));
  }
  bool Fail(absl::string_view problem) {
    error_ = absl::DataLossError(problem);
    return false;
  }

  const std::string singular_;
  const std::string plural_;
  Sink sink_;
  Place place_ = Place::kOutside;
  Field field_ = Field::kName;
  bool seen_ = false;
  CrowdRow row_;
  absl::Status error_;
};

}  // namespace

absl::Status DecodeCrowdList(absl::string_view what, CrowdEntity entity, std::string& body,
                             absl::FunctionRef<absl::Status(const CrowdRow&)> sink) {
  CrowdListHandler handler(entity, sink);
  const absl::Status status = json::ParseInsitu(body, handler);
  if (status.ok()) return status;
  const bool not_json = status.code() == absl::StatusCode::kInvalidArgument;
  return absl::Status(not_json ? absl::StatusCode::kDataLoss : status.code(),
                      absl::StrCat(what, ": ", status.message()));
}

}  // namespace rollcall
