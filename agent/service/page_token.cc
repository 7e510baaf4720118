#include "agent/service/page_token.h"

#include <google/protobuf/descriptor.h>

#include <memory>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/daemon/reasons.h"
#include "reconciler/base/fingerprint.h"

namespace rollcall {
namespace {

const google::protobuf::FieldDescriptor& FieldOf(const google::protobuf::Message& request,
                                                 const char* name) {
  return *request.GetDescriptor()->FindFieldByName(name);
}

// Of everything that decides what is listed.
std::string HashOf(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> rest(request.New());
  rest->CopyFrom(request);
  rest->GetReflection()->ClearField(rest.get(), &FieldOf(request, "page_size"));
  rest->GetReflection()->ClearField(rest.get(), &FieldOf(request, "page_token"));
  return Sha256Hex(
             absl::StrCat(request.GetDescriptor()->full_name(), "\n", rest->SerializeAsString()))
      .substr(0, 16);
}

}  // namespace

std::string MakePageToken(const google::protobuf::Message& request, int64_t place) {
  return absl::WebSafeBase64Escape(absl::StrCat("1 ", place, " ", HashOf(request)));
}

absl::StatusOr<int64_t> ReadPageToken(const google::protobuf::Message& request, int64_t first) {
  const std::string token =
      request.GetReflection()->GetString(request, &FieldOf(request, "page_token"));
  if (token.empty()) return first;
  std::string plain;
  int64_t place = 0;
  if (absl::WebSafeBase64Unescape(token, &plain)) {
    const std::vector<std::string> parts = absl::StrSplit(plain, ' ');
    if (parts.size() == 3 && parts[0] == "1" && absl::SimpleAtoi(parts[1], &place) && place >= 0 &&
        parts[2] == HashOf(request)) {
      return place;
    }
  }
  return WithReason(v1::INVALID_PAGE_TOKEN,
                    absl::InvalidArgumentError(
                        "page_token is not one that this service gave for this request; begin "
                        "with an empty one"));
}

absl::StatusOr<int64_t> PageSizeOf(int32_t asked, int64_t usual, int64_t most) {
  if (asked < 0) {
    return WithReason(v1::INVALID_FIELD,
                      absl::InvalidArgumentError(absl::StrCat(
                          "page_size is ", asked, "; leave it out, or give 1 to ", most)));
  }
  return asked == 0 ? usual : std::min<int64_t>(asked, most);
}

}  // namespace rollcall
