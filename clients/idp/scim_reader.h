// The `scim` format: ListResponse pages, a bare array, or one resource a line (see
// ScimHandler).
#ifndef CLIENTS_IDP_SCIM_READER_H_
#define CLIENTS_IDP_SCIM_READER_H_

#include "clients/idp/export_reader.h"

namespace rollcall::idp {

class ScimReader final : public ExportReader {
 public:
  absl::string_view name() const override { return "scim"; }
  absl::Status Recognise(const Shape& shape, const ReadContext& context) const override;
  absl::Status Read(json::ByteSource& source, const ReadContext& context,
                    ExportBuilder& builder) const override;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_SCIM_READER_H_
