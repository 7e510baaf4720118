#include "clients/json/sax_adapter.h"

#include "absl/strings/str_cat.h"

namespace rollcall::json {
namespace {

constexpr int kDepthEnd = 1000;    // RapidJSON recurses: about 200 bytes of stack a level
constexpr size_t kKeyInPath = 64;  // bytes of a key that are shown
constexpr size_t kLevelsInPath = 12;

}  // namespace

SaxAdapter::SaxAdapter(Handler& handler, Window& window, const Limits& limits)
    : handler_(handler),
      window_(window),
      max_depth_(std::min(limits.max_depth, kDepthEnd)),
      max_string_(limits.max_string),
      frames_(static_cast<size_t>(std::max(max_depth_, 0)) + 1) {}

bool SaxAdapter::TooDeep() {
  failure_ = absl::InvalidArgumentError(
      absl::StrCat("objects and arrays are nested deeper than ", max_depth_));
  return false;
}

bool SaxAdapter::CheckText(absl::string_view text) {
  window_.escaped = false;
  if (text.size() > max_string_) {
    failure_ =
        absl::InvalidArgumentError(absl::StrCat("a text is longer than ", max_string_, " bytes"));
  } else if (!IsUtf8(text)) {
    failure_ = absl::InvalidArgumentError("an escape (\\uDC00 to \\uDFFF) is half a character");
  }
  return failure_.ok();
}

void SaxAdapter::SaveKeys() {
  std::string saved;
  saved.reserve(static_cast<size_t>(depth_ + 1) * kKeyInPath);
  for (int i = 0; i <= depth_; ++i) {
    absl::string_view key = frames_[i].key.substr(0, kKeyInPath);
    const size_t at = saved.size();
    saved.append(key.data(), key.size());
    frames_[i].key = absl::string_view(saved.data() + at, key.size());
  }
  saved_keys_.swap(saved);  // both are on the heap: the views stay valid
}

std::string SaxAdapter::Path(Reading reading) const {
  std::string path = "$";
  for (int i = 1; i <= depth_; ++i) {
    const Frame& frame = frames_[i];
    if (static_cast<size_t>(i) > kLevelsInPath) {
      absl::StrAppend(&path, "…");
      break;
    }
    if (frame.kind == Kind::kObject) {
      if (frame.key.data() != nullptr) absl::StrAppend(&path, ".", frame.key.substr(0, kKeyInPath));
    } else {
      const bool ahead = i == depth_ && reading == Reading::kNotReported;
      const uint32_t begun = frame.values + (ahead ? 1 : 0);
      if (begun > 0) absl::StrAppend(&path, "[", begun - 1, "]");
    }
  }
  return path;
}

}  // namespace rollcall::json
