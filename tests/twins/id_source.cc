#include "tests/twins/id_source.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rollcall::twins {

std::string IdSource::Uuid() {
  const uint64_t high = NextRandom(state_);
  const uint64_t low = NextRandom(state_);
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", high >> 32, (high >> 16) & 0xffff,
                         high & 0xfff, 0x8000 | ((low >> 48) & 0x3fff), low & 0xffffffffffffULL);
}

std::string IdSource::AccountId() { return absl::StrCat("712020:", Uuid()); }

}  // namespace rollcall::twins
