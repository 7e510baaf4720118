// The `csv` format: people with a header row, or memberships as `group,member`.
#ifndef CLIENTS_IDP_CSV_READER_H_
#define CLIENTS_IDP_CSV_READER_H_

#include "clients/idp/export_reader.h"

namespace rollcall::idp {

class CsvReader final : public ExportReader {
 public:
  absl::string_view name() const override { return "csv"; }
  absl::Status Recognise(const Shape& shape, const ReadContext& context) const override;
  absl::Status Read(json::ByteSource& source, const ReadContext& context,
                    ExportBuilder& builder) const override;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_CSV_READER_H_
