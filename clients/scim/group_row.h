// GroupRow: takes one SCIM group from JSON events. The members of groups that nobody wants are
// skipped where the name comes first, else dropped at the end; the others wait in one buffer that
// is used again. Members of type Group (or that point to /Groups/) make the group `nested` and are
// no members. Internal to clients/scim. One thread.
#ifndef CLIENTS_SCIM_GROUP_ROW_H_
#define CLIENTS_SCIM_GROUP_ROW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

class GroupRow {
 public:
  static constexpr absl::string_view kKind = "group";

  // Null: every group is wanted. Not owned.
  explicit GroupRow(const GroupFilter* filter) : filter_(filter) {}

  void Begin();
  bool open() const { return open_; }

  bool Null() { return true; }
  bool Bool(bool);
  bool Number(absl::string_view raw);
  bool String(absl::string_view value);
  bool StartObject();
  bool Key(absl::string_view key, bool& skip);
  bool EndObject();
  bool StartArray();
  bool EndArray();

  const std::string& id() const { return id_; }
  const std::string& name() const { return name_; }
  bool nested() const { return nested_; }
  bool wanted() const { return wanted_; }
  bool has_members_key() const { return has_members_key_; }
  size_t member_count() const { return member_ends_.size(); }
  absl::string_view member(size_t index) const;
  const absl::Status& error() const { return error_; }

 private:
  enum class Place : uint8_t { kGroup, kMembers, kMember };
  enum class Field : uint8_t { kOther, kId, kName, kMembers, kValue, kType, kRef };

  bool Text(absl::string_view value);
  bool FinishMember();
  bool Fail(absl::string_view problem);

  const GroupFilter* filter_;
  bool open_ = false;
  bool wanted_ = false;
  bool name_known_ = false;
  bool nested_ = false;
  bool has_members_key_ = false;
  bool member_is_group_ = false;
  bool members_is_object_ = false;
  Place place_ = Place::kGroup;
  Field field_ = Field::kOther;
  uint32_t seen_ = 0;
  std::string id_;
  std::string name_;
  std::string this_member_;
  std::string member_bytes_;         // the ids one after the other
  std::vector<size_t> member_ends_;  // where each of them ends
  absl::Status error_;
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_GROUP_ROW_H_
