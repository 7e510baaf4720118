#include "tests/twins/org_page.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/twins/json_fields.h"
#include "tests/twins/org_reply.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr int64_t kMostOfAPage = 100;

std::string PathText(const OrgCall& call) {
  return absl::StrCat("/", absl::StrJoin(call.path, "/"));
}

TwinResponse InvalidCursor(const OrgCall& call) {
  return OrgRefuse(call, {400, "ADMIN-400-1", "Bad Request", "The cursor is not valid"});
}

// What is wrong with one field's value, or "".
std::string JudgeValue(const OrgField& field, const json& value) {
  const auto admits = [&](const json& item) {
    if (!item.is_string()) return false;
    return field.values.empty() || std::find(field.values.begin(), field.values.end(),
                                             item.get<std::string>()) != field.values.end();
  };
  switch (field.kind) {
    case OrgField::Kind::kText:
      return admits(value) ? "" : "is not a text that is allowed";
    case OrgField::Kind::kFlag:
      return value.is_boolean() ? "" : "is neither true nor false";
    case OrgField::Kind::kSort: {
      const bool one = value.is_array() && value.size() == 1 && value[0].is_object();
      if (!one || !admits(value[0].value("field", json()))) return "cannot be sorted by";
      const std::string direction = TextField(value[0], "direction");
      return direction == "asc" || direction == "desc" ? "" : "has no direction";
    }
    case OrgField::Kind::kTexts:
      if (!value.is_array() || value.empty()) return "is not a list with items";
      if (value.size() > field.most) return absl::StrCat("has more than ", field.most, " items");
      return std::all_of(value.begin(), value.end(), admits) ? ""
                                                             : "has an item that is not allowed";
  }
  return "";
}

// What is wrong with the fields, or "". Takes `limit` out of them.
std::string JudgeFields(absl::Span<const OrgField> known, OrgListQuery& query) {
  const auto limit = query.fields.find("limit");
  if (limit != query.fields.end()) {
    if (!limit->is_number_integer() || *limit < 1 || *limit > kMostOfAPage) {
      return "limit is not a number from 1 to 100";
    }
    query.limit = limit->get<int64_t>();
    query.fields.erase(limit);
  }
  for (const auto& item : query.fields.items()) {
    const auto field = std::find_if(known.begin(), known.end(),
                                    [&](const OrgField& one) { return item.key() == one.name; });
    if (field == known.end()) return absl::StrCat(item.key(), " is not known here");
    const std::string wrong = JudgeValue(*field, item.value());
    if (!wrong.empty()) return absl::StrCat(item.key(), " ", wrong);
  }
  return "";
}

// The parameters of a GET, in the form of a search's body.
json FieldsOfParameters(const OrgCall& call, absl::Span<const OrgField> known) {
  json fields = json::object();
  for (const auto& [name, value] : call.target.parameters) {
    int64_t number = 0;
    fields[name] = value;
    if (name == "limit" && absl::SimpleAtoi(value, &number)) fields[name] = number;
    for (const OrgField& field : known) {
      if (name != field.name) continue;
      if (field.kind == OrgField::Kind::kTexts) fields[name] = json::array({value});
      if (field.kind == OrgField::Kind::kFlag && (value == "true" || value == "false")) {
        fields[name] = value == "true";
      }
      if (field.kind == OrgField::Kind::kSort) {
        fields[name] = json::array({{{"field", value}, {"direction", "asc"}}});
      }
    }
  }
  return fields;
}

std::string MakeCursor(const OrgCall& call, const OrgListQuery& query, const std::string& after,
                       int64_t number) {
  const json cursor = {
      {"p", PathText(call)}, {"f", query.fields}, {"l", query.limit}, {"a", after}, {"n", number}};
  return absl::WebSafeBase64Escape(cursor.dump());
}

bool ReadCursor(const OrgCall& call, absl::Span<const OrgField> known, const std::string& token,
                OrgListQuery& query) {
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text)) return false;
  const json cursor = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!cursor.is_object() || TextField(cursor, "p") != PathText(call)) return false;
  query.fields = cursor.value("f", json());
  query.limit = NumberField(cursor, "l", 0);
  query.after = TextField(cursor, "a");
  query.number = NumberField(cursor, "n", 1);
  return query.fields.is_object() && query.limit >= 1 && query.limit <= kMostOfAPage &&
         query.number >= 1 && JudgeFields(known, query).empty();
}

json LinkTo(const OrgCall& call, const std::string& cursor) {
  const bool as_url =
      call.IsV1() ? !call.Has(OrgQuirk::kV1NextToken) : call.Has(OrgQuirk::kNextUrl);
  if (!as_url) return cursor;
  return absl::StrCat(call.base_url, PathText(call), "?cursor=", PercentEncode(cursor));
}

// Which of the ids, from the page before's last row on, are on this page.
struct Slice {
  size_t first = 0;
  size_t count = 0;
  bool more = false;
};
Slice Cut(const OrgCall& call, const OrgListQuery& query, const std::vector<std::string>& ids) {
  Slice slice;
  const bool later = !query.after.empty();
  if (later && !ids.empty() && ids[0] == query.after) slice.first = 1;
  int64_t limit = query.limit;
  if (call.Has(OrgQuirk::kShortPages)) limit = std::max<int64_t>(1, limit / 2);
  if (later && call.Has(OrgQuirk::kRepeatedRows) && limit > 1) slice.first = 0;
  if (later && call.Has(OrgQuirk::kShiftedPages)) ++slice.first;
  if (query.number == 2 && call.Has(OrgQuirk::kEmptyPage)) limit = 0;
  const size_t left = ids.size() - std::min(ids.size(), slice.first);
  slice.count = std::min(left, static_cast<size_t>(limit));
  slice.more = left > slice.count;
  return slice;
}

json Links(const OrgCall& call, const OrgListQuery& query, const std::string& last, bool more) {
  json links = {{"self", LinkTo(call, MakeCursor(call, query, query.after, query.number))}};
  if (more) {
    links["next"] = LinkTo(call, MakeCursor(call, query, last, query.number + 1));
  } else if (call.Has(OrgQuirk::kNextLoops)) {
    links["next"] = links["self"];
  } else if (call.Has(OrgQuirk::kNextNull)) {
    links["next"] = nullptr;
  } else if (call.Has(OrgQuirk::kNextEmpty)) {
    links["next"] = "";
  }
  return links;
}

}  // namespace

std::string OrgListQuery::Text(const char* name) const {
  const auto found = fields.find(name);
  return found != fields.end() && found->is_string() ? found->get<std::string>() : "";
}

bool OrgListQuery::Admits(const char* name, const std::string& value) const {
  const auto found = fields.find(name);
  if (found == fields.end()) return true;
  return std::any_of(found->begin(), found->end(), [&](const json& item) {
    return absl::EqualsIgnoreCase(item.get_ref<const std::string&>(), value);
  });
}

std::optional<TwinResponse> ReadOrgQuery(const OrgCall& call, absl::Span<const OrgField> known,
                                         int64_t default_limit, OrgListQuery& query) {
  query.limit = call.options.default_page > 0 ? call.options.default_page : default_limit;
  if (call.IsGet()) {
    query.fields = FieldsOfParameters(call, known);
  } else if (!call.request.body.empty()) {
    query.fields = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
    if (!query.fields.is_object()) return OrgBadRequest(call, "The body is not a JSON object");
  }
  const auto cursor = query.fields.find("cursor");
  if (cursor != query.fields.end()) {
    if (call.Has(OrgQuirk::kCursorAlone) && query.fields.size() > 1) {
      return OrgBadRequest(call, "A cursor stands alone");
    }
    const std::string token = cursor->is_string() ? cursor->get<std::string>() : "";
    if (!ReadCursor(call, known, token, query)) return InvalidCursor(call);
  } else if (const std::string wrong = JudgeFields(known, query); !wrong.empty()) {
    return OrgBadRequest(call, wrong);
  }
  if (call.options.page_cap > 0) query.limit = std::min(query.limit, call.options.page_cap);
  return std::nullopt;
}

int64_t OrgLookAhead(const OrgListQuery& query) { return query.limit + 3; }

json OrgPageBody(const OrgCall& call, const OrgListQuery& query,
                 const std::vector<std::string>& ids,
                 const std::function<json(const std::string& id)>& render) {
  const Slice slice = Cut(call, query, ids);
  json body = {{"data", json::array()}};
  std::string last = query.after;
  for (size_t i = slice.first; i < slice.first + slice.count; ++i) {
    body["data"].push_back(render(ids[i]));
    last = ids[i];
  }
  if (slice.more || !call.Has(OrgQuirk::kLinksAbsent)) {
    body["links"] = Links(call, query, last, slice.more);
  }
  return body;
}

std::string OrgToken(const std::string& text) { return absl::WebSafeBase64Escape(text); }

}  // namespace rollcall::twins
