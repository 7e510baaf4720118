// PageToken: where the next page of a list begins, as an opaque text that is good for the same
// request only. Pure functions, any thread.
#ifndef AGENT_SERVICE_PAGE_TOKEN_H_
#define AGENT_SERVICE_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace rollcall {

// `request`: with the fields page_size and page_token, which do not count.
std::string MakePageToken(const google::protobuf::Message& request, int64_t place);

// The place; `first` for an empty token. INVALID_PAGE_TOKEN: it is of another request, or none.
absl::StatusOr<int64_t> ReadPageToken(const google::protobuf::Message& request, int64_t first);

// 0 means `usual`, more than `most` means `most`. INVALID_FIELD: below 0.
absl::StatusOr<int64_t> PageSizeOf(int32_t asked, int64_t usual, int64_t most);

}  // namespace rollcall

#endif  // AGENT_SERVICE_PAGE_TOKEN_H_
