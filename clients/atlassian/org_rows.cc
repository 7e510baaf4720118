#include "clients/atlassian/org_rows.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr size_t kLongestId = 512;  // account ids have up to 128 bytes

absl::Status WrongType(const OrgField& field, absl::string_view id) {
  return absl::DataLossError(
      absl::StrCat("a row", id.empty() ? "" : absl::StrCat(" with id ", ForMessage(id, 80)),
                   " has a value of the wrong type as \"", ForMessage(field.path, 60), "\""));
}

// A text, or null for nothing.
absl::Status TakeText(const OrgField& field, absl::string_view id, std::string& to) {
  if (field.kind == OrgFieldKind::kNull) return absl::OkStatus();
  if (field.kind != OrgFieldKind::kString) return WrongType(field, id);
  to.assign(field.text.data(), field.text.size());
  return absl::OkStatus();
}

absl::Status TakeBool(const OrgField& field, absl::string_view id, bool& to) {
  if (field.kind == OrgFieldKind::kNull) return absl::OkStatus();
  if (field.kind != OrgFieldKind::kBool) return WrongType(field, id);
  to = field.boolean;
  return absl::OkStatus();
}

absl::Status CheckRowId(absl::string_view kind, absl::string_view id) {
  if (!id.empty() && id.size() <= kLongestId) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a ", kind, " has no usable id"));
}

bool NamesOrgAdmin(absl::string_view role) { return IdOfResource(role) == "org-admin"; }

std::string* EnumField(OrgUser& user, absl::string_view path) {
  // The second spelling is that of the list of managed accounts.
  if (path == "accountType" || path == "account_type") return &user.account_type;
  if (path == "accountStatus" || path == "account_status") return &user.account_status;
  if (path == "membershipStatus") return &user.membership_status;
  if (path == "status") return &user.status;
  if (path == "claimStatus") return &user.claim_status;
  if (path == "managementSource") return &user.management_source;
  return nullptr;
}

}  // namespace

std::string IdOfResource(absl::string_view text) {
  const size_t slash = text.rfind('/');
  return std::string(slash == absl::string_view::npos ? text : text.substr(slash + 1));
}

absl::Status OrgUserReader::Take(const OrgField& field) {
  if (field.path == "accountId" || field.path == "account_id")
    return TakeText(field, user_.id, user_.id);
  if (field.path == "email") return TakeText(field, user_.id, user_.email);
  if (std::string* word = EnumField(user_, field.path); word != nullptr) {
    return TakeText(field, user_.id, *word);
  }
  // Good to know, and no more: what is no text was not said.
  if (field.path == "deactivatedOn") {
    return field.kind == OrgFieldKind::kString ? TakeText(field, user_.id, user_.deactivated_on)
                                               : absl::OkStatus();
  }
  if (field.path == "platformRoles") {
    user_.has_roles = field.kind == OrgFieldKind::kArray;
    if (user_.has_roles || field.kind == OrgFieldKind::kNull) return absl::OkStatus();
    return WrongType(field, user_.id);
  }
  if (field.path == "platformRoles[]" || field.path == "platformRoles[].role") {
    if (field.kind == OrgFieldKind::kObject) return absl::OkStatus();
    if (field.kind != OrgFieldKind::kString) return WrongType(field, user_.id);
    user_.administrator = user_.administrator || NamesOrgAdmin(field.text);
    return absl::OkStatus();
  }
  if (field.path == "groups[].id") {
    if (field.kind != OrgFieldKind::kString) return WrongType(field, user_.id);
    user_.groups.push_back(IdOfResource(field.text));
  }
  return absl::OkStatus();
}

absl::Status OrgUserReader::End() { return CheckRowId("user", user_.id); }

absl::Status OrgGroupReader::Take(const OrgField& field) {
  if (field.path == "id") {
    RETURN_IF_ERROR(TakeText(field, group_.id, group_.id));
    group_.id = IdOfResource(group_.id);
    return absl::OkStatus();
  }
  if (field.path == "name") return TakeText(field, group_.id, group_.name);
  if (field.path == "directoryId") return TakeText(field, group_.id, group_.directory);
  if (field.path == "externalSynced") return TakeBool(field, group_.id, group_.externally_synced);
  if (field.path == "managementAccess.modifiable") {
    return TakeBool(field, group_.id, group_.modifiable);
  }
  int64_t users = 0;
  // `counts` is a help only: what cannot be read was not said.
  if (field.path == "counts.users" && field.kind == OrgFieldKind::kNumber &&
      absl::SimpleAtoi(field.text, &users) && users >= 0) {
    group_.users = users;
  }
  return absl::OkStatus();
}

absl::Status OrgGroupReader::End() {
  if (group_.name.empty()) {
    return absl::DataLossError(
        absl::StrCat("the group with id \"", ForMessage(group_.id, 80), "\" has no name"));
  }
  return CheckRowId("group", group_.id);
}

absl::Status OrgNamedReader::Take(const OrgField& field) {
  const bool directory = kind_ == Kind::kDirectory;
  if (field.path == (directory ? "directoryId" : "id")) return TakeText(field, row_.id, row_.id);
  if (field.path == (directory ? "name" : "attributes.name")) {
    return TakeText(field, row_.id, row_.name);
  }
  return absl::OkStatus();
}

absl::Status OrgNamedReader::End() {
  return CheckRowId(kind_ == Kind::kDirectory ? "directory" : "organisation", row_.id);
}

absl::Status OrgRoleReader::Take(const OrgField& field) {
  if (field.path == "directoryId") return TakeText(field, row_.directory, row_.directory);
  if (field.path == "userDirectoryStatus") return TakeText(field, row_.directory, row_.status);
  return absl::OkStatus();
}

}  // namespace rollcall
