// The rows of the organisation API as values, and their readers: users, groups, directories, role
// assignments, organisations. Internal to clients/atlassian. One thread.
//
// A row without a usable id, or with a value of the wrong type in a field that decides anything, is
// DATA_LOSS. Words that are not known are kept as they came: what they mean is judged elsewhere.
#ifndef CLIENTS_ATLASSIAN_ORG_ROWS_H_
#define CLIENTS_ATLASSIAN_ORG_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "clients/atlassian/org_page.h"

namespace rollcall {

struct OrgUser {
  std::string id;
  std::string email;  // empty where it is hidden
  std::string account_type;
  std::string account_status;
  std::string membership_status;
  std::string status;
  std::string claim_status;
  std::string deactivated_on;       // RFC 3339; only where a user is asked for by id
  std::string management_source;    // "synced", "invited", or nothing
  bool has_roles = false;           // the key `platformRoles` was there
  bool administrator = false;       // of the organisation
  std::vector<std::string> groups;  // ids
};

struct OrgGroup {
  std::string id;
  std::string name;
  std::string directory;  // empty where it is not said
  bool externally_synced = false;
  bool modifiable = true;
  std::optional<int64_t> users;  // how many members it says to have
};

// A directory of the organisation, or an organisation.
struct OrgNamed {
  std::string id;
  std::string name;
};

struct OrgRoleAssignment {
  std::string directory;  // empty: a role of the whole platform
  std::string status;     // userDirectoryStatus
};

template <class Row>
using OrgSink = absl::FunctionRef<absl::Status(const Row&)>;

class OrgUserReader final : public OrgRowReader {
 public:
  explicit OrgUserReader(OrgSink<OrgUser> sink) : sink_(sink) {}
  void Begin() override { user_ = OrgUser(); }
  absl::Status Take(const OrgField& field) override;
  absl::Status End() override;
  const std::string& id() const override { return user_.id; }
  absl::Status Accept() override { return sink_(user_); }

 private:
  OrgUser user_;
  OrgSink<OrgUser> sink_;
};

class OrgGroupReader final : public OrgRowReader {
 public:
  explicit OrgGroupReader(OrgSink<OrgGroup> sink) : sink_(sink) {}
  void Begin() override { group_ = OrgGroup(); }
  absl::Status Take(const OrgField& field) override;
  absl::Status End() override;
  const std::string& id() const override { return group_.id; }
  absl::Status Accept() override { return sink_(group_); }

 private:
  OrgGroup group_;
  OrgSink<OrgGroup> sink_;
};

class OrgNamedReader final : public OrgRowReader {
 public:
  enum class Kind : uint8_t { kDirectory, kOrganization };
  OrgNamedReader(Kind kind, OrgSink<OrgNamed> sink) : kind_(kind), sink_(sink) {}
  void Begin() override { row_ = OrgNamed(); }
  absl::Status Take(const OrgField& field) override;
  absl::Status End() override;
  const std::string& id() const override { return row_.id; }
  absl::Status Accept() override { return sink_(row_); }

 private:
  const Kind kind_;
  OrgNamed row_;
  OrgSink<OrgNamed> sink_;
};

class OrgRoleReader final : public OrgRowReader {
 public:
  explicit OrgRoleReader(OrgSink<OrgRoleAssignment> sink) : sink_(sink) {}
  void Begin() override { row_ = OrgRoleAssignment(); }
  absl::Status Take(const OrgField& field) override;
  absl::Status End() override { return absl::OkStatus(); }
  const std::string& id() const override { return none_; }
  absl::Status Accept() override { return sink_(row_); }

 private:
  const std::string none_;
  OrgRoleAssignment row_;
  OrgSink<OrgRoleAssignment> sink_;
};

// The id at the end of an Atlassian resource identifier (ari:cloud:identity::group/ID), or the text
// itself.
std::string IdOfResource(absl::string_view text);

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_ROWS_H_
