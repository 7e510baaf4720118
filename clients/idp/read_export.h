// ReadExport: the whole way from files, or from the output of a command, to an Export. Blocking,
// one thread a call.
//
//   ExportRequest request;
//   request.people.path = "exports/people.json";
//   request.groups.push_back({.path = "exports/groups.csv", .source = nullptr, .time = {}});
//   request.keep_attributes = {"user_type"};
//   ASSIGN_OR_RETURN(Export exported, ReadExport(std::move(request)));
//
// Every error names the file, the row or line and path, the value, and the cure:
//   NOT_FOUND         there is no such file
//   INVALID_ARGUMENT  the export cannot be decoded, is too large or contradicts itself
//   DATA_LOSS         the export was cut, or cannot be read to its end
// An export without people is not an error.
#ifndef CLIENTS_IDP_READ_EXPORT_H_
#define CLIENTS_IDP_READ_EXPORT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/idp/csv_options.h"
#include "clients/idp/status_map.h"
#include "clients/json/events.h"
#include "reconciler/plan/export.h"

namespace rollcall::idp {

struct ExportInput {
  std::string path;  // the file; or what messages call `source`: "the output of get-people"
  std::unique_ptr<json::ByteSource> source;  // null: the file is opened
  std::optional<absl::Time> time;            // of `source`; files have their own
};

struct ExportRequest {
  ExportInput people;
  std::vector<ExportInput> groups;
  std::string format = "auto";  // auto | scim | okta | entra | google | csv
  CsvOptions csv;
  StatusMap statuses;  // what a status of the IdP means, before the built-in table
  std::vector<std::string> keep_attributes;  // snake case
  bool keep_all_attributes = false;
  int64_t min_people = 0;  // fewer: the export was cut
  // After decompression, each file.
  uint64_t max_bytes = uint64_t{8} << 30;
};

absl::StatusOr<Export> ReadExport(ExportRequest request);

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_READ_EXPORT_H_
