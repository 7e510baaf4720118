#include "tests/bench/company_bytes.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rollcall {
namespace {

constexpr int64_t kMembers = 50;
constexpr int64_t kMembershipsOfAPerson = 5;

// Ids as real servers make them: in no order, 36 characters.
std::string Uuid(uint64_t kind, uint64_t n) {
  uint64_t x = (n + 1) * 0x9E3779B97F4A7C15ull ^ kind * 0xD1B54A32D192ED03ull;
  x ^= x >> 29;
  x *= 0xBF58476D1CE4E5B9ull;
  x ^= x >> 32;
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", static_cast<uint32_t>(x >> 32),
                         static_cast<uint32_t>(x >> 16) & 0xFFFF, static_cast<uint32_t>(x) & 0xFFF,
                         static_cast<uint32_t>(n) & 0xFFF, n);
}

int64_t Member(int64_t group, int64_t place, int64_t people) {
  return (group * 37 + place * 7919) % people;
}

int64_t Parameter(const std::string& target, absl::string_view name, int64_t otherwise) {
  size_t at = target.find(absl::StrCat(name, "="));
  if (at == std::string::npos) return otherwise;
  return std::strtoll(target.c_str() + at + name.size() + 1, nullptr, 10);
}

}  // namespace

CompanyBytes::CompanyBytes(int64_t count) {
  people = absl::StrCat("{\"totalResults\":", count, ",\"Resources\":[");
  for (int64_t i = 0; i < count; ++i) {
    bool leaver = i % 1000 == 17;
    leavers += leaver ? 1 : 0;
    std::string name = absl::StrFormat("given%d.family%d@example.com", i % 977, i);
    std::string common = absl::StrFormat(
        "\"userName\":\"%s\",\"name\":{\"givenName\":\"Given%d\",\"familyName\":\"Family%d\"},"
        "\"displayName\":\"Given%d Family%d\",\"emails\":[{\"value\":\"%s\",\"type\":\"work\","
        "\"primary\":true}]",
        name, i % 977, i, i % 977, i, name);
    absl::StrAppend(&people, i > 0 ? "," : "", "{\"id\":\"", Uuid(1, i), "\",", common,
                    ",\"active\":", leaver ? "false" : "true", "}");
    users.push_back(absl::StrCat(
        "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"id\":\"", Uuid(2, i),
        "\",\"externalId\":\"", Uuid(1, i), "\",", common,
        ",\"active\":true,\"groups\":[],\"meta\":{\"resourceType\":\"User\",\"created\":"
        "\"2026-01-02T03:04:05.678Z\",\"lastModified\":\"2026-01-02T03:04:05.678Z\"}}"));
  }
  people += "]}";
  int64_t group_count = std::max<int64_t>(1, count * kMembershipsOfAPerson / kMembers);
  groups = absl::StrCat("{\"totalResults\":", group_count, ",\"Resources\":[");
  for (int64_t g = 0; g < group_count; ++g) {
    std::string exported, served;
    for (int64_t m = 0; m < kMembers; ++m) {
      int64_t person = Member(g, m, count);
      absl::StrAppend(&exported, m > 0 ? "," : "", "{\"value\":\"", Uuid(1, person), "\"}");
      absl::StrAppend(&served, m > 0 ? "," : "", "{\"type\":\"User\",\"value\":\"", Uuid(2, person),
                      "\"}");
    }
    std::string name = absl::StrCat("Team ", g);
    absl::StrAppend(&groups, g > 0 ? "," : "", "{\"id\":\"", Uuid(3, g), "\",\"displayName\":\"",
                    name, "\",\"members\":[", exported, "]}");
    group_rows.push_back(absl::StrCat("{\"id\":\"", Uuid(4, g), "\",\"displayName\":\"", name,
                                      "\",\"members\":[", served, "]}"));
  }
  groups += "]}";
}

std::string CompanyBytes::Answer(const std::string& target) const {
  if (absl::StrContains(target, "/ServiceProviderConfig")) {
    return "{\"patch\":{\"supported\":true},\"filter\":{\"supported\":true,\"maxResults\":1000}}";
  }
  bool is_users = absl::StrContains(target, "/Users");
  const std::vector<std::string>& rows = is_users ? users : group_rows;
  int64_t total = static_cast<int64_t>(rows.size());
  int64_t start = std::max<int64_t>(1, Parameter(target, "startIndex", 1));
  int64_t count = std::min(Parameter(target, "count", kPage), is_users ? kPage : kGroupPage);
  int64_t end = std::min(total, start - 1 + count);
  std::string body = absl::StrCat("{\"totalResults\":", total, ",\"startIndex\":", start,
                                  ",\"itemsPerPage\":", end - start + 1, ",\"Resources\":[");
  for (int64_t i = start - 1; i < end; ++i) {
    absl::StrAppend(&body, i >= start ? "," : "", rows[static_cast<size_t>(i)]);
  }
  return body + "]}";
}

int64_t CompanyBytes::bytes() const {
  size_t sum = people.size() + groups.size();
  for (const std::string& row : users) sum += row.size() + 1;
  for (const std::string& row : group_rows) sum += row.size() + 1;
  return static_cast<int64_t>(sum);
}

absl::StatusOr<HttpResponse> MemoryTransport::Send(const HttpRequest& request, const CallContext&) {
  HttpResponse response;
  response.status = 200;
  response.headers = {{"Content-Type", "application/scim+json"}};
  response.body = company_.Answer(request.url);
  return response;
}

}  // namespace rollcall
