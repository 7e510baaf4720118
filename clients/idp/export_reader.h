// ExportReader: one export format. A format is one class in a file of its own, made in formats.cc:
// it says from a sample whether a text is its own, and reads the text into an ExportBuilder.
// Objects are stateless and safe from any thread; Read runs on one.
#ifndef CLIENTS_IDP_EXPORT_READER_H_
#define CLIENTS_IDP_EXPORT_READER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/idp/csv_options.h"
#include "clients/idp/shape.h"
#include "clients/idp/status_map.h"
#include "clients/json/events.h"
#include "reconciler/plan/export_builder.h"

namespace rollcall::idp {

// What the file was configured as: `export.people` or `export.groups`.
enum class Part : uint8_t { kPeople, kGroups };

struct ReadContext {
  Part part = Part::kPeople;
  CsvOptions csv;
  StatusMap statuses;
  // The format of the people, while the groups are read: theirs is most likely the same.
  std::string people_format;
};

class ExportReader {
 public:
  virtual ~ExportReader() = default;

  // As in `export.format`: "scim".
  virtual absl::string_view name() const = 0;

  // OK when the text is evidently of this format; else INVALID_ARGUMENT with the reason.
  virtual absl::Status Recognise(const Shape& shape, const ReadContext& context) const = 0;

  // Reads to the end of `source`: UTF-8 without a byte order mark. Messages name row or line and
  // path, the value and the cure, not the file.
  //   INVALID_ARGUMENT  not what the format says, a missing or contradictory field
  //   DATA_LOSS         the export was cut
  virtual absl::Status Read(json::ByteSource& source, const ReadContext& context,
                            ExportBuilder& builder) const = 0;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_EXPORT_READER_H_
