#include "clients/atlassian/org_pager.h"

#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/atlassian/org_errors.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kStaleCursor[] = "ADMIN-400-1";

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// A + stays one: tokens hold no spaces, but they may be Base64.
std::string PercentDecoded(absl::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
                        HexDigit(text[i + 2]) >= 0;
    if (escape) {
      result += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

uint64_t HashOfText(absl::string_view text) { return absl::Hash<absl::string_view>()(text); }

}  // namespace

absl::StatusOr<std::string> CursorOf(absl::string_view next) {
  const bool is_url = absl::StartsWith(next, "http://") || absl::StartsWith(next, "https://") ||
                      absl::StartsWith(next, "?") ||
                      (absl::StartsWith(next, "/") && absl::StrContains(next, "cursor="));
  if (!is_url) return std::string(next);
  const size_t query = next.find('?');
  if (query != absl::string_view::npos) {
    for (absl::string_view pair : absl::StrSplit(next.substr(query + 1), '&')) {
      if (absl::ConsumePrefix(&pair, "cursor=") && !pair.empty()) return PercentDecoded(pair);
    }
  }
  return absl::DataLossError(
      absl::StrCat("`links.next` is a URL without a cursor: ", ForMessage(next, 120)));
}

// What one reading of the list has shown so far.
class OrgPager::Pass {
 public:
  bool Admit(absl::string_view id) {
    if (rows.insert(HashOfText(id)).second) return true;
    fault = absl::StrCat("the row with id ", ForMessage(id, 80), " came twice");
    return false;
  }

  absl::flat_hash_set<uint64_t> rows;
  absl::flat_hash_set<uint64_t> cursors;
  int64_t count = 0;
  std::string fault;  // why the pass is worth nothing
};

absl::Status OrgPager::Run(const OrgList& list, OrgRowReader& reader, Pass& pass,
                           const CallContext& context) {
  class Handler final : public OrgPageHandler {
   public:
    Handler(OrgRowReader& reader, Pass& pass) : OrgPageHandler(reader), pass_(pass) {}

   private:
    bool Admit(const std::string& id) override { return pass_.Admit(id); }
    Pass& pass_;
  };
  std::string cursor;
  for (int64_t page = 0; page < paging_.max_pages; ++page) {
    if (context.stopped()) return absl::CancelledError("stopped");
    OrgApi::Reply reply = list.fetch(cursor);
    if (!reply.ok()) return reply.status();
    if (!IsSuccess(reply->status)) {
      const OrgError error = ParseOrgError(*reply);
      if (cursor.empty() || error.status != 400 || error.code != kStaleCursor) {
        return OrgReadFailure(list.what, error);
      }
      pass.fault = "the server no longer knew its own cursor";
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(RequireOrgJson(list.what, *reply));
    Handler handler(reader, pass);
    const absl::Status read = ReadOrgPage(list.what, reply->body, handler);
    if (!pass.fault.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(read);
    pass.count += handler.rows();
    list.advance(pass.count);
    if (pass.count > paging_.max_rows) break;
    if (handler.next().empty()) return absl::OkStatus();
    absl::StatusOr<std::string> next = CursorOf(handler.next());
    if (!next.ok()) return Annotate(next.status(), list.what);
    cursor = *std::move(next);
    if (!pass.cursors.insert(HashOfText(cursor)).second) {
      pass.fault = "a page named a next page that had been read before";
      return absl::OkStatus();
    }
  }
  return absl::DataLossError(absl::StrCat(list.what, ": more than ", paging_.max_rows, " rows or ",
                                          paging_.max_pages, " pages came, and no end"));
}

absl::Status OrgPager::Read(const OrgList& list, OrgRowReader& reader, const CallContext& context) {
  std::string fault;
  for (int number = 1; number <= kPasses; ++number) {
    list.restart();
    // Asked first: what comes while the list is read makes it longer, never shorter.
    ASSIGN_OR_RETURN(const int64_t promised, list.promised());
    Pass pass;
    RETURN_IF_ERROR(Run(list, reader, pass, context));
    if (pass.fault.empty() && pass.count >= promised) return absl::OkStatus();
    fault = !pass.fault.empty()
                ? pass.fault
                : absl::StrCat(pass.count, " rows came where the server counts ", promised);
  }
  return absl::DataLossError(absl::StrCat(
      list.what, ": read ", kPasses, " times and never as a whole; the last time ", fault,
      "; try again when nobody changes the directory, and tell Atlassian's "
      "support if it stays"));
}

absl::Status OrgPager::Read(const std::string& what,
                            absl::FunctionRef<OrgApi::Reply(const std::string& cursor)> fetch,
                            absl::FunctionRef<void()> restart, OrgRowReader& reader,
                            const CallContext& context) {
  const auto promised = []() -> absl::StatusOr<int64_t> { return 0; };
  const auto advance = [](int64_t) {};
  return Read(OrgList{what, fetch, restart, promised, advance}, reader, context);
}

}  // namespace rollcall
