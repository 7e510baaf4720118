// UserRow: takes one SCIM user from JSON events, skipping cheaply what it does not need. Strings
// are kept in buffers that are used again for the next user: no allocation per event. Internal to
// clients/scim. One thread.
//
// `active`: a boolean; absent or null means true (Atlassian leaves it out; a PUT without it makes
// it null elsewhere); the strings "true" and "false" in any case are understood and counted;
// anything else, and a known name that comes twice in one object, is DATA_LOSS.
#ifndef CLIENTS_SCIM_USER_ROW_H_
#define CLIENTS_SCIM_USER_ROW_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "reconciler/plan/roster.h"

namespace rollcall {

class UserRow {
 public:
  static constexpr absl::string_view kKind = "user";

  void Begin();
  bool open() const { return open_; }

  bool Null() { return true; }
  bool Bool(bool value);
  bool Number(absl::string_view raw);
  bool String(absl::string_view value);
  bool StartObject();
  // Sets `skip` when the value of this key is of no interest.
  bool Key(absl::string_view key, bool& skip);
  bool EndObject();
  bool StartArray();
  bool EndArray();

  const std::string& id() const { return id_; }
  // Views into this row, valid until the next Begin.
  Account account() const;
  const absl::Status& error() const { return error_; }

  int64_t active_as_text() const { return active_as_text_; }

 private:
  enum class Place : uint8_t { kUser, kEmails, kEmail, kExtension };
  enum class Field : uint8_t {
    kOther,
    kId,
    kUserName,
    kExternalId,
    kActive,
    kEmails,
    kExtension,  // of the user
    kValue,
    kPrimary,    // of an e-mail
    kAccountId,  // of the extension
  };

  Field UserField(absl::string_view key) const;
  bool Text(absl::string_view value);
  bool ActiveText(absl::string_view value);
  void FinishEmail();
  bool Fail(absl::string_view problem);

  bool open_ = false;
  bool active_ = true;
  Place place_ = Place::kUser;
  Field field_ = Field::kOther;
  uint32_t seen_ = 0;  // a bit a field of the user
  bool emails_is_object_ = false;
  bool has_email_ = false;
  bool has_primary_ = false;
  bool this_is_primary_ = false;
  std::string id_;
  std::string user_name_;
  std::string external_id_;
  std::string email_;
  std::string this_email_;
  std::string linked_account_;
  absl::Status error_;
  int64_t active_as_text_ = 0;
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_USER_ROW_H_
