#include "tests/twins/crowd_twin.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/twins/crowd_endpoints.h"
#include "tests/twins/crowd_reply.h"

namespace rollcall::twins {
namespace {

constexpr char kVersionHeader[] = "X-Embedded-Crowd-Version";
constexpr char kApiRoot[] = "/rest/usermanagement/";

// The segments below …/rest/usermanagement/1; false: this is another address.
bool TakeApiRoot(const std::string& base_path, std::vector<std::string>& segments) {
  std::vector<std::string> root =
      absl::StrSplit(absl::StrCat(base_path, kApiRoot), '/', absl::SkipEmpty());
  if (segments.size() < root.size() + 2) return false;
  for (size_t i = 0; i < root.size(); ++i) {
    if (segments[i] != root[i]) return false;
  }
  const std::string& version = segments[root.size()];
  if (version != "1" && version != "latest") return false;
  segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(root.size() + 1));
  return true;
}

// Of "name=value; other=value".
std::string CookieValue(const TwinRequest& request, absl::string_view name) {
  for (absl::string_view part :
       absl::StrSplit(FindTwinHeader(request.headers, "Cookie"), ';', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> item =
        absl::StrSplit(absl::StripAsciiWhitespace(part), absl::MaxSplits('=', 1));
    if (item.first == name) return std::string(item.second);
  }
  return "";
}

struct Credentials {
  std::string application;
  std::string password;
};

std::optional<Credentials> ReadBasic(const TwinRequest& request) {
  const absl::string_view header = FindTwinHeader(request.headers, "Authorization");
  std::string plain;
  if (!absl::StartsWithIgnoreCase(header, "Basic ") ||
      !absl::Base64Unescape(header.substr(6), &plain)) {
    return std::nullopt;
  }
  const std::pair<std::string, std::string> parts = absl::StrSplit(plain, absl::MaxSplits(':', 1));
  return Credentials{parts.first, parts.second};
}

// By the suffix, else by Accept; nothing: neither XML nor JSON will do.
std::optional<CrowdFormat> Negotiate(const CrowdOptions& options, const TwinRequest& request,
                                     std::string& last_segment) {
  if (absl::EndsWith(last_segment, ".json")) {
    last_segment.resize(last_segment.size() - 5);
    return CrowdFormat::kJson;
  }
  if (absl::EndsWith(last_segment, ".xml")) {
    last_segment.resize(last_segment.size() - 4);
    return CrowdFormat::kXml;
  }
  const CrowdFormat standard =
      options.quirks.Has(CrowdQuirk::kDefaultJson) ? CrowdFormat::kJson : CrowdFormat::kXml;
  const absl::string_view accept = FindTwinHeader(request.headers, "Accept");
  if (accept.empty()) return standard;
  for (absl::string_view item : absl::StrSplit(accept, ',', absl::SkipEmpty())) {
    if (absl::StrContains(item, "json")) return CrowdFormat::kJson;
    if (absl::StrContains(item, "application/xml")) return CrowdFormat::kXml;
    if (absl::StrContains(item, "*/*") || absl::StrContains(item, "application/*")) {
      return standard;
    }
  }
  return std::nullopt;
}

TwinResponse AskForApplication(const CrowdOptions& options) {
  TwinResponse response;
  response.status = 401;
  response.headers = {{"Content-Type", "text/plain"}};
  if (!options.quirks.Has(CrowdQuirk::kNoChallenge)) {
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"Crowd REST Service\"");
  }
  response.body = "Application failed to authenticate";
  return response;
}

TwinResponse RefuseAddress(const CrowdOptions& options, const std::string& application) {
  return CrowdPage(options, 403,
                   absl::StrCat("Client with address \"127.0.0.1\" is forbidden from making "
                                "requests to the application, ",
                                application, "."));
}

TwinResponse DispatchCrowd(const CrowdCall& call) {
  const std::string& endpoint = call.path[0];
  if (endpoint == "user") return HandleCrowdUser(call);
  if (endpoint == "group") return HandleCrowdGroup(call);
  if (endpoint == "search") return HandleCrowdSearch(call);
  if (endpoint == "event") return HandleCrowdEvents(call);
  if (endpoint == "session") return HandleCrowdSession(call);
  if (endpoint == "authentication") return HandleCrowdAuthentication(call);
  if (endpoint == "config") return HandleCrowdConfig(call);
  return CrowdNoSuchEndpoint(call);
}

bool ChangesDirectories(const TwinRequest& request, const std::string& endpoint) {
  return request.method != "GET" && request.method != "HEAD" &&
         (endpoint == "user" || endpoint == "group");
}

}  // namespace

TwinResponse CrowdNoSuchEndpoint(const CrowdCall& call) {
  return CrowdFrameworkError(call.options, 404, "Not Found");
}

TwinResponse CrowdNoSuchMethod(const CrowdCall& call) {
  return CrowdFrameworkError(call.options, 405, "Method Not Allowed");
}

CrowdDirectory& CrowdWritable(const CrowdCall& call, const CrowdDirectory* seen) {
  return call.application
      .directories[static_cast<size_t>(seen - call.application.directories.data())];
}

CrowdTwin::CrowdTwin(World* world, const std::string& name, CrowdOptions options, TwinClock clock)
    : application_(world->crowd[name]),
      options_(std::move(options)),
      clock_(std::move(clock)),
      memory_(options_.seed) {
  if (options_.rate_limit > 0) bucket_.emplace(static_cast<double>(options_.rate_limit));
}

std::string CrowdTwin::Endpoint(const std::string& path) const {
  const std::vector<std::string> parts = absl::StrSplit(path, '/', absl::SkipEmpty());
  if (parts.size() < 4 || parts[1] != "usermanagement") return "elsewhere";
  std::string result;
  for (size_t i = 3; i < parts.size(); ++i) {
    const bool token = i == 4 && (parts[3] == "session" || parts[3] == "event");
    absl::StrAppend(&result, "/", token ? "{token}" : parts[i]);
  }
  return absl::EndsWith(result, ".json") ? result.substr(0, result.size() - 5) : result;
}

std::map<std::string, int64_t> CrowdTwin::Counters() const {
  return {{"password_checks", memory_.password_checks}};
}

TwinResponse CrowdTwin::Handle(const TwinRequest& request) {
  if (request.writes == Writes::kKept) return Answer(request);
  const CrowdApplication before = application_;
  const auto snapshots = snapshots_;
  const CrowdMemory memory = memory_;
  TwinResponse response = Answer(request);
  application_ = before;
  snapshots_ = snapshots;
  memory_.events = memory.events;
  memory_.first_event = memory.first_event;
  return response;
}

TwinResponse CrowdTwin::Answer(const TwinRequest& request) {
  Target target = ParseTarget(request.target);
  std::vector<std::string> path = target.segments;
  if (!TakeApiRoot(options_.base_path, path)) return CrowdPage(options_, 404, "Not Found");
  std::string cookie;
  TwinHeaders headers;
  if (!options_.quirks.Has(CrowdQuirk::kNoVersionHeader)) {
    headers.emplace_back(kVersionHeader, absl::StrCat("Crowd/", options_.version));
  }
  TwinResponse response;
  if (std::optional<TwinResponse> refused = Authenticate(request, cookie)) {
    response = *std::move(refused);
  } else if (std::optional<TwinResponse> limited = LimitCalls(headers)) {
    response = *std::move(limited);
  } else {
    response = Perform(request, std::move(target), std::move(path));
  }
  if (!cookie.empty()) {
    headers.emplace_back(
        "Set-Cookie", absl::StrCat("JSESSIONID=", cookie,
                                   "; Path=", options_.base_path.empty() ? "/" : options_.base_path,
                                   "; HttpOnly"));
  }
  for (auto& header : headers) response.headers.push_back(std::move(header));
  return response;
}

std::optional<TwinResponse> CrowdTwin::Authenticate(const TwinRequest& request,
                                                    std::string& cookie) {
  const CrowdQuirks& quirks = options_.quirks;
  const bool reuse = !quirks.Has(CrowdQuirk::kNoSessionReuse);
  const auto session = memory_.http_sessions.find(CookieValue(request, "JSESSIONID"));
  const bool in_session = reuse && session != memory_.http_sessions.end();
  const std::optional<Credentials> given = ReadBasic(request);
  const bool forbidden = quirks.Has(CrowdQuirk::kAddressForbidden);
  if (!given.has_value() && in_session && !forbidden && quirks.Has(CrowdQuirk::kSessionSuffices)) {
    return std::nullopt;
  }
  if (!given.has_value() || given->application != options_.application) {
    return AskForApplication(options_);
  }
  const bool address_first = !quirks.Has(CrowdQuirk::kPasswordBeforeAddress);
  if (forbidden && address_first) return RefuseAddress(options_, given->application);
  if (!in_session || session->second != given->application) {
    ++memory_.password_checks;
    if (given->password != options_.password) return AskForApplication(options_);
    if (reuse) {
      cookie = memory_.ids.Uuid();
      memory_.http_sessions[cookie] = given->application;
    }
  }
  if (forbidden) return RefuseAddress(options_, given->application);
  return std::nullopt;
}

std::optional<TwinResponse> CrowdTwin::LimitCalls(TwinHeaders& headers) {
  if (!bucket_.has_value()) return std::nullopt;
  const absl::Duration wait = bucket_->Take(clock_());
  headers.emplace_back("X-RateLimit-Limit", absl::StrCat(options_.rate_limit));
  headers.emplace_back("X-RateLimit-Remaining",
                       absl::StrCat(static_cast<int64_t>(bucket_->Left())));
  headers.emplace_back("X-RateLimit-Interval-Seconds", "1");
  headers.emplace_back("X-RateLimit-FillRate", absl::StrCat(options_.rate_limit));
  if (wait == absl::ZeroDuration()) return std::nullopt;
  TwinResponse response;
  response.status = 429;
  response.headers = {{"Content-Type", "text/plain"}};
  if (!options_.quirks.Has(CrowdQuirk::kNoRetryAfter)) {
    response.headers.emplace_back(
        "Retry-After", absl::StrCat(absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1)))));
  }
  response.body = "Rate limit exceeded";
  return response;
}

const CrowdApplication& CrowdTwin::Seen(const TwinRequest& request, const std::string& endpoint) {
  while (!snapshots_.empty()) {
    const Snapshot& oldest = snapshots_.front();
    if (oldest.reads > 0 || clock_() < oldest.until) break;
    snapshots_.pop_front();
  }
  const bool read = request.method == "GET" || request.method == "HEAD" || endpoint == "search";
  if (snapshots_.empty() || !read) return application_;
  if (options_.quirks.Has(CrowdQuirk::kStaleSearchOnly) && endpoint != "search") {
    return application_;
  }
  if (snapshots_.front().reads > 0) --snapshots_.front().reads;
  return snapshots_.front().before;
}

TwinResponse CrowdTwin::Perform(const TwinRequest& request, Target target,
                                std::vector<std::string> path) {
  const std::optional<CrowdFormat> format = Negotiate(options_, request, path.back());
  if (!format.has_value()) return CrowdFrameworkError(options_, 406, "Not Acceptable");
  if (options_.quirks.Has(CrowdQuirk::kXsrfRequired) && request.method != "GET" &&
      FindTwinHeader(request.headers, "X-Atlassian-Token") != "no-check") {
    return CrowdPage(options_, 403, "XSRF check failed");
  }
  const std::string endpoint = path[0];
  const bool remembers = options_.stale_reads > 0 || options_.stale_for > absl::ZeroDuration();
  std::optional<CrowdApplication> before;
  if (remembers && ChangesDirectories(request, endpoint)) before = application_;
  const absl::string_view host = FindTwinHeader(request.headers, "Host");
  const CrowdCall call{
      options_,
      application_,
      Seen(request, endpoint),
      memory_,
      request,
      std::move(path),
      std::move(target),
      *format,
      absl::StrCat("http://", host.empty() ? "127.0.0.1" : host, options_.base_path, kApiRoot, "1"),
      clock_()};
  TwinResponse response = DispatchCrowd(call);
  if (before.has_value() && response.status < 300) {
    snapshots_.push_back({*std::move(before), options_.stale_reads, clock_() + options_.stale_for});
  }
  return response;
}

}  // namespace rollcall::twins
