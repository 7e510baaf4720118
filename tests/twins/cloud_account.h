// An Atlassian account as the twins of the organisation, SCIM and Jira share it. A plain value.
#ifndef TESTS_TWINS_CLOUD_ACCOUNT_H_
#define TESTS_TWINS_CLOUD_ACCOUNT_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace rollcall::twins {

inline constexpr char kOrgAdminRole[] = "atlassian/org-admin";

struct CloudMembership {
  bool suspended = false;
};

struct CloudAccount {
  std::string id = "";
  std::string email = "";
  bool active = true;
  std::string name = "";
  std::string type = "atlassian";  // atlassian, app, customer
  bool closed = false;
  bool pending_deletion = false;  // in the 14 days in which a deletion can be taken back
  // When it was deactivated, as an account of its own tells; an active one does not.
  std::string deactivated_on = "2024-01-02T00:00:00.000Z";
  bool claimed = true;  // managed by the organisation; a guest is not
  bool email_verified = true;
  // False: a SCIM user may name the account, and writes to it do not reach it.
  bool follows_scim = true;
  // Why the organisation may not enable or disable it, as a reason of its privileges:
  // externalDirectory.google, blocked.exportControl… Empty: nothing but what a SCIM user that names
  // the account and the roles say.
  std::string owner = "";
  std::string disable_message = "";
  int64_t api_tokens = 0;            // of the person, as the organisation sees them
  std::set<std::string> roles = {};  // of the organisation: atlassian/org-admin
  nlohmann::json profile = nlohmann::json::object();  // nickname, zoneinfo, locale, …
  // By id of the organisation's directory. None: nobody invited it.
  std::map<std::string, CloudMembership> directories = {};
  bool email_hidden = false;  // Jira shows no e-mail then; the organisation does

  // As lists show it: the name, unless the profile says otherwise.
  std::string Nickname() const {
    const auto found = profile.find("nickname");
    return found != profile.end() && found->is_string() ? found->get<std::string>() : name;
  }
  bool IsOrgAdmin() const { return roles.count(kOrgAdminRole) > 0; }
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CLOUD_ACCOUNT_H_
