#include "clients/http/secret.h"

#include <utility>

namespace rollcall {
namespace {

// A compiler may drop a plain fill of memory that is about to be freed; not a volatile one.
void Overwrite(std::string& text) {
  volatile char* bytes = text.data();
  for (size_t i = 0; i < text.size(); ++i) bytes[i] = 0;
}

}  // namespace

class Secret::Text {
 public:
  explicit Text(std::string text) : text_(std::move(text)) {}
  ~Text() { Overwrite(text_); }
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

Secret::Secret(std::string text) {
  if (!text.empty()) text_ = std::make_shared<const Text>(std::move(text));
  // A short text is copied, not moved: its first home must not keep it.
  Overwrite(text);
}

bool Secret::empty() const { return text_ == nullptr; }

const std::string& Secret::Reveal() const {
  static const std::string& kNothing = *new std::string;
  return text_ == nullptr ? kNothing : text_->text();
}

void PrintTo(const Secret& secret, std::ostream* out) {
  *out << (secret.empty() ? "[no secret]" : "[secret]");
}

}  // namespace rollcall
