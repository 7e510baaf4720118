#include "clients/scim/scim_paging.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/scim/scim_errors.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

int64_t FirstPageSize(const ServiceConfig& config, const PagingOptions& options) {
  if (options.page_size > 0) return options.page_size;
  return std::min(ScimPager::kDefaultPage, config.max_results.value_or(ScimPager::kDefaultPage));
}

bool SaysTooMany(const ServerError& error) {
  if (error.status == 413) return true;
  const bool possible = error.status == 400 || error.status == 403 || error.status == 500;
  return possible && (error.Mentions("tooMany") || error.Mentions("too many"));
}

std::string ListName(const ListTarget& target) {
  return absl::StrCat("GET /", ResourcePath(target.resource()));
}

}  // namespace

ScimPager::ScimPager(ScimApi& api, const ServiceConfig& config, const PagingOptions& options)
    : api_(api), config_(config), options_(options), page_size_(FirstPageSize(config, options)) {}

absl::Status ScimPager::Read(ListTarget& target, const CallContext& context) {
  Pass last;
  for (int number = 1; number <= kPasses; ++number) {
    Pass pass = Plan(number, last);
    target.Restart();
    RETURN_IF_ERROR(Annotate(Run(target, pass, context),
                             absl::StrCat("reading ", ResourcePath(target.resource()))));
    if (pass.done) {
      if (number > 1) {
        notes_.push_back(absl::StrCat(ResourcePath(target.resource()), " were read ", number,
                                      " times: ", last.contradiction.what));
      }
      return absl::OkStatus();
    }
    last = std::move(pass);
  }
  return GiveUp(target, last);
}

// The first pass is plain. The second sorts where the server can, since order is what most often
// goes wrong. The third, and the second where startIndex means nothing, takes one page.
ScimPager::Pass ScimPager::Plan(int number, const Pass& last) const {
  Pass pass;
  pass.count = page_size_;
  if (number == 1) return pass;
  pass.sorted = config_.sort.value_or(false);
  const bool one_page_now = number == kPasses ||
                            last.contradiction.fault == Fault::kStartIndexIgnored ||
                            last.contradiction.fault == Fault::kWrongStartIndex;
  const int64_t most = config_.max_results.value_or(kOnePageRows);
  if (one_page_now && last.total > page_size_ && last.total <= std::min(most, kOnePageRows)) {
    pass.count = last.total;
    pass.one_page = true;
  }
  return pass;
}

void ScimPager::Place(Pass& pass) {
  const int64_t read = pass.gate.unique();
  pass.overlaps = pass.last_rows > 1 && pass.count > 1;
  pass.start = pass.overlaps ? read : read + 1;
}

absl::Status ScimPager::Run(ListTarget& target, Pass& pass, const CallContext& context) {
  for (int64_t pages = 0; pages < options_.max_pages; ++pages) {
    if (context.stopped()) return absl::CancelledError("stopped");
    Place(pass);
    ASSIGN_OR_RETURN(std::optional<std::string> body, Fetch(target, pass, context));
    if (!body.has_value()) continue;
    ListPage page;
    pass.gate.BeginPage(pass.overlaps);
    absl::Status decoded = target.Decode(*body, pass.gate, page);
    if (pass.gate.fault() != RowGate::Fault::kNone) {
      pass.contradiction = FromGate(pass);
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(Annotate(decoded, absl::StrCat("the page at startIndex ", pass.start)));
    pass.contradiction = Judge(pass, page);
    if (pass.contradiction.fault != Fault::kNone) return absl::OkStatus();
    Conclude(pass, page);
    target.Advance(pass.gate.unique(), pass.total);
    if (pass.done) return absl::OkStatus();
    if (pass.gate.unique() > options_.max_rows) {
      return absl::DataLossError(
          absl::StrCat("the list has more than ", options_.max_rows, " rows, the limit"));
    }
  }
  return absl::DataLossError(absl::StrCat("the list has more than ", options_.max_pages,
                                          " pages, the limit; set a larger page_size"));
}

void ScimPager::Conclude(Pass& pass, const ListPage& page) const {
  const bool first = pass.last_rows == 0;
  pass.total = *page.total;
  pass.last_rows = pass.gate.rows_in_page();
  if (pass.gate.unique() < pass.total) return;
  // A full first page that says it is everything may be a server that counts the page instead of
  // the list: the next page tells. The page for everything was sized by what the list said before.
  const bool to_be_proven = first && pass.last_rows == pass.count && pass.last_rows > 1;
  pass.done = pass.one_page || !to_be_proven;
}

absl::StatusOr<std::optional<std::string>> ScimPager::Fetch(const ListTarget& target, Pass& pass,
                                                            const CallContext& context) {
  ScimListRequest request{target.resource(), pass.start, pass.count, pass.sorted};
  ScimApi::Reply reply = api_.List(request, context);
  const bool too_large = reply.ok() ? reply->body.size() > options_.max_body
                                    : absl::StrContains(reply.status().message(), "larger than");
  if (too_large) {
    if (Shrink(target, pass, "its pages are too large", 1)) return std::nullopt;
    return absl::DataLossError(absl::StrCat("row ", pass.start, " alone is larger than ",
                                            options_.max_body, " bytes, the limit"));
  }
  if (!reply.ok()) return reply.status();
  if (IsSuccess(reply->status)) {
    RETURN_IF_ERROR(RequireJson(ListName(target), *reply));
    return std::optional<std::string>(std::move(reply->body));
  }
  const ServerError error = ParseServerError(*reply);
  if (pass.sorted && (error.status == 400 || error.status >= 500)) {
    pass.sorted = false;
    return std::nullopt;
  }
  // A plain 400 may be about the size or about anything else: one modest try, no more.
  const bool too_many = SaysTooMany(error);
  if ((too_many || error.status == 400) &&
      Shrink(target, pass, error.ToString(), too_many ? 1 : kModestPage)) {
    return std::nullopt;
  }
  return ReadFailure(ListName(target), error);
}

bool ScimPager::Shrink(const ListTarget& target, Pass& pass, absl::string_view why, int64_t floor) {
  if (pass.one_page) {
    pass.one_page = false;
    pass.count = page_size_;
    return true;
  }
  const int64_t next = pass.count > kModestPage ? kModestPage : pass.count / 2;
  if (next < floor) return false;
  notes_.push_back(absl::StrCat("the server refuses pages of ", pass.count, " ",
                                ResourcePath(target.resource()), " (", why, "); asking for ", next,
                                " (setting page_size saves the attempts)"));
  page_size_ = pass.count = next;
  return true;
}

ScimPager::Contradiction ScimPager::FromGate(const Pass& pass) {
  const std::string& id = pass.gate.culprit();
  switch (pass.gate.fault()) {
    case RowGate::Fault::kStartIndexIgnored:
      return {Fault::kStartIndexIgnored, absl::StrCat("asked for rows from ", pass.start,
                                                      " on, it sent the first rows again")};
    case RowGate::Fault::kMoved:
      return {Fault::kMoved, absl::StrCat("row ", pass.start, " was another one a page earlier (\"",
                                          ForMessage(id, 80), "\" now)")};
    default:
      return {Fault::kRepeated,
              absl::StrCat("the row with id \"", ForMessage(id, 80), "\" came twice")};
  }
}

ScimPager::Contradiction ScimPager::Judge(const Pass& pass, const ListPage& page) {
  const int64_t rows = pass.gate.rows_in_page();
  const int64_t unique = pass.gate.unique();
  if (!page.total.has_value() || *page.total < 0) {
    return {Fault::kNoTotal, "it does not say how many rows there are (totalResults)"};
  }
  const int64_t total = *page.total;
  if (total < pass.total) {
    return {Fault::kTotalFell,
            absl::StrCat("totalResults fell from ", pass.total, " to ", total, " while reading")};
  }
  if (unique > total) {
    return {Fault::kTooManyRows,
            absl::StrCat("it says that there are ", total, " rows and sends ", unique)};
  }
  // An empty list may say 0 or 1; rows must be where they were asked for.
  if (rows > 0 && page.start_index.has_value() && *page.start_index != pass.start) {
    return {Fault::kWrongStartIndex,
            absl::StrCat("asked for rows from ", pass.start, " on, it says that they start at ",
                         *page.start_index)};
  }
  if (unique < total && pass.gate.new_in_page() == 0) {
    return {Fault::kTooFewRows, absl::StrCat("it says that there are ", total,
                                             " rows and sends none after the first ", unique)};
  }
  return {};
}

absl::Status ScimPager::GiveUp(const ListTarget& target, const Pass& pass) {
  const std::string larger =
      absl::StrCat("set page_size to more than ", std::max<int64_t>(pass.total, 1),
                   " so that one page holds everything, if the server allows that");
  std::string cure;
  switch (pass.contradiction.fault) {
    case Fault::kStartIndexIgnored:
    case Fault::kWrongStartIndex:
      cure = absl::StrCat("its paging is broken (scimmy-routers under Express 5 is known for it): ",
                          "update the server, or ", larger);
      break;
    case Fault::kMoved:
    case Fault::kRepeated:
    case Fault::kTotalFell:
      cure = absl::StrCat("rows move while they are read: read when nobody changes the directory, ",
                          "or ", larger);
      break;
    case Fault::kTooFewRows:
      cure = "try a smaller page_size, and check that the key may see every row";
      break;
    default:
      cure = "check that `url` is the base address of a SCIM 2.0 server";
      break;
  }
  return absl::DataLossError(absl::StrCat("reading ", ResourcePath(target.resource()), ": read ",
                                          kPasses, " times and never as a whole; the last time ",
                                          pass.contradiction.what, "; ", cure));
}

}  // namespace rollcall
