// SaxAdapter: stands between RapidJSON, which calls it for every token, and a Handler. It enforces
// the limits, keeps the path for messages, and mutes what the handler skips. Internal to
// clients/json.
#ifndef CLIENTS_JSON_SAX_ADAPTER_H_
#define CLIENTS_JSON_SAX_ADAPTER_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/json/events.h"
#include "clients/json/window.h"

namespace rollcall::json {

class SaxAdapter {
 public:
  SaxAdapter(Handler& handler, Window& window, const Limits& limits);

  bool Null() { return Scalar() || handler_.Null(); }
  bool Bool(bool value) { return Scalar() || handler_.Bool(value); }
  // RapidJSON 1.1 gives a stream that it does not copy (see reader.cc) the end of the number.
  bool RawNumber(const char* end, unsigned size, bool) {
    return Scalar() || handler_.Number(absl::string_view(end - size, size));
  }
  bool String(const char* text, unsigned size, bool) {
    const bool muted = Scalar();
    if (!TextIsFine(text, size)) return false;
    return muted || handler_.String(absl::string_view(text, size));
  }
  bool Key(const char* text, unsigned size, bool) {
    if (!TextIsFine(text, size)) return false;
    absl::string_view key(text, size);
    frames_[depth_].key = key;
    if (muted_) return true;
    bool go_on = handler_.Key(key);
    if (handler_.TakeSkip()) Mute();
    return go_on;
  }
  bool StartObject() {
    if (!Enter(Kind::kObject)) return false;
    return muted_ || Started(handler_.StartObject());
  }
  bool EndObject(unsigned) { return Leave() || handler_.EndObject(); }
  bool StartArray() {
    if (!Enter(Kind::kArray)) return false;
    return muted_ || Started(handler_.StartArray());
  }
  bool EndArray(unsigned) { return Leave() || handler_.EndArray(); }

  // RapidJSON asks for these by name although numbers come as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }

  // Copies the keys of the path: their bytes are about to move.
  void SaveKeys();
  // "$.Resources[3].active". The value that is being read may have been reported (and counted) or
  // not.
  enum class Reading : uint8_t { kReported, kNotReported };
  std::string Path(Reading reading) const;
  // What ended the parse, if a limit or the handler did.
  absl::Status failure() const { return failure_.ok() ? handler_.error() : failure_; }

 private:
  enum class Kind : uint8_t { kArray, kObject };
  struct Frame {
    absl::string_view key;  // of the member that is being read
    uint32_t values = 0;    // begun so far
    Kind kind = Kind::kArray;
  };

  // True when the value is not to be reported.
  bool Scalar() {
    ++frames_[depth_].values;
    if (!muted_) return false;
    if (depth_ == muted_depth_) muted_ = false;
    return true;
  }
  bool Enter(Kind kind) {
    ++frames_[depth_].values;
    if (depth_ >= max_depth_) return TooDeep();
    Frame& frame = frames_[++depth_];
    frame.key = {};
    frame.values = 0;
    frame.kind = kind;
    return true;
  }
  bool Started(bool go_on) {
    if (handler_.TakeSkip()) {
      Mute();
      --muted_depth_;
    }
    return go_on;
  }
  bool Leave() {
    --depth_;
    if (!muted_) return false;
    if (depth_ == muted_depth_) muted_ = false;
    return true;
  }
  void Mute() {
    muted_ = true;
    muted_depth_ = depth_;
  }
  bool TextIsFine(const char* text, unsigned size) {
    if (!window_.escaped && size <= max_string_) return true;
    return CheckText(absl::string_view(text, size));
  }
  bool TooDeep();
  bool CheckText(absl::string_view text);

  Handler& handler_;
  Window& window_;
  const int max_depth_;
  const size_t max_string_;
  int depth_ = 0;
  bool muted_ = false;
  int muted_depth_ = 0;  // a value that ends at this depth ends the muting
  std::vector<Frame> frames_;
  std::string saved_keys_;
  absl::Status failure_;
};

}  // namespace rollcall::json

#endif  // CLIENTS_JSON_SAX_ADAPTER_H_
