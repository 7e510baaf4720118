#include "clients/idp/formats.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/idp/csv_reader.h"
#include "clients/idp/scim_reader.h"
#include "clients/idp/shown.h"
#include "clients/idp/unread_format.h"

namespace rollcall::idp {
namespace {

using KeySets = std::vector<std::vector<std::string>>;

std::string NamesOf(const std::vector<std::unique_ptr<ExportReader>>& formats) {
  return absl::StrJoin(formats, ", ", [](std::string* out, const auto& format) {
    absl::StrAppend(out, format->name());
  });
}

}  // namespace

std::vector<std::unique_ptr<ExportReader>> AllFormats() {
  std::vector<std::unique_ptr<ExportReader>> formats;
  formats.push_back(std::make_unique<ScimReader>());
  formats.push_back(std::make_unique<UnreadFormat>(
      "entra", KeySets{{"@odata.context"}, {"@odata.nextLink"}, {"userPrincipalName"}}));
  formats.push_back(std::make_unique<UnreadFormat>(
      "google", KeySets{{"primaryEmail"}, {"kind", "etag"}, {"kind", "users"}}));
  formats.push_back(std::make_unique<UnreadFormat>(
      "okta", KeySets{{"profile", "status"}, {"profile", "id"}, {"profile", "members"}}));
  formats.push_back(std::make_unique<CsvReader>());
  return formats;
}

absl::StatusOr<std::unique_ptr<ExportReader>> ChooseFormat(const std::string& format,
                                                           const Shape& shape,
                                                           const ReadContext& context) {
  std::vector<std::unique_ptr<ExportReader>> formats = AllFormats();
  if (format != "auto" && !format.empty()) {
    for (std::unique_ptr<ExportReader>& each : formats) {
      if (each->name() == format) return std::move(each);
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "the format ", Shown(format), " is unknown; known are auto, ", NamesOf(formats)));
  }
  if (shape.root == Shape::Root::kNothing) return std::unique_ptr<ExportReader>();
  std::vector<std::string> reasons;
  for (std::unique_ptr<ExportReader>& each : formats) {
    const absl::Status recognised = each->Recognise(shape, context);
    if (recognised.ok()) return std::move(each);
    reasons.push_back(absl::StrCat(each->name(), ": ", recognised.message()));
  }
  return absl::InvalidArgumentError(absl::StrCat("its format cannot be told (tried ",
                                                 absl::StrJoin(reasons, "; "),
                                                 "); set export.format, or correct the export"));
}

}  // namespace rollcall::idp
