// Secret: a password or key that cannot be printed, compared, hashed or streamed by accident. Its
// characters are reached through Reveal() alone, and are overwritten when the last copy goes.
// Cheap to copy (copies share one text). Immutable: usable from any thread.
//
//   Secret key("abc");
//   header = "Bearer " + key.Reveal();   // the only way; easy to search for in a review
#ifndef CLIENTS_HTTP_SECRET_H_
#define CLIENTS_HTTP_SECRET_H_

#include <memory>
#include <ostream>
#include <string>

namespace rollcall {

class Secret {
 public:
  Secret() = default;  // empty
  explicit Secret(std::string text);

  bool empty() const;

  // The text itself. Must not reach a message, a log, a file or a command line.
  const std::string& Reveal() const;

  // A comparison by == would tell by its duration how much was right.
  friend bool operator==(const Secret&, const Secret&) = delete;
  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;
  template <typename H>
  friend H AbslHashValue(H, const Secret&) = delete;

 private:
  class Text;
  std::shared_ptr<const Text> text_;  // null: empty
};

// What test frameworks print instead of the object's bytes.
void PrintTo(const Secret& secret, std::ostream* out);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_SECRET_H_
