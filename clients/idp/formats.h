// The formats that this build knows: those it reads, and those it only recognises, to say so. A new
// format is a class in a file of its own and one line in formats.cc.
#ifndef CLIENTS_IDP_FORMATS_H_
#define CLIENTS_IDP_FORMATS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/idp/export_reader.h"

namespace rollcall::idp {

// In the order in which `auto` tries them.
std::vector<std::unique_ptr<ExportReader>> AllFormats();

// The reader of a configured format. For "auto" the first that recognises the text; when none does,
// INVALID_ARGUMENT says for each why not. Null: an empty text, and "auto".
absl::StatusOr<std::unique_ptr<ExportReader>> ChooseFormat(const std::string& format,
                                                           const Shape& shape,
                                                           const ReadContext& context);

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_FORMATS_H_
