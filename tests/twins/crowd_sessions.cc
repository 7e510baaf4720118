// /authentication, /session and /config: the passwords and sign-on sessions of users.
#include <cstdint>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_endpoints.h"
#include "tests/twins/crowd_reply.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr int64_t kDefaultDuration = 1800;  // seconds

// Nothing: the password is right. Otherwise the answer.
std::optional<TwinResponse> CheckPassword(const CrowdCall& call,
                                          const std::optional<CrowdView::User>& user,
                                          const std::string& name, const std::string& password) {
  if (!user.has_value()) return CrowdNoUser(call, 400, name);
  if (user->user->password.empty() || user->user->password != password) {
    return CrowdRefusal(call, 400, "INVALID_USER_AUTHENTICATION",
                        "Failed to authenticate principal, password was invalid");
  }
  if (user->user->active) return std::nullopt;
  return CrowdRefusal(call, 400, "INACTIVE_ACCOUNT", absl::StrCat("Account is inactive: ", name));
}

json RenderSession(const CrowdCall& call, const std::string& token,
                   const CrowdSsoSession& session) {
  const CrowdView view = call.Current();
  json result = {{"token", token},
                 {"expand", "user"},
                 {"link", CrowdLink(absl::StrCat(call.api_url, "/session/", PercentEncode(token)))},
                 {"created-date", absl::ToUnixMillis(session.created)},
                 {"expiry-date", absl::ToUnixMillis(session.expires)}};
  const std::optional<CrowdView::User> user = view.UserOf(session.user);
  if (user.has_value()) result["user"] = RenderCrowdUser(call, view, *user, CrowdShown::kFields);
  return result;
}

TwinResponse CreateSession(const CrowdCall& call) {
  json body;
  TwinResponse refusal;
  if (!ReadCrowdBody(call, {"username", "password", "validation-factors"}, body, refusal)) {
    return refusal;
  }
  const std::string name = CrowdText(body, "username");
  const std::optional<CrowdView::User> user = call.Current().FindUser(name);
  if (call.Parameter("validate-password") == "false") {
    if (!user.has_value()) return CrowdNoUser(call, 400, name);
  } else if (std::optional<TwinResponse> wrong =
                 CheckPassword(call, user, name, CrowdText(body, "password"))) {
    return *std::move(wrong);
  }
  int64_t seconds = 0;
  if (!absl::SimpleAtoi(call.Parameter("duration"), &seconds) || seconds <= 0) {
    seconds = kDefaultDuration;
  }
  const std::string token = call.memory.ids.Uuid();
  const CrowdSsoSession session{user->folded, call.now, call.now + absl::Seconds(seconds)};
  call.memory.sso_sessions[token] = session;
  TwinResponse response = CrowdAnswer(call, 201, "session", RenderSession(call, token, session));
  response.headers.emplace_back("Location", absl::StrCat(call.api_url, "/session/", token));
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

TwinResponse RemoveSessions(const CrowdCall& call) {
  const std::string name = call.Parameter("username");
  const std::optional<CrowdView::User> user = call.Current().FindUser(name);
  if (!user.has_value()) return CrowdNoUser(call, 404, name);
  const std::string kept = call.Parameter("exclude");
  std::erase_if(call.memory.sso_sessions, [&](const auto& item) {
    return item.second.user == user->folded && item.first != kept;
  });
  return CrowdEmpty(call, 204);
}

}  // namespace

TwinResponse HandleCrowdAuthentication(const CrowdCall& call) {
  if (call.path.size() > 1) return CrowdNoSuchEndpoint(call);
  if (call.request.method != "POST") return CrowdNoSuchMethod(call);
  const std::string name = call.Parameter("username");
  if (name.empty()) return CrowdNoParameter(call, "username");
  json body;
  TwinResponse refusal;
  if (!ReadCrowdBody(call, {"value", "link"}, body, refusal)) return refusal;
  const CrowdView view = call.Current();
  const std::optional<CrowdView::User> user = view.FindUser(name);
  if (std::optional<TwinResponse> wrong =
          CheckPassword(call, user, name, CrowdText(body, "value"))) {
    return *std::move(wrong);
  }
  return CrowdAnswer(call, 200, "user", RenderCrowdUser(call, view, *user, CrowdShown::kFields));
}

TwinResponse HandleCrowdSession(const CrowdCall& call) {
  const std::string& method = call.request.method;
  if (call.path.size() == 1) {
    if (method == "POST") return CreateSession(call);
    return method == "DELETE" ? RemoveSessions(call) : CrowdNoSuchMethod(call);
  }
  if (call.path.size() > 2) return CrowdNoSuchEndpoint(call);
  const std::string& token = call.path[1];
  if (method == "DELETE") {
    call.memory.sso_sessions.erase(token);
    return CrowdEmpty(call, 204);
  }
  if (!call.IsGet() && method != "POST") return CrowdNoSuchMethod(call);
  const auto found = call.memory.sso_sessions.find(token);
  if (found == call.memory.sso_sessions.end() || found->second.expires <= call.now) {
    return CrowdRefusal(call, call.Has(CrowdQuirk::kUnknownSession400) ? 400 : 404,
                        "INVALID_SSO_TOKEN", "Token does not exist");
  }
  TwinResponse response =
      CrowdAnswer(call, 200, "session", RenderSession(call, token, found->second));
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

TwinResponse HandleCrowdConfig(const CrowdCall& call) {
  if (call.path.size() != 2 || call.path[1] != "cookie") return CrowdNoSuchEndpoint(call);
  if (!call.IsGet()) return CrowdNoSuchMethod(call);
  return CrowdAnswer(call, 200, "cookie-config",
                     {{"domain", ""}, {"name", "crowd.token_key"}, {"secure", false}});
}

}  // namespace rollcall::twins
