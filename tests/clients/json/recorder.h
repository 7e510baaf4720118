// A handler that writes down what it is called with, in a short notation, and a source that hands
// out a text in pieces of a given size.
#ifndef TESTS_CLIENTS_JSON_RECORDER_H_
#define TESTS_CLIENTS_JSON_RECORDER_H_

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/json/events.h"

namespace rollcall::json {

class Recorder : public Handler {
 public:
  bool Null() override { return Note("null"); }
  bool Bool(bool value) override { return Note(value ? "true" : "false"); }
  bool Number(absl::string_view raw) override { return Note(raw); }
  bool String(absl::string_view value) override { return Note(absl::StrCat("'", value, "'")); }
  bool StartObject() override { return Note("{"); }
  bool Key(absl::string_view key) override {
    Note(absl::StrCat(key, ":"));
    if (key == skip_key) SkipValue();
    if (key == stop_key) return false;
    return true;
  }
  bool EndObject() override { return Note("}"); }
  bool StartArray() override {
    Note("[");
    if (skip_arrays) SkipValue();
    return true;
  }
  bool EndArray() override { return Note("]"); }
  absl::Status error() const override { return stop_error; }

  std::string log;
  std::string skip_key = "(none)";
  std::string stop_key = "(none)";
  bool skip_arrays = false;
  absl::Status stop_error;

 private:
  bool Note(absl::string_view text) {
    if (!log.empty()) log += ' ';
    absl::StrAppend(&log, text);
    return true;
  }
};

class PieceSource final : public ByteSource {
 public:
  explicit PieceSource(std::string text, size_t piece = SIZE_MAX)
      : text_(std::move(text)), piece_(piece) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    if (at_ >= fail_at) return absl::UnavailableError("the disk is gone");
    const size_t n = std::min({size, piece_, text_.size() - at_});
    std::memcpy(buffer, text_.data() + at_, n);
    at_ += n;
    return n;
  }
  size_t pulled() const { return at_; }
  size_t fail_at = SIZE_MAX;

 private:
  std::string text_;
  size_t piece_;
  size_t at_ = 0;
};

// A source that never ends: `head`, then `filler` over and over.
class EndlessSource final : public ByteSource {
 public:
  EndlessSource(std::string head, char filler) : head_(std::move(head)), filler_(filler) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    std::memset(buffer, filler_, size);
    if (pulled_ == 0) std::memcpy(buffer, head_.data(), std::min(size, head_.size()));
    pulled_ += size;
    return size;
  }
  size_t pulled() const { return pulled_; }

 private:
  std::string head_;
  char filler_;
  size_t pulled_ = 0;
};

}  // namespace rollcall::json

#endif  // TESTS_CLIENTS_JSON_RECORDER_H_
