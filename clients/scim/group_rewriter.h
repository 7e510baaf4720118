// GroupRewriter: copies a group's document event by event and leaves out the members that are to be
// removed, and `meta`. Internal to clients/scim. One thread, one document.
#ifndef CLIENTS_SCIM_GROUP_REWRITER_H_
#define CLIENTS_SCIM_GROUP_REWRITER_H_

#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "clients/json/events.h"
#include "clients/json/writer.h"

namespace rollcall {

class GroupRewriter final : public json::Handler {
 public:
  explicit GroupRewriter(absl::Span<const std::string> drop) : drop_(drop.begin(), drop.end()) {}

  bool Null() override;
  bool Bool(bool value) override;
  bool Number(absl::string_view raw) override;
  bool String(absl::string_view value) override;
  bool StartObject() override;
  bool Key(absl::string_view key) override;
  bool EndObject() override;
  bool StartArray() override;
  bool EndArray() override;

  std::string Take() && { return std::move(out_).Take(); }

 private:
  json::Writer& out() { return in_member_ ? member_ : out_; }
  bool AtMember() const { return in_members_ && depth_ == 2; }
  void FinishMember();

  absl::flat_hash_set<std::string> drop_;
  json::Writer out_;
  json::Writer member_;  // the member that is being read
  int depth_ = 0;
  bool in_members_ = false;  // inside the value of the group's `members`
  bool in_member_ = false;
  bool members_next_ = false;
  bool value_next_ = false;
  bool dropped_ = false;
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_GROUP_REWRITER_H_
