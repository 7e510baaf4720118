#include "clients/crowd/crowd_lister.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

uint64_t HashOfName(const std::string& name) { return absl::Hash<std::string>{}(Fold(name)); }

// All names of the one are in the other.
template <typename Set>
bool IsIn(const Set& some, const Set& all) {
  return std::all_of(some.begin(), some.end(), [&](uint64_t name) { return all.contains(name); });
}

std::string CallName(CrowdEntity entity) {
  return absl::StrCat("GET /search (", EntityName(entity), "s)");
}

// Too much for one answer, or more than the server wants to give at once.
bool IsTooMuch(const absl::Status& status) {
  return status.code() == absl::StatusCode::kDataLoss ||
         status.code() == absl::StatusCode::kDeadlineExceeded ||
         status.code() == absl::StatusCode::kUnknown;
}

}  // namespace

absl::Status CrowdLister::Read(CrowdEntity entity, CrowdRowTarget& target,
                               const CallContext& context) {
  Pass pass;
  pass.entity = entity;
  for (int number = 1;; ++number) {
    RETURN_IF_ERROR(RunPass(pass, target, context));
    if (pass.twice.empty() && pass.rows != pass.look) {
      // Somebody may have come or gone since the first look.
      RETURN_IF_ERROR(Look(pass, context));
    }
    if (pass.twice.empty() && pass.rows == pass.look) {
      gives_all_ = at_once_ && pass.way != Way::kPagesTwice;
      return absl::OkStatus();
    }
    if (number == kPasses) break;
    pass.way = NextWay(pass);
    notes_.push_back(absl::StrCat(CallName(entity), ": ", pass.rows.size(), " in pages and ",
                                  pass.look.size(), " at once do not agree; it was read again"));
  }
  return absl::DataLossError(absl::StrCat(
      CallName(entity), ": read ", kPasses, " times, and each time ",
      pass.twice.empty()
          ? absl::StrCat(pass.rows.size(), " came page by page and ", pass.look.size(), " at once")
          : absl::StrCat("\"", ForMessage(pass.twice, 80), "\" came twice"),
      "; somebody changes many of them right now (try again later), or this version of Crowd loses "
      "rows between pages (set `page_size` above their number)"));
}

CrowdLister::Way CrowdLister::NextWay(const Pass& pass) const {
  if (!at_once_) return Way::kPagesTwice;
  const bool pages_are_short = !pass.twice.empty() || !IsIn(pass.look, pass.rows);
  if (!pages_are_short) return Way::kPagesTwice;
  const bool fits = static_cast<int64_t>(pass.look.size()) <= kOneAnswerRows;
  return fits ? Way::kOneAnswer : pass.way;
}

absl::Status CrowdLister::RunPass(Pass& pass, CrowdRowTarget& target, const CallContext& context) {
  pass.twice.clear();
  RETURN_IF_ERROR(Look(pass, context));
  pass.rows.clear();
  target.Restart();
  return ReadRows(pass, target, context);
}

absl::Status CrowdLister::Look(Pass& pass, const CallContext& context) {
  pass.look.clear();
  if (at_once_ && pass.way != Way::kPagesTwice) {
    bool refused = false;
    RETURN_IF_ERROR(LookAtOnce(pass, refused, context));
    if (!refused) return absl::OkStatus();
    at_once_ = false;
    pass.look.clear();
  }
  return LookByPages(pass, context);
}

absl::Status CrowdLister::LookAtOnce(Pass& pass, bool& refused, const CallContext& context) {
  const CrowdSearch search = {pass.entity, 0, CrowdSearch::kAll, false};
  const auto sink = [&](const CrowdRow& row) {
    pass.look.insert(HashOfName(row.name));
    return absl::OkStatus();
  };
  const absl::StatusOr<int64_t> rows = Fetch(search, sink, context);
  refused = !rows.ok() && IsTooMuch(rows.status());
  return refused ? absl::OkStatus() : rows.status();
}

absl::Status CrowdLister::LookByPages(Pass& pass, const CallContext& context) {
  int64_t start = 0;
  for (int64_t page = 0; page < paging_.max_pages; ++page) {
    const size_t before = pass.look.size();
    const CrowdSearch search = {pass.entity, start, paging_.page_size, false};
    const auto sink = [&](const CrowdRow& row) {
      pass.look.insert(HashOfName(row.name));
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(const int64_t rows, Fetch(search, sink, context));
    // Nothing new: the server does not know where it is. The rows will not agree, and say so.
    if (rows == 0 || pass.look.size() == before) return absl::OkStatus();
    RETURN_IF_ERROR(CheckRows(pass.entity, pass.look.size()));
    start += rows;
  }
  return CheckRows(pass.entity, SIZE_MAX);
}

absl::Status CrowdLister::ReadRows(Pass& pass, CrowdRowTarget& target, const CallContext& context) {
  const bool at_once = pass.way == Way::kOneAnswer;
  const auto sink = [&](const CrowdRow& row) {
    if (!pass.rows.insert(HashOfName(row.name)).second) {
      pass.twice = row.name;
      return absl::CancelledError("");
    }
    return target.Take(row);
  };
  int64_t start = 0;
  for (int64_t page = 0; page < paging_.max_pages; ++page) {
    const CrowdSearch search = {pass.entity, start, at_once ? CrowdSearch::kAll : paging_.page_size,
                                true};
    const absl::StatusOr<int64_t> rows = Fetch(search, sink, context);
    if (!pass.twice.empty()) return absl::OkStatus();
    if (!rows.ok()) return rows.status();
    const int64_t total = static_cast<int64_t>(std::max(pass.look.size(), pass.rows.size()));
    target.Advance(static_cast<int64_t>(pass.rows.size()), total);
    if (*rows == 0 || at_once) return absl::OkStatus();
    RETURN_IF_ERROR(CheckRows(pass.entity, pass.rows.size()));
    start += *rows;
  }
  return CheckRows(pass.entity, SIZE_MAX);
}

absl::StatusOr<int64_t> CrowdLister::Fetch(const CrowdSearch& search,
                                           absl::FunctionRef<absl::Status(const CrowdRow&)> sink,
                                           const CallContext& context) {
  if (context.stopped()) return absl::CancelledError("stopped");
  CrowdApi::Reply reply = api_.Search(search, context);
  if (!reply.ok()) return reply.status();
  const std::string what = CallName(search.entity);
  if (!IsSuccess(reply->status)) return CrowdReadFailure(what, ParseCrowdError(*reply));
  RETURN_IF_ERROR(RequireCrowdJson(what, *reply));
  int64_t rows = 0;
  RETURN_IF_ERROR(DecodeCrowdList(what, search.entity, reply->body, [&](const CrowdRow& row) {
    ++rows;
    return sink(row);
  }));
  return rows;
}

absl::Status CrowdLister::CheckRows(CrowdEntity entity, size_t rows) const {
  if (rows <= static_cast<size_t>(paging_.max_rows)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(CallName(entity), ": more than ", paging_.max_rows,
                                          " rows or ", paging_.max_pages,
                                          " pages came, and no end; that is no directory"));
}

}  // namespace rollcall
