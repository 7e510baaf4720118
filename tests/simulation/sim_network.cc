#include "tests/simulation/sim_network.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/retry_headers.h"

namespace rollcall::simulation {
namespace {

constexpr FaultKind kOnTheWay[] = {FaultKind::kTimeout,
                                   FaultKind::kThrottleNone,
                                   FaultKind::kThrottleSeconds,
                                   FaultKind::kThrottleDate,
                                   FaultKind::kThrottleResetIso,
                                   FaultKind::kThrottleResetEpoch,
                                   FaultKind::kThrottleResetSeconds,
                                   FaultKind::kErrorBefore,
                                   FaultKind::kErrorAfter,
                                   FaultKind::kReplyLost,
                                   FaultKind::kReset,
                                   FaultKind::kRefused,
                                   FaultKind::kTruncated,
                                   FaultKind::kWrongBody,
                                   FaultKind::kHtml,
                                   FaultKind::kRepeatedPage,
                                   FaultKind::kShiftedPage,
                                   FaultKind::kShortPage,
                                   FaultKind::kNoop,
                                   FaultKind::kRevoked};

// Some lists are asked for by POST.
bool IsRead(const twins::TwinRequest& request) {
  return request.method == "GET" || absl::EndsWith(request.target, "/search");
}

bool IsPutOfCrowdUser(const twins::TwinRequest& request) {
  return request.method == "PUT" && SimWorld::DirectoryOf(request.target) == kCrowd;
}

std::string TargetOf(const std::string& url) {
  return url.substr(std::string(SimWorld::kOrigin).size());
}

// Which list a page is of. A site's members of all groups have one path.
std::string ListOf(const std::string& target) {
  const size_t query = target.find('?');
  std::string list = target.substr(0, query);
  if (SimWorld::DirectoryOf(target) != kSite) return list;
  const size_t group = target.find("groupId=");
  if (group == std::string::npos) return list;
  return list + target.substr(group, target.find('&', group) - group);
}

// Where the number of one of these query parameters stands in the target; empty: nowhere.
struct Place {
  size_t begin = 0;
  size_t length = 0;
  int64_t number = 0;
};
std::optional<Place> FindNumber(const std::string& target,
                                const std::vector<std::string>& parameters) {
  for (const std::string& parameter : parameters) {
    for (const char* mark : {"?", "&"}) {
      const std::string wanted = absl::StrCat(mark, parameter, "=");
      const size_t found = target.find(wanted);
      if (found == std::string::npos) continue;
      Place place;
      place.begin = found + wanted.size();
      place.length = std::min(target.find('&', place.begin), target.size()) - place.begin;
      if (absl::SimpleAtoi(target.substr(place.begin, place.length), &place.number)) return place;
    }
  }
  return std::nullopt;
}
std::optional<Place> StartOf(const std::string& target) {
  return FindNumber(target, {"startIndex", "start-index", "startAt"});
}
std::optional<Place> SizeOf(const std::string& target) {
  return FindNumber(target, {"count", "max-results", "limit", "maxResults"});
}

// Lists that are asked for by POST have their size in the body, in one spelling.
constexpr char kLimit[] = "\"limit\":";
std::optional<Place> LimitOf(const std::string& body) {
  const size_t found = body.find(kLimit);
  if (found == std::string::npos) return std::nullopt;
  Place place;
  place.begin = found + std::string(kLimit).size();
  place.length = body.find_first_not_of("0123456789", place.begin) - place.begin;
  if (!absl::SimpleAtoi(body.substr(place.begin, place.length), &place.number)) return std::nullopt;
  return place;
}

// Where the size of the page stands that a request asks for.
struct PageSize {
  std::string* text = nullptr;  // of the request
  Place place;
};
std::optional<PageSize> PageSizeOf(twins::TwinRequest& request) {
  std::optional<Place> place = SizeOf(request.target);
  if (place.has_value()) return PageSize{&request.target, *place};
  place = LimitOf(request.body);
  if (place.has_value()) return PageSize{&request.body, *place};
  return std::nullopt;
}
bool HasPageSize(const twins::TwinRequest& request) {
  return SizeOf(request.target).has_value() || LimitOf(request.body).has_value();
}

std::string WithNumber(const std::string& target, const Place& place, int64_t number) {
  return absl::StrCat(target.substr(0, place.begin), number,
                      target.substr(place.begin + place.length));
}

twins::RetryStyle StyleOf(FaultKind fault) {
  switch (fault) {
    case FaultKind::kThrottleSeconds:
      return twins::RetryStyle::kSeconds;
    case FaultKind::kThrottleDate:
      return twins::RetryStyle::kDate;
    case FaultKind::kThrottleResetIso:
      return twins::RetryStyle::kResetIso;
    case FaultKind::kThrottleResetEpoch:
      return twins::RetryStyle::kResetEpoch;
    case FaultKind::kThrottleResetSeconds:
      return twins::RetryStyle::kResetSeconds;
    default:
      return twins::RetryStyle::kNone;
  }
}

HttpResponse Answer(int status, const char* type, std::string body) {
  HttpResponse response;
  response.status = status;
  if (*type != '\0') response.headers = {{"Content-Type", type}};
  response.body = std::move(body);
  return response;
}

absl::Status Dead() { return absl::CancelledError("the process is dead"); }

}  // namespace

SimNetwork::SimNetwork(Dice dice, const Parts& parts, const Trouble& trouble)
    : dice_(dice.Split()),
      parts_(parts),
      trouble_(trouble),
      rival_(dice.Split(), parts.world, parts.witness, parts.log) {}

void SimNetwork::Calm() {
  trouble_ = Trouble::None();
  revoked_.clear();
}

void SimNetwork::Count(FaultKind kind) {
  ++parts_.counts[kind];
  parts_.log.Add(absl::StrCat("fault: ", NameOf(kind)));
}

absl::StatusOr<HttpResponse> SimNetwork::Send(const HttpRequest& request,
                                              const CallContext& context) {
  if (parts_.machine.dead() || context.stopped()) return absl::CancelledError("stopped");
  parts_.runtime.Yield();
  if (parts_.machine.dead() || context.stopped()) return absl::CancelledError("stopped");
  Exchange exchange;
  exchange.asked.method = request.method;
  exchange.asked.target = TargetOf(request.url);
  exchange.asked.headers = request.headers;
  exchange.asked.body = request.body;
  if (++requests_ == kMaxRequests) parts_.witness.Fail("more requests than any run needs");
  parts_.log.Add(absl::StrCat("> ", request.method, " ", exchange.asked.target, " ", request.body));
  const bool dies = parts_.machine.DiesAtThisRequest();
  const bool before = dies && dice_.Chance(500);
  if (dies) Count(FaultKind::kCrashAtRequest);
  if (before) {
    parts_.machine.Die();
    return Dead();
  }
  if (!IsRead(exchange.asked)) exchange.sent = parts_.witness.NoteSend(exchange.asked);
  const bool slow = trouble_[FaultKind::kLatency] && dice_.Chance(trouble_.network);
  if (slow) Count(FaultKind::kLatency);
  const int64_t longest = slow ? 10'000 : 40;
  parts_.runtime.Travel(absl::Milliseconds(dice_.Between(1, longest)));
  // What is under way arrives, or not, when its sender dies.
  if (parts_.machine.dead() && dice_.Chance(500)) return Dead();
  Result result = Deliver(exchange);
  if (dies) parts_.machine.Die();
  parts_.runtime.Travel(absl::Milliseconds(dice_.Between(1, longest)));
  if (parts_.machine.dead()) return Dead();
  if (!IsRead(exchange.asked)) parts_.witness.NoteAnswer(exchange.asked, exchange.certain);
  parts_.log.Add(result.ok() ? absl::StrCat("< ", result->status, " to ", request.method, " ",
                                            exchange.asked.target)
                             : absl::StrCat("< ", Shown(result.status())));
  return result;
}

// What happens elsewhere while a request is on its way.
void SimNetwork::HappenAround() {
  if (trouble_[FaultKind::kRival] && dice_.Chance(trouble_.events)) {
    Count(FaultKind::kRival);
    if (rival_.Edit(parts_.runtime.TrueTime())) Count(FaultKind::kRivalAtSite);
  }
  if (trouble_[FaultKind::kClockBack] && dice_.Chance(trouble_.events)) {
    constexpr int64_t kSteps[] = {1, 30, 300, 3600};
    parts_.runtime.StepClock(-absl::Seconds(kSteps[dice_.Below(4)]));
    Count(FaultKind::kClockBack);
  }
  if (trouble_[FaultKind::kStop] && dice_.Chance(trouble_.events / 4) &&
      !parts_.machine.stopped()) {
    Count(FaultKind::kStop);
    parts_.machine.Stop();
  }
}

SimNetwork::Result SimNetwork::Deliver(Exchange& exchange) {
  HappenAround();
  if (revoked_.count(SimWorld::DirectoryOf(exchange.asked.target)) > 0) {
    return Answer(401, "application/json", "{}");
  }
  // Most requests read; what goes wrong with writes teaches more.
  const int64_t rate = trouble_.network * (IsRead(exchange.asked) ? 1 : 3);
  if (rate > 0 && dice_.Chance(rate)) {
    const std::optional<FaultKind> fault = DrawFault(exchange.asked);
    if (fault.has_value()) return Strike(*fault, exchange);
  }
  if (trouble_[FaultKind::kRivalInGap] && IsPutOfCrowdUser(exchange.asked) && dice_.Chance(300)) {
    Count(FaultKind::kRivalInGap);
    rival_.EditBefore(exchange.asked);
  }
  return Perform(exchange);
}

bool SimNetwork::Applies(FaultKind kind, const twins::TwinRequest& request) {
  switch (kind) {
    case FaultKind::kErrorAfter:
    case FaultKind::kReplyLost:
    case FaultKind::kNoop:
      return !IsRead(request);
    case FaultKind::kShiftedPage: {
      const std::optional<Place> start = StartOf(request.target);
      if (!IsRead(request) || !start.has_value()) return false;
      // Rows move between two pages of a site's bare arrays; before the first nobody could tell.
      return start->number > 0 || SimWorld::DirectoryOf(request.target) != kSite;
    }
    case FaultKind::kRepeatedPage:
    case FaultKind::kShortPage:
      return IsRead(request) && HasPageSize(request);
    default:
      return true;
  }
}

std::optional<FaultKind> SimNetwork::DrawFault(const twins::TwinRequest& request) {
  std::vector<FaultKind> possible;
  for (const FaultKind kind : kOnTheWay) {
    if (trouble_[kind] && Applies(kind, request)) possible.push_back(kind);
  }
  if (possible.empty()) return std::nullopt;
  return possible[dice_.Below(static_cast<int64_t>(possible.size()))];
}

SimNetwork::Result SimNetwork::Throttle(FaultKind fault) {
  HttpResponse response = Answer(429, "", "");
  response.headers = twins::RetryHeaders(StyleOf(fault), absl::Seconds(dice_.Between(1, 20)),
                                         parts_.runtime.TrueTime());
  return response;
}

SimNetwork::Result SimNetwork::Strike(FaultKind fault, Exchange& exchange) {
  constexpr int kErrors[] = {500, 502, 503, 504};
  const int error = kErrors[dice_.Below(4)];
  if (fault != FaultKind::kRepeatedPage) Count(fault);
  switch (fault) {
    case FaultKind::kTimeout:
      if (dice_.Chance(500)) Perform(exchange);
      exchange.certain = false;
      parts_.runtime.Travel(absl::Seconds(30));
      return absl::DeadlineExceededError("no answer within 30s");
    case FaultKind::kErrorBefore:
      return Answer(error, "", "");
    case FaultKind::kErrorAfter:
      Perform(exchange);
      exchange.certain = false;
      return Answer(error, "", "");
    case FaultKind::kReplyLost:
    case FaultKind::kTruncated:
      Perform(exchange);
      exchange.certain = false;
      return absl::UnknownError("the connection broke before the end of the answer");
    case FaultKind::kReset:
      return absl::UnknownError("the connection was reset");
    case FaultKind::kRefused:
      return absl::UnavailableError("connection refused");
    case FaultKind::kHtml:
      return Answer(200, "text/html", "<!DOCTYPE html><html><title>Sign in</title></html>");
    case FaultKind::kWrongBody:
      return WrongBody(exchange.asked.target, Perform(exchange));
    case FaultKind::kNoop: {
      exchange.asked.writes = twins::Writes::kDiscarded;
      HttpResponse response = Perform(exchange);
      exchange.certain = false;
      return response;
    }
    case FaultKind::kRevoked:
      revoked_.insert(SimWorld::DirectoryOf(exchange.asked.target));
      return Answer(401, "application/json", "{}");
    case FaultKind::kRepeatedPage:
    case FaultKind::kShiftedPage:
    case FaultKind::kShortPage:
      return StrikePage(fault, exchange);
    default:
      return Throttle(fault);
  }
}

SimNetwork::Result SimNetwork::StrikePage(FaultKind fault, Exchange& exchange) {
  std::string& target = exchange.asked.target;
  if (fault == FaultKind::kRepeatedPage) {
    const auto page = pages_.find(ListOf(target));
    if (page == pages_.end()) return Perform(exchange);
    Count(fault);
    return page->second;
  }
  const twins::TwinRequest asked = exchange.asked;
  if (fault == FaultKind::kShiftedPage) {
    const Place start = *StartOf(target);
    target = WithNumber(target, start, start.number + 1);
  } else {
    const PageSize size = *PageSizeOf(exchange.asked);
    const int64_t fewer = std::min<int64_t>(3, std::max<int64_t>(1, size.place.number / 2));
    *size.text = WithNumber(*size.text, size.place, fewer);
  }
  HttpResponse response = Perform(exchange);
  exchange.asked = asked;
  return response;
}

// It is what was asked for, in part or not at all; a whole answer with a wrong content.
SimNetwork::Result SimNetwork::WrongBody(const std::string& target, HttpResponse response) {
  switch (dice_.Below(4)) {
    case 0:
      response.body.resize(response.body.size() / 2);
      break;
    case 1:
      // An empty list of a site is a whole answer: nobody could tell.
      response.body = SimWorld::DirectoryOf(target) == kSite ? "{}" : "[]";
      break;
    case 2:
      response.body = R"({"unexpected": true})";
      break;
    default:
      response.body.clear();
  }
  return response;
}

HttpResponse SimNetwork::Perform(Exchange& exchange) {
  const bool read = IsRead(exchange.asked);
  const Facts before = read ? Facts() : FactsOf(parts_.world.world());
  twins::TwinResponse answer = parts_.world.Handle(exchange.asked);
  if (!read) {
    const std::vector<Turn> turns = TurnsBetween(before, FactsOf(parts_.world.world()));
    if (!turns.empty() && trouble_[FaultKind::kStaleReads]) Count(FaultKind::kStaleReads);
    parts_.witness.NoteEffects(exchange.sent, turns);
  }
  HttpResponse response;
  response.status = answer.status;
  response.headers = std::move(answer.headers);
  response.body = std::move(answer.body);
  exchange.certain = response.status / 100 == 2;
  if (!read && response.status / 100 != 2 && response.status != 429 &&
      SimWorld::DirectoryOf(exchange.asked.target) == kSite) {
    Count(FaultKind::kSiteRefusal);
  }
  if (read && HasPageSize(exchange.asked)) {
    pages_[ListOf(exchange.asked.target)] = response;
  }
  return response;
}

}  // namespace rollcall::simulation
