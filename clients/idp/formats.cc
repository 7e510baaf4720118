#include "clients/idp/formats.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/idp/csv_reader.h"
#include "clients/idp/entra_reader.h"
#include "clients/idp/google_reader.h"
#include "clients/idp/okta_reader.h"
#include "clients/idp/scim_reader.h"
#include "clients/idp/shown.h"

namespace rollcall::idp {
namespace {

std::string NamesOf(const std::vector<std::unique_ptr<ExportReader>>& formats) {
  return absl::StrJoin(formats, ", ", [](std::string* out, const auto& format) {
    absl::StrAppend(out, format->name());
  });
}

}  // namespace

std::vector<std::unique_ptr<ExportReader>> AllFormats() {
  std::vector<std::unique_ptr<ExportReader>> formats;
  formats.push_back(std::make_unique<ScimReader>());
  formats.push_back(std::make_unique<EntraReader>());
  formats.push_back(std::make_unique<GoogleReader>());
  formats.push_back(std::make_unique<OktaReader>());
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
  std::stable_partition(formats.begin(), formats.end(),
                        [&](const auto& each) { return each->name() == context.people_format; });
  std::vector<std::string> reasons;
  for (std::unique_ptr<ExportReader>& each : formats) {
    const absl::Status recognised = each->Recognise(shape, context);
    if (recognised.ok()) return std::move(each);
    reasons.push_back(absl::StrCat(each->name(), ": ", recognised.message()));
  }
  // Where many members stand before the name of the first group, the sample does not reach it.
  const bool like_the_people =
      context.people_format != "csv" && formats.front()->name() == context.people_format;
  if (like_the_people && shape.Has("members")) return std::move(formats.front());
  if (shape.FirstHas("error")) {
    return absl::InvalidArgumentError(
        "it is an error answer (it has the key \"error\"), not an export; export again with "
        "working "
        "credentials");
  }
  return absl::InvalidArgumentError(absl::StrCat("its format cannot be told (tried ",
                                                 absl::StrJoin(reasons, "; "),
                                                 "); set export.format, or correct the export"));
}

}  // namespace rollcall::idp
