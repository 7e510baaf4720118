// Reading a fault script from its file.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/twins/fault_script.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

// Most rules of a script; a longer one is a mistake.
constexpr size_t kMaxRules = 10'000;

absl::Status Wrong(absl::string_view what) { return absl::InvalidArgumentError(what); }

// Reads the keys of one object and notices those that nobody asked for.
class Keys {
 public:
  explicit Keys(const json& object) : object_(object) {}

  std::string Text(const char* key) { return Typed(key, &json::is_string, std::string()); }
  int64_t Number(const char* key, int64_t fallback) {
    const auto number = Typed(key, &json::is_number_integer, fallback);
    if (number < 0) wrong_.push_back(key);
    return number;
  }
  bool Flag(const char* key) { return Typed(key, &json::is_boolean, false); }
  json Any(const char* key) {
    seen_.push_back(key);
    return object_.contains(key) ? object_[key] : json();
  }
  bool Has(const char* key) const { return object_.contains(key); }

  absl::Status Judge() const {
    std::vector<std::string> wrong = wrong_;
    for (const auto& item : object_.items()) {
      if (std::find(seen_.begin(), seen_.end(), item.key()) == seen_.end()) {
        wrong.push_back(item.key());
      }
    }
    if (wrong.empty()) return absl::OkStatus();
    return Wrong(absl::StrCat("unknown or of a wrong type: ", absl::StrJoin(wrong, ", ")));
  }

 private:
  template <typename T>
  T Typed(const char* key, bool (json::*is_type)() const noexcept, T fallback) {
    seen_.push_back(key);
    if (!object_.contains(key)) return fallback;
    const json& value = object_[key];
    if (!(value.*is_type)()) {
      wrong_.push_back(key);
      return fallback;
    }
    return value.get<T>();
  }

  const json& object_;
  std::vector<std::string> seen_;
  std::vector<std::string> wrong_;
};

void ReadAnswer(Keys& keys, FaultEffect& effect) {
  const bool html = keys.Flag("html");
  const bool empty = keys.Flag("empty_200");
  const json body = keys.Any("body");
  effect.applied = keys.Flag("applied");
  effect.status = static_cast<int>(keys.Number("status", 200));
  if (html || empty || keys.Has("status") || !body.is_null()) {
    effect.kind = FaultEffect::Kind::kAnswer;
  }
  effect.body = body.is_string() ? body.get<std::string>() : body.is_null() ? "" : body.dump();
  if (html) {
    effect.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
    effect.body = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>\n";
  } else if (!effect.body.empty()) {
    effect.headers.emplace_back("Content-Type", "application/scim+json");
  }
}

absl::StatusOr<FaultEffect> ReadEffect(const json& object) {
  if (!object.is_object() || object.empty()) return Wrong("effect must be an object with a key");
  FaultEffect effect;
  Keys keys(object);
  ReadAnswer(keys, effect);
  const json headers = keys.Any("headers");
  if (headers.is_object()) {
    for (const auto& item : headers.items()) {
      if (!item.value().is_string()) return Wrong("headers must have strings for values");
      effect.headers.emplace_back(item.key(), item.value().get<std::string>());
    }
  } else if (!headers.is_null()) {
    return Wrong("headers must be an object");
  }
  if (keys.Has("retry_after")) effect.retry_after = absl::Seconds(keys.Number("retry_after", 1));
  keys.Any("retry_after");
  const std::string style = keys.Text("retry_style");
  if (!style.empty()) {
    const std::optional<RetryStyle> found = FindRetryStyle(style);
    if (!found.has_value()) return Wrong(absl::StrCat("retry_style ", style, " is unknown"));
    effect.retry_style = *found;
  }
  if (keys.Flag("drop_before")) effect.kind = FaultEffect::Kind::kDropBefore;
  if (keys.Flag("drop_after")) effect.kind = FaultEffect::Kind::kDropAfter;
  if (keys.Flag("noop")) effect.kind = FaultEffect::Kind::kNoop;
  if (keys.Has("cut_body")) effect.kind = FaultEffect::Kind::kCutBody;
  effect.cut_after = static_cast<size_t>(keys.Number("cut_body", 0));
  effect.content_type = keys.Text("content_type");
  effect.delay = absl::Milliseconds(keys.Number("delay_ms", 0));
  if (absl::Status status = keys.Judge(); !status.ok()) return status;
  return effect;
}

absl::StatusOr<FaultRule> ReadRule(const json& object) {
  if (!object.is_object()) return Wrong("is not an object");
  FaultRule rule;
  Keys keys(object);
  rule.name = keys.Text("name");
  const json match = keys.Any("match");
  if (match.is_object()) {
    Keys parts(match);
    rule.method = parts.Text("method");
    if (parts.Has("path")) rule.path = parts.Text("path");
    parts.Any("path");
    rule.query = parts.Text("query");
    if (absl::Status status = parts.Judge(); !status.ok()) return status;
  } else if (!match.is_null()) {
    return Wrong("match must be an object");
  }
  rule.nth = keys.Number("nth", 1);
  rule.every = keys.Number("every", 0);
  rule.times = keys.Number("times", rule.every > 0 ? 0 : 1);
  absl::StatusOr<FaultEffect> effect = ReadEffect(keys.Any("effect"));
  if (!effect.ok()) return effect.status();
  rule.effect = *std::move(effect);
  if (absl::Status status = keys.Judge(); !status.ok()) return status;
  return rule;
}

}  // namespace

absl::StatusOr<FaultScript> FaultScript::Parse(absl::string_view text) {
  const json parsed = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object() || parsed.size() != 1 || !parsed.contains("faults") ||
      !parsed["faults"].is_array()) {
    return Wrong("a fault script is one JSON object: {\"faults\": [...]}");
  }
  if (parsed["faults"].size() > kMaxRules) {
    return Wrong(absl::StrCat("a fault script has at most ", kMaxRules, " rules"));
  }
  FaultScript script;
  size_t number = 0;
  for (const json& item : parsed["faults"]) {
    ++number;
    absl::StatusOr<FaultRule> rule = ReadRule(item);
    if (!rule.ok()) return Wrong(absl::StrCat("fault ", number, ": ", rule.status().message()));
    script.Add(*std::move(rule));
  }
  return script;
}

}  // namespace rollcall::twins
