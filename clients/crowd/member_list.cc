#include "clients/crowd/member_list.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::Status ReadCrowdMembers(CrowdApi& api, const std::string& group, bool at_once,
                              absl::FunctionRef<absl::Status(const CrowdRow&)> sink,
                              const CallContext& context) {
  const std::string what = absl::StrCat("the members of group ", ForMessage(group, 80));
  absl::flat_hash_set<std::string> names;
  int64_t start = 0;
  for (int64_t page = 0; page < kMaxMemberPages; ++page) {
    if (context.stopped()) return absl::CancelledError("stopped");
    CrowdApi::Reply reply = api.GetMembers(group, start, context);
    if (!reply.ok()) return reply.status();
    if (!IsSuccess(reply->status)) return CrowdReadFailure(what, ParseCrowdError(*reply));
    RETURN_IF_ERROR(RequireCrowdJson(what, *reply));
    int64_t rows = 0;
    const auto take = [&](const CrowdRow& row) {
      ++rows;
      if (names.insert(Fold(row.name)).second) return sink(row);
      return absl::DataLossError(
          absl::StrCat("user ", ForMessage(row.name, 80), " comes twice; read it again later"));
    };
    RETURN_IF_ERROR(DecodeCrowdList(what, CrowdEntity::kUser, reply->body, take));
    if (rows == 0 || at_once) return absl::OkStatus();
    start += rows;
  }
  return absl::DataLossError(absl::StrCat(what, ": ", kMaxMemberPages, " pages and no end"));
}

}  // namespace rollcall
