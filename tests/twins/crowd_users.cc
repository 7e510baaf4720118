// /user: reading, creating, writing, renaming, removing; passwords and attributes.
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_endpoints.h"
#include "tests/twins/crowd_names.h"
#include "tests/twins/crowd_reply.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

const std::vector<std::string>& UserMembers() {
  static const auto* const kMembers = new std::vector<std::string>{
      "name",         "first-name",     "last-name",    "display-name",
      "email",        "active",         "password",     "attributes",
      "expand",       "link",           "key",          "created-date",
      "updated-date", "directory-name", "directory-id", "encrypted-password"};
  return *kMembers;
}

CrowdShown ShownAlone(const CrowdCall& call) {
  return call.Expanded().count("attributes") > 0 ? CrowdShown::kWithAttributes
                                                 : CrowdShown::kFields;
}

// The user's directory, or with a quirk the first that has the user and may be written.
CrowdView::User UserToWrite(const CrowdCall& call, const CrowdView::User& found) {
  if (!call.Has(CrowdQuirk::kUpdateFirstWritable)) return found;
  for (const CrowdDirectory& directory : call.application.directories) {
    const auto there = directory.users.find(found.folded);
    if (!directory.active || !directory.Allows(CrowdOperation::kUpdateUser)) continue;
    if (there != directory.users.end()) return {&directory, &there->second, found.folded};
  }
  return found;
}

CrowdUser& OwnUser(const CrowdCall& call, const CrowdView::User& user) {
  return CrowdWritable(call, user.directory).users.at(user.folded);
}

TwinResponse AnswerCrowdUser(const CrowdCall& call) {
  const CrowdView view = call.View();
  const std::string name = call.Parameter("username");
  const std::string key = call.Parameter("key");
  if (name.empty() && key.empty()) return CrowdNoParameter(call, "username");
  const std::optional<CrowdView::User> user =
      name.empty() ? view.FindUserByKey(key) : view.FindUser(name);
  if (!user.has_value()) return CrowdNoUser(call, 404, name.empty() ? key : name);
  return CrowdAnswer(call, 200, "user", RenderCrowdUser(call, view, *user, ShownAlone(call)));
}

// False: `refusal` says why `active` cannot be taken from the body.
bool TakeActive(const CrowdCall& call, const json& body, bool& active, TwinResponse& refusal) {
  const auto found = body.find("active");
  if (found == body.end() || found->is_null()) {
    active = !call.Has(CrowdQuirk::kActiveOmittedFalse);
    refusal = CrowdRefusal(call, 400, "INVALID_USER", "active is missing");
    return !call.Has(CrowdQuirk::kActiveOmittedRejected);
  }
  if (found->is_boolean()) {
    active = found->get<bool>();
    return true;
  }
  const std::string text =
      found->is_string() ? absl::AsciiStrToLower(found->get<std::string>()) : "";
  const bool xml = absl::StrContains(FindTwinHeader(call.request.headers, "Content-Type"), "xml");
  active = text == "true";
  refusal = CrowdFault(400, "Can not construct instance of java.lang.Boolean");
  return (text == "true" || text == "false") &&
         (xml || !call.Has(CrowdQuirk::kActiveStringRejected));
}

CrowdAttributes TakeAttributes(const json& body) {
  CrowdAttributes result;
  const auto outer = body.find("attributes");
  if (outer == body.end() || !outer->is_object()) return result;
  for (const json& item : outer->value("attributes", json::array())) {
    std::vector<std::string> values;
    for (const json& value : item.value("values", json::array())) {
      if (value.is_string()) values.push_back(value.get<std::string>());
    }
    if (!values.empty()) result[CrowdText(item, "name")] = std::move(values);
  }
  return result;
}

std::string TakePassword(const json& body) {
  for (const char* name : {"password", "encrypted-password"}) {
    const auto found = body.find(name);
    if (found != body.end() && found->is_object()) {
      const std::string value = CrowdText(*found, "value");
      if (!value.empty()) return value;
    }
  }
  return "";
}

bool IsWeak(const CrowdCall& call, const std::string& password) {
  return static_cast<int64_t>(password.size()) < call.options.password_length;
}

TwinResponse RefuseWeak(const CrowdCall& call) {
  return CrowdRefusal(call, 400, "INVALID_CREDENTIAL", "The password is too short");
}

void TakeFields(const CrowdCall& call, const json& body, CrowdUser& user) {
  user.first_name = CrowdText(body, "first-name");
  user.last_name = CrowdText(body, "last-name");
  user.display_name = CrowdText(body, "display-name");
  user.email = CrowdText(body, "email");
  user.updated = call.now;
  if (!call.Has(CrowdQuirk::kNamesNotDerived)) DeriveCrowdNames(user);
}

TwinResponse CreateUserIn(const CrowdCall& call, CrowdUser user) {
  for (CrowdDirectory& directory : call.application.directories) {
    if (!directory.active || !directory.Allows(CrowdOperation::kCreateUser)) continue;
    const std::string folded = FoldCrowdName(user.name);
    user.external_id = call.memory.ids.Uuid();
    directory.users[folded] = std::move(user);
    RecordCrowdEntity(call, "user", folded, "CREATED");
    const CrowdView view = call.Current();
    const CrowdView::User made = *view.UserOf(folded);
    const json shown = RenderCrowdUser(call, view, made, CrowdShown::kWithAttributes);
    TwinResponse response =
        CrowdCreated(call, CrowdHref(call, "/user", "username", view.ShownUser(made)));
    if (!call.Has(CrowdQuirk::kCreateWithoutBody)) {
      response.body = CrowdAnswer(call, 201, "user", shown).body;
    }
    return response;
  }
  return CrowdForbidden(call, CrowdOperation::kCreateUser);
}

TwinResponse CreateCrowdUser(const CrowdCall& call) {
  json body;
  TwinResponse refusal;
  if (!ReadCrowdBody(call, UserMembers(), body, refusal)) return refusal;
  CrowdUser user;
  user.name = CrowdText(body, "name");
  user.password = TakePassword(body);
  if (user.name.empty()) return CrowdRefusal(call, 400, "ILLEGAL_ARGUMENT", "name is missing");
  if (user.password.empty() && !call.Has(CrowdQuirk::kCreatePasswordOptional)) {
    return CrowdRefusal(call, 400, "ILLEGAL_ARGUMENT", "password is missing");
  }
  if (absl::StripAsciiWhitespace(user.name) != user.name) {
    return CrowdRefusal(call, 400, "INVALID_USER", "The name has blanks around it");
  }
  if (call.Current().FindUser(user.name).has_value()) {
    return CrowdRefusal(call, 400, "INVALID_USER", "User already exists");
  }
  if (IsWeak(call, user.password)) return RefuseWeak(call);
  if (!TakeActive(call, body, user.active, refusal)) return refusal;
  TakeFields(call, body, user);
  user.created = call.now;
  if (!call.Has(CrowdQuirk::kCreateAttributesIgnored)) user.attributes = TakeAttributes(body);
  return CreateUserIn(call, std::move(user));
}

// "" or why the name in the body of a PUT will not do.
bool NamesAgree(const CrowdCall& call, const std::string& asked, const std::string& given) {
  if (call.Has(CrowdQuirk::kPutNameCaseSensitive)) return asked == given;
  return FoldCrowdName(asked) == FoldCrowdName(given);
}

void BeRival(const CrowdCall& call, const std::string& folded, CrowdUser& user) {
  if (call.memory.rival_edits_done >= call.options.rival_edits) return;
  ++call.memory.rival_edits_done;
  absl::StrAppend(&user.display_name, " (edited)");
  RecordCrowdEntity(call, "user", folded, "UPDATED");
}

void LeaveAllGroups(CrowdDirectory& directory, const std::string& folded) {
  for (auto& [name, group] : directory.groups) group.users.erase(folded);
}

TwinResponse PutCrowdUser(const CrowdCall& call) {
  const std::string name = call.Parameter("username");
  if (name.empty()) return CrowdNoParameter(call, "username");
  json body;
  TwinResponse refusal;
  if (!ReadCrowdBody(call, UserMembers(), body, refusal)) return refusal;
  const std::optional<CrowdView::User> found = call.Current().FindUser(name);
  if (!found.has_value()) return CrowdNoUser(call, 404, name);
  if (!NamesAgree(call, name, CrowdText(body, "name"))) {
    const bool user = call.Has(CrowdQuirk::kPutNameInvalidUser);
    return CrowdRefusal(call, 400, user ? "INVALID_USER" : "ILLEGAL_ARGUMENT",
                        "The name of the body is not that of the address");
  }
  bool active = true;
  if (!TakeActive(call, body, active, refusal)) return refusal;
  const CrowdView::User target = UserToWrite(call, *found);
  CrowdDirectory& directory = CrowdWritable(call, target.directory);
  if (!directory.Allows(CrowdOperation::kUpdateUser)) {
    return CrowdForbidden(call, CrowdOperation::kUpdateUser);
  }
  CrowdUser& user = directory.users.at(target.folded);
  BeRival(call, target.folded, user);
  const std::string old_email = user.email;
  if (call.Has(CrowdQuirk::kEmailChangeRefused) && CrowdText(body, "email") != old_email) {
    return CrowdForbidden(call, CrowdOperation::kUpdateUser);
  }
  TakeFields(call, body, user);
  if (call.Has(CrowdQuirk::kEmailChangeIgnored)) user.email = old_email;
  user.active = active;
  if (call.Has(CrowdQuirk::kPutSetsAttributes)) user.attributes = TakeAttributes(body);
  if (call.Has(CrowdQuirk::kPutSetsPassword) && !TakePassword(body).empty()) {
    user.password = TakePassword(body);
  }
  if (!active && call.Has(CrowdQuirk::kDeactivateDropsMemberships)) {
    LeaveAllGroups(directory, target.folded);
  }
  RecordCrowdEntity(call, "user", target.folded, "UPDATED");
  return CrowdEmpty(call, 204);
}

TwinResponse DeleteCrowdUser(const CrowdCall& call) {
  const std::string name = call.Parameter("username");
  if (name.empty()) return CrowdNoParameter(call, "username");
  const std::optional<CrowdView::User> found = call.Current().FindUser(name);
  if (!found.has_value()) return CrowdNoUser(call, 404, name);
  CrowdDirectory& directory = CrowdWritable(call, found->directory);
  if (!directory.Allows(CrowdOperation::kDeleteUser)) {
    return CrowdForbidden(call, CrowdOperation::kDeleteUser);
  }
  const std::string folded = found->folded;
  LeaveAllGroups(directory, folded);
  directory.users.erase(folded);
  RecordCrowdEntity(call, "user", folded, "DELETED");
  return CrowdEmpty(call, 204);
}

void MoveUser(CrowdApplication& application, CrowdDirectory& directory, const std::string& from,
              const std::string& to_name) {
  const std::string to = FoldCrowdName(to_name);
  CrowdUser user = std::move(directory.users.at(from));
  directory.users.erase(from);
  user.name = to_name;
  directory.users[to] = std::move(user);
  for (auto& [name, group] : directory.groups) {
    if (group.users.erase(from) > 0) group.users.insert(to);
  }
  const auto alias = application.aliases.find(from);
  if (alias == application.aliases.end() || from == to) return;
  application.aliases[to] = alias->second;
  application.aliases.erase(from);
}

TwinResponse RenameUser(const CrowdCall& call) {
  if (call.Has(CrowdQuirk::kRenameMissing)) return CrowdNoSuchEndpoint(call);
  if (call.request.method != "POST") return CrowdNoSuchMethod(call);
  const std::string name = call.Parameter("username");
  if (name.empty()) return CrowdNoParameter(call, "username");
  json body;
  TwinResponse refusal;
  if (!ReadCrowdBody(call, {"new-name"}, body, refusal)) return refusal;
  const std::optional<CrowdView::User> found = call.Current().FindUser(name);
  if (!found.has_value()) return CrowdNoUser(call, 404, name);
  const std::string new_name = CrowdText(body, "new-name");
  const std::optional<CrowdView::User> taken = call.Current().FindUser(new_name);
  if (new_name.empty() || (taken.has_value() && taken->folded != found->folded)) {
    return CrowdRefusal(call, 400, "INVALID_USER", "The new name is empty or taken");
  }
  CrowdDirectory& directory = CrowdWritable(call, found->directory);
  if (!directory.Allows(CrowdOperation::kUpdateUser)) {
    return CrowdForbidden(call, CrowdOperation::kUpdateUser);
  }
  MoveUser(call.application, directory, found->folded, new_name);
  RecordCrowdEntity(call, "user", FoldCrowdName(new_name), "UPDATED");
  const CrowdView view = call.Current();
  return CrowdAnswer(
      call, 200, "user",
      RenderCrowdUser(call, view, *view.UserOf(FoldCrowdName(new_name)), CrowdShown::kFields));
}

TwinResponse WritePassword(const CrowdCall& call) {
  const std::string name = call.Parameter("username");
  const std::optional<CrowdView::User> found = call.Current().FindUser(name);
  if (call.request.method != "PUT" && call.request.method != "DELETE") {
    return CrowdNoSuchMethod(call);
  }
  json body = json::object();
  TwinResponse refusal;
  if (call.request.method == "PUT" && !ReadCrowdBody(call, {"value", "link"}, body, refusal)) {
    return refusal;
  }
  if (!found.has_value()) return CrowdNoUser(call, 404, name);
  if (!found->directory->Allows(CrowdOperation::kUpdateUser)) {
    return CrowdForbidden(call, CrowdOperation::kUpdateUser);
  }
  const std::string password = CrowdText(body, "value");
  const bool set = call.request.method == "PUT";
  if (set && (password.empty() || IsWeak(call, password))) return RefuseWeak(call);
  OwnUser(call, *found).password = password;
  return CrowdEmpty(call, 204);
}

TwinResponse UserAttributes(const CrowdCall& call) {
  const std::string name = call.Parameter("username");
  if (name.empty()) return CrowdNoParameter(call, "username");
  const std::optional<CrowdView::User> found = call.Current().FindUser(name);
  const std::optional<CrowdView::User> seen = call.View().FindUser(name);
  if (!found.has_value() || !seen.has_value()) return CrowdNoUser(call, 404, name);
  constexpr CrowdOperation kOperation = CrowdOperation::kUpdateUserAttribute;
  const TwinResponse response = HandleCrowdAttributes(
      call, OwnUser(call, *found).attributes, seen->user->attributes,
      found->directory->Allows(kOperation), kOperation,
      CrowdHref(call, "/user/attribute", "username", call.View().ShownUser(*seen)));
  if (!call.IsGet() && response.status < 300) {
    RecordCrowdEntity(call, "user", found->folded, "UPDATED");
  }
  return response;
}

TwinResponse SendMail(const CrowdCall& call) {
  if (call.request.method != "POST") return CrowdNoSuchMethod(call);
  if (call.path[2] == "password") {
    const std::string name = call.Parameter("username");
    if (!call.View().FindUser(name).has_value()) return CrowdNoUser(call, 404, name);
    return CrowdEmpty(call, 204);
  }
  if (call.path[2] != "usernames") return CrowdNoSuchEndpoint(call);
  if (!absl::StrContains(call.Parameter("email"), "@")) {
    return CrowdRefusal(call, 400, "INVALID_EMAIL", "This is no e-mail address");
  }
  return CrowdEmpty(call, 204);
}

}  // namespace

TwinResponse HandleCrowdUser(const CrowdCall& call) {
  const std::string part = call.path.size() > 1 ? call.path[1] : "";
  if (call.path.size() == 1) {
    if (call.IsGet()) return AnswerCrowdUser(call);
    if (call.request.method == "POST") return CreateCrowdUser(call);
    if (call.request.method == "PUT") return PutCrowdUser(call);
    if (call.request.method == "DELETE") return DeleteCrowdUser(call);
    return CrowdNoSuchMethod(call);
  }
  if (part == "group" && call.path.size() == 3) return HandleCrowdMemberships(call);
  if (part == "mail" && call.path.size() == 3) return SendMail(call);
  if (call.path.size() == 2 && part == "rename") return RenameUser(call);
  if (call.path.size() == 2 && part == "attribute") return UserAttributes(call);
  if (call.path.size() == 2 && part == "password") return WritePassword(call);
  return CrowdNoSuchEndpoint(call);
}

}  // namespace rollcall::twins
