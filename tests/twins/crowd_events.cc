// /event: what has changed since a token, for incremental synchronisation.
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/twins/crowd_endpoints.h"
#include "tests/twins/crowd_reply.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

json TokenAnswer(const CrowdCall& call) {
  const CrowdMemory& memory = call.memory;
  const int64_t next = memory.first_event + static_cast<int64_t>(memory.events.size());
  return {{"newEventToken", absl::StrCat(memory.event_source, ":", next)},
          {"incrementalSynchronisationAvailable", !call.Has(CrowdQuirk::kEventsUnavailable)}};
}

json ShownEntity(const CrowdCall& call, absl::string_view entity, const std::string& name) {
  const CrowdView view = call.Current();
  const std::optional<CrowdView::User> user = view.UserOf(name);
  if (entity == "user" && call.Has(CrowdQuirk::kEventsWhole) && user.has_value()) {
    return RenderCrowdUser(call, view, *user, CrowdShown::kWithAttributes);
  }
  return {{"name", name}};
}

// One list of all, or one for each kind of event.
void AddEvent(const CrowdCall& call, json event, json& answer) {
  if (!call.Has(CrowdQuirk::kEventsByKind)) {
    answer["events"].push_back(std::move(event));
    return;
  }
  const std::string type = event["type"];
  event.erase("type");
  answer[type].push_back(std::move(event));
}

}  // namespace

void RecordCrowdEvent(const CrowdCall& call, json event) {
  CrowdMemory& memory = call.memory;
  memory.events.push_back(std::move(event));
  while (static_cast<int64_t>(memory.events.size()) > call.options.event_limit) {
    memory.events.pop_front();
    ++memory.first_event;
  }
}

void RecordCrowdEntity(const CrowdCall& call, const char* entity, const std::string& name,
                       const char* operation) {
  const json event = {{"type", absl::StrCat(entity, "Event")},
                      {"operation", operation},
                      {entity, ShownEntity(call, entity, name)}};
  RecordCrowdEvent(call, event);
  const bool user = absl::string_view(entity) == "user";
  if (user && call.Has(CrowdQuirk::kEventsTwice)) RecordCrowdEvent(call, event);
}

TwinResponse HandleCrowdEvents(const CrowdCall& call) {
  if (call.Has(CrowdQuirk::kEventsMissing) || call.path.size() > 2) {
    return CrowdNoSuchEndpoint(call);
  }
  if (!call.IsGet()) return CrowdNoSuchMethod(call);
  if (call.format == CrowdFormat::kJson && call.Has(CrowdQuirk::kEventsXmlOnly)) {
    return CrowdFrameworkError(call.options, 406, "Not Acceptable");
  }
  json answer = TokenAnswer(call);
  if (call.path.size() == 1) return CrowdAnswer(call, 200, "events", answer);
  if (call.Has(CrowdQuirk::kEventsUnavailable)) {
    return CrowdRefusal(call, 400, "INCREMENTAL_SYNC_NOT_AVAILABLE",
                        "Incremental synchronisation is not available");
  }
  const std::pair<std::string, std::string> token =
      absl::StrSplit(call.path[1], absl::MaxSplits(':', 1));
  const CrowdMemory& memory = call.memory;
  int64_t from = -1;
  const auto end = memory.first_event + static_cast<int64_t>(memory.events.size());
  if (token.first != memory.event_source || !absl::SimpleAtoi(token.second, &from) ||
      from < memory.first_event || from > end) {
    return CrowdRefusal(call, 410, "EVENT_TOKEN_EXPIRED", "The token has expired");
  }
  if (!call.Has(CrowdQuirk::kEventsByKind)) answer["events"] = json::array();
  for (int64_t i = from; i < end; ++i) {
    AddEvent(call, memory.events[static_cast<size_t>(i - memory.first_event)], answer);
  }
  return CrowdAnswer(call, 200, "events", answer);
}

}  // namespace rollcall::twins
