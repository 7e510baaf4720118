// ListHandler: reads a SCIM ListResponse event by event and hands every finished row to a sink.
// ResourceHandler: the same for a body that is one resource. Row is UserRow or GroupRow. Internal
// to clients/scim. One thread, one document.
#ifndef CLIENTS_SCIM_LIST_HANDLER_H_
#define CLIENTS_SCIM_LIST_HANDLER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/json/events.h"
#include "clients/scim/row_field.h"

namespace rollcall {

// What a page says about itself.
struct ListPage {
  std::optional<int64_t> total;        // totalResults; absent: not said, or not a whole number
  std::optional<int64_t> start_index;  // as returned
};

template <class Row>
class ListHandler final : public json::Handler {
 public:
  // Returns false to end the parse.
  using Sink = absl::FunctionRef<bool(Row&)>;

  ListHandler(Row& row, Sink sink, ListPage& page) : row_(row), sink_(sink), page_(page) {}

  bool Null() override { return row_.open() ? row_.Null() : true; }
  bool Bool(bool value) override { return row_.open() ? row_.Bool(value) : Stray(); }
  bool Number(absl::string_view raw) override { return row_.open() ? row_.Number(raw) : Fact(raw); }
  bool String(absl::string_view value) override {
    return row_.open() ? row_.String(value) : Fact(value);
  }
  bool StartObject() override {
    if (row_.open()) return row_.StartObject();
    if (in_rows_) {
      row_.Begin();
      return true;
    }
    if (in_list_) return Fail("the list holds an object where its facts belong");
    in_list_ = true;
    return true;
  }
  bool Key(absl::string_view key) override {
    bool skip = false;
    if (!(row_.open() ? row_.Key(key, skip) : ListKey(key, skip))) return false;
    if (skip) SkipValue();
    return true;
  }
  bool EndObject() override {
    if (!row_.open()) return true;
    if (!row_.EndObject()) return false;
    return row_.open() || sink_(row_);
  }
  bool StartArray() override {
    if (row_.open()) return row_.StartArray();
    if (!in_list_) return Fail("the answer is a bare array, not a SCIM list");
    if (fact_ != Which::kResources) return Fail("a fact of the list is an array");
    in_rows_ = true;
    return true;
  }
  bool EndArray() override {
    if (row_.open()) return row_.EndArray();
    in_rows_ = false;
    return true;
  }
  absl::Status error() const override { return row_.error().ok() ? error_ : row_.error(); }

 private:
  enum class Which : uint8_t { kNone, kTotal, kStartIndex, kResources };

  bool ListKey(absl::string_view key, bool& skip) {
    fact_ = Which::kNone;
    if (NameIs(key, "totalResults")) fact_ = Which::kTotal;
    if (NameIs(key, "startIndex")) fact_ = Which::kStartIndex;
    if (NameIs(key, "Resources")) fact_ = Which::kResources;
    skip = fact_ == Which::kNone;
    const unsigned bit = 1u << static_cast<unsigned>(fact_);
    if (!skip && (seen_ & bit) != 0) return Fail(absl::StrCat("the list says \"", key, "\" twice"));
    seen_ |= bit;
    return true;
  }
  bool Fact(absl::string_view text) {
    int64_t number = 0;
    if (in_rows_ || fact_ == Which::kResources) return Stray();
    if (!absl::SimpleAtoi(text, &number)) return true;  // not said, as far as the reader knows
    (fact_ == Which::kTotal ? page_.total : page_.start_index) = number;
    return true;
  }
  bool Stray() { return Fail("the list holds a value that is no resource"); }
  bool Fail(absl::string_view problem) {
    error_ = absl::DataLossError(problem);
    return false;
  }

  Row& row_;
  Sink sink_;
  ListPage& page_;
  bool in_list_ = false;
  bool in_rows_ = false;
  Which fact_ = Which::kNone;
  unsigned seen_ = 0;
  absl::Status error_;
};

template <class Row>
class ResourceHandler final : public json::Handler {
 public:
  explicit ResourceHandler(Row& row) : row_(row) {}

  bool Null() override { return row_.open() ? row_.Null() : NoResource(); }
  bool Bool(bool value) override { return row_.open() ? row_.Bool(value) : NoResource(); }
  bool Number(absl::string_view raw) override {
    return row_.open() ? row_.Number(raw) : NoResource();
  }
  bool String(absl::string_view value) override {
    return row_.open() ? row_.String(value) : NoResource();
  }
  bool StartObject() override {
    if (row_.open()) return row_.StartObject();
    row_.Begin();
    return true;
  }
  bool Key(absl::string_view key) override {
    bool skip = false;
    if (!row_.Key(key, skip)) return false;
    if (skip) SkipValue();
    return true;
  }
  bool EndObject() override { return row_.EndObject(); }
  bool StartArray() override { return row_.open() ? row_.StartArray() : NoResource(); }
  bool EndArray() override { return row_.EndArray(); }
  absl::Status error() const override { return row_.error().ok() ? error_ : row_.error(); }

 private:
  bool NoResource() {
    error_ = absl::DataLossError("the answer is no SCIM resource");
    return false;
  }

  Row& row_;
  absl::Status error_;
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_LIST_HANDLER_H_
