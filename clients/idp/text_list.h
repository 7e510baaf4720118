// TextList: many short texts in one buffer, kept from record to record. And how much of them one
// record of an export may make us keep. A value.
#ifndef CLIENTS_IDP_TEXT_LIST_H_
#define CLIENTS_IDP_TEXT_LIST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rollcall::idp {

// Of all lists of one record together: a group of 1,000,000 members with ids of 36 bytes takes
// 44 MB, a person with 100,000 groups by name and id about 12 MB.
inline constexpr size_t kMaxRecordBytes = 64 << 20;
// A group whose id and name are known hands its members over as soon as they take this much, so
// that it may have any number of them.
inline constexpr size_t kMemberSliceBytes = 4 << 20;

class TextList {
 public:
  void Clear() {
    text_.clear();
    ends_.clear();
  }
  void Add(absl::string_view text) {
    text_.append(text.data(), text.size());
    ends_.push_back(text_.size());
  }
  size_t size() const { return ends_.size(); }
  // What the texts take, and what one more would: many empty ones are not free.
  size_t bytes() const { return text_.size() + ends_.size() * sizeof(size_t); }
  static size_t BytesOf(absl::string_view text) { return text.size() + sizeof(size_t); }
  absl::string_view operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : ends_[i - 1];
    return absl::string_view(text_).substr(begin, ends_[i] - begin);
  }

 private:
  std::string text_;
  std::vector<size_t> ends_;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_TEXT_LIST_H_
