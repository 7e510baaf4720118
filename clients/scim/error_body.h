// ErrorBody: a JSON handler that takes the words out of an error document, whatever its envelope.
// Internal to clients/scim. One thread, one document.
#ifndef CLIENTS_SCIM_ERROR_BODY_H_
#define CLIENTS_SCIM_ERROR_BODY_H_

#include <cstdint>
#include <string>

#include "clients/json/events.h"

namespace rollcall {

class ErrorBody final : public json::Handler {
 public:
  bool Null() override { return true; }
  bool Bool(bool) override { return true; }
  bool Number(absl::string_view) override { return true; }
  bool String(absl::string_view value) override;
  bool StartObject() override;
  bool Key(absl::string_view key) override;
  bool EndObject() override;
  bool StartArray() override;
  bool EndArray() override;

  const std::string& scim_type() const { return scim_type_; }
  const std::string& trace_id() const { return trace_id_; }
  // `detail`, else `message`, else `error`.
  const std::string& detail() const;

 private:
  enum class Field : uint8_t { kOther, kDetail, kMessage, kError, kScimType, kTraceId };
  static constexpr int kDeepest = 4;  // texts below this depth are not for people (stack traces)

  int depth_ = 0;
  Field field_ = Field::kOther;
  std::string detail_;
  std::string message_;
  std::string error_;
  std::string scim_type_;
  std::string trace_id_;
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_ERROR_BODY_H_
