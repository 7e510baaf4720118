// `PATH.sha256` beside an export: written by whoever wrote the export, it proves that the file is
// whole. Pure functions apart from reading that one file.
#ifndef CLIENTS_IDP_CHECKSUM_FILE_H_
#define CLIENTS_IDP_CHECKSUM_FILE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rollcall::idp {

// The 64 hex digits (lower case) in PATH.sha256: alone, or followed by a name, as sha256sum writes
// them. nullopt: there is no such file. INVALID_ARGUMENT: it holds something else.
absl::StatusOr<std::optional<std::string>> ReadChecksumOf(const std::string& path);

// DATA_LOSS when they differ.
absl::Status CompareChecksum(const std::string& expected, const std::string& actual);

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_CHECKSUM_FILE_H_
