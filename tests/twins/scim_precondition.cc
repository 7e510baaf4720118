#include "tests/twins/scim_precondition.h"

#include "absl/strings/str_cat.h"
#include "tests/twins/scim_render.h"
#include "tests/twins/scim_reply.h"

namespace rollcall::twins {

std::optional<TwinResponse> CheckPrecondition(const ScimCall& call, int64_t version) {
  const absl::string_view given = FindTwinHeader(call.request.headers, "If-Match");
  const bool checked = call.Has(Quirk::kEtagChecked) || call.Has(Quirk::kEtagRequired);
  if (!checked) return std::nullopt;
  if (call.request.method == "DELETE" && call.Has(Quirk::kEtagDeleteIgnored)) return std::nullopt;
  if (given.empty()) {
    if (!call.Has(Quirk::kEtagRequired)) return std::nullopt;
    return ErrorReply(
        {428, "", absl::StrCat("If-Match is required. Current ETag: ", Etag(version))},
        call.options.quirks);
  }
  if (given == "*" || given == Etag(version)) return std::nullopt;
  return ErrorReply({412, "", absl::StrCat("The version is ", Etag(version), ".")},
                    call.options.quirks);
}

}  // namespace rollcall::twins
