#include "tests/support/temp_folder.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace rollcall {

TempFolder::TempFolder() {
  std::string pattern = std::filesystem::temp_directory_path() / "rollcall-test-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    std::perror("cannot make a temporary folder");
    std::abort();
  }
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace rollcall
