// The formats of exports. A new one is a class in a file of its own and one line in formats.cc.
#ifndef CLIENTS_IDP_FORMATS_H_
#define CLIENTS_IDP_FORMATS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/idp/export_reader.h"

namespace rollcall::idp {

// In the order in which `auto` tries them; for groups, the format of the people comes first.
std::vector<std::unique_ptr<ExportReader>> AllFormats();

// The reader of a configured format. For "auto" the first that recognises the text; when none does,
// INVALID_ARGUMENT says for each why not. Null: an empty text, and "auto".
absl::StatusOr<std::unique_ptr<ExportReader>> ChooseFormat(const std::string& format,
                                                           const Shape& shape,
                                                           const ReadContext& context);

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_FORMATS_H_
