#include "clients/idp/scim_reader.h"

#include "absl/strings/match.h"
#include "clients/idp/scim_handler.h"
#include "clients/json/stream.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::idp {

absl::Status ScimReader::Recognise(const Shape& shape, const ReadContext&) const {
  if (!shape.is_json()) return absl::InvalidArgumentError("it does not begin with { or [");
  if (absl::StrContains(shape.schemas, "urn:ietf:params:scim:") || shape.FirstHas("Resources") ||
      shape.Has("userName")) {
    return absl::OkStatus();
  }
  const bool group = shape.Has("displayName") && shape.Has("members");
  if (group && !shape.RootHas("value")) return absl::OkStatus();
  const bool empty_list = shape.root == Shape::Root::kArray && shape.record_keys.empty();
  if (empty_list) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "there is neither \"Resources\" nor \"schemas\" nor \"userName\" in its first object");
}

absl::Status ScimReader::Read(json::ByteSource& source, const ReadContext& context,
                              ExportBuilder& builder) const {
  ScimHandler handler(context.part, builder);
  RETURN_IF_ERROR(json::ParseStream(source, handler, json::Documents::kMany));
  return handler.Finish();
}

}  // namespace rollcall::idp
