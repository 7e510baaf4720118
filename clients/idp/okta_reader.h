// The `okta` format: an array of users from /api/v1/users, or one user a line; groups in a file of
// their own, each with its name in `profile.name` and its people in `members` or
// `_embedded.users`.
#ifndef CLIENTS_IDP_OKTA_READER_H_
#define CLIENTS_IDP_OKTA_READER_H_

#include "clients/idp/export_reader.h"

namespace rollcall::idp {

class OktaReader final : public ExportReader {
 public:
  absl::string_view name() const override { return "okta"; }
  absl::Status Recognise(const Shape& shape, const ReadContext& context) const override;
  absl::Status Read(json::ByteSource& source, const ReadContext& context,
                    ExportBuilder& builder) const override;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_OKTA_READER_H_
