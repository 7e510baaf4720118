// The `entra` format: Microsoft Graph's {"value":[…]}, several pages after one another, or a bare
// array; groups in a file of their own, with `members`. A group that may have been cut at the 20
// members that $expand=members returns is held against removals.
#ifndef CLIENTS_IDP_ENTRA_READER_H_
#define CLIENTS_IDP_ENTRA_READER_H_

#include "clients/idp/export_reader.h"

namespace rollcall::idp {

class EntraReader final : public ExportReader {
 public:
  absl::string_view name() const override { return "entra"; }
  absl::Status Recognise(const Shape& shape, const ReadContext& context) const override;
  absl::Status Read(json::ByteSource& source, const ReadContext& context,
                    ExportBuilder& builder) const override;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_ENTRA_READER_H_
