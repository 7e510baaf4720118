// The `google` format: the Admin SDK's {"users":[…]}, several pages after one another; groups in a
// file of their own as {"groups":[…]}, with `members`.
#ifndef CLIENTS_IDP_GOOGLE_READER_H_
#define CLIENTS_IDP_GOOGLE_READER_H_

#include "clients/idp/export_reader.h"

namespace rollcall::idp {

class GoogleReader final : public ExportReader {
 public:
  absl::string_view name() const override { return "google"; }
  absl::Status Recognise(const Shape& shape, const ReadContext& context) const override;
  absl::Status Read(json::ByteSource& source, const ReadContext& context,
                    ExportBuilder& builder) const override;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_GOOGLE_READER_H_
