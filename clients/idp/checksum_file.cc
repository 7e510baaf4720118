#include "clients/idp/checksum_file.h"

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/idp/file_source.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::idp {
namespace {

constexpr size_t kMaxBytes = 4096;  // of a checksum file; it needs 65
constexpr size_t kDigits = 64;

}  // namespace

absl::StatusOr<std::optional<std::string>> ReadChecksumOf(const std::string& path) {
  absl::StatusOr<std::unique_ptr<FileSource>> file = FileSource::Open(path + ".sha256");
  if (absl::IsNotFound(file.status())) return std::optional<std::string>();
  if (!file.ok()) return Annotate(file.status(), path + ".sha256");
  std::string text(kMaxBytes, '\0');
  size_t length = 0;
  while (length < text.size()) {
    ASSIGN_OR_RETURN(size_t n, (*file)->Read(text.data() + length, text.size() - length));
    if (n == 0) break;
    length += n;
  }
  text.resize(length);
  const std::string digits = absl::AsciiStrToLower(text.substr(0, kDigits));
  const bool ends =
      text.size() == kDigits || (text.size() > kDigits && absl::ascii_isspace(text[kDigits]));
  if (digits.size() < kDigits || !ends ||
      !std::all_of(digits.begin(), digits.end(), [](char c) { return absl::ascii_isxdigit(c); })) {
    return absl::InvalidArgumentError(
        absl::StrCat(path,
                     ".sha256: holds no SHA-256 (64 hex digits, as sha256sum writes them); "
                     "write it again or remove it"));
  }
  return std::optional<std::string>(digits);
}

absl::Status CompareChecksum(const std::string& expected, const std::string& actual) {
  if (expected == actual) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("its SHA-256 is ", actual,
                                          ", but the .sha256 beside it says ", expected,
                                          ": it was cut or changed; copy it again"));
}

}  // namespace rollcall::idp
