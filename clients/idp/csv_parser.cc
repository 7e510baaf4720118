#include "clients/idp/csv_parser.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::idp {
namespace {

constexpr size_t kPull = 64 * 1024;

}  // namespace

CsvParser::CsvParser(json::ByteSource& source, char separator)
    : source_(source), separator_(separator), buffer_(std::make_unique<char[]>(kPull)) {}

std::string CsvParser::RowName() const {
  if (row_line_ == row_) return absl::StrCat("row ", row_);
  return absl::StrCat("row ", row_, " (line ", row_line_, ")");
}

absl::Status CsvParser::AtRow(absl::string_view message) const {
  return absl::InvalidArgumentError(absl::StrCat(RowName(), ": ", message));
}

absl::StatusOr<bool> CsvParser::More() {
  if (at_ < end_) return true;
  if (ended_) return false;
  ASSIGN_OR_RETURN(size_t n, source_.Read(buffer_.get(), kPull));
  ended_ = n == 0;
  at_ = buffer_.get();
  end_ = at_ + n;
  return n > 0;
}

absl::Status CsvParser::Append(const char* from, const char* to) {
  if (text_.size() + static_cast<size_t>(to - from) > kMaxRow) {
    return AtRow(absl::StrCat("is longer than ", kMaxRow,
                              " bytes; is a quote missing, or is this no CSV file?"));
  }
  text_.append(from, to);
  return absl::OkStatus();
}

absl::Status CsvParser::EndField() {
  if (ends_.size() >= kMaxFields) {
    return AtRow(absl::StrCat("has more than ", kMaxFields, " fields"));
  }
  ends_.push_back(text_.size());
  return absl::OkStatus();
}

// After the opening quote, to behind the closing one.
absl::Status CsvParser::ReadQuoted() {
  for (;;) {
    ASSIGN_OR_RETURN(bool more, More());
    if (!more) return AtRow("a quote that opens here never closes; was the file cut?");
    const char* stop = std::find(at_, end_, '"');
    line_ += static_cast<uint64_t>(std::count(at_, stop, '\n'));
    RETURN_IF_ERROR(Append(at_, stop));
    at_ = stop;
    if (stop == end_) continue;
    ++at_;
    ASSIGN_OR_RETURN(more, More());
    if (!more || *at_ != '"') return absl::OkStatus();
    RETURN_IF_ERROR(Append(at_, at_ + 1));
    ++at_;
  }
}

// To the separator or the row's end, which stays.
absl::Status CsvParser::ReadPlain() {
  for (;;) {
    ASSIGN_OR_RETURN(bool more, More());
    if (!more) return absl::OkStatus();
    const char separator = separator_;
    const char* stop = std::find_if(
        at_, end_, [separator](char c) { return c == separator || c == '\n' || c == '\r'; });
    RETURN_IF_ERROR(Append(at_, stop));
    at_ = stop;
    if (stop != end_) return absl::OkStatus();
  }
}

absl::StatusOr<bool> CsvParser::ReadRow() {
  text_.clear();
  ends_.clear();
  row_line_ = line_;
  ASSIGN_OR_RETURN(bool more, More());
  if (!more) return false;
  for (;;) {
    if (more && *at_ == '"') {
      ++at_;
      RETURN_IF_ERROR(ReadQuoted());
      ASSIGN_OR_RETURN(more, More());
      if (more && *at_ != separator_ && *at_ != '\n' && *at_ != '\r') {
        return AtRow(
            "text follows a closing quote; a quote inside a quoted field is written twice");
      }
    } else {
      RETURN_IF_ERROR(ReadPlain());
      ASSIGN_OR_RETURN(more, More());
    }
    RETURN_IF_ERROR(EndField());
    if (!more) return true;
    const char c = *at_++;
    if (c == separator_) {
      ASSIGN_OR_RETURN(more, More());
      continue;
    }
    ++line_;
    after_cr_ = c == '\r';
    return true;
  }
}

void CsvParser::MakeFields() {
  fields_.clear();
  size_t begin = 0;
  for (size_t end : ends_) {
    fields_.push_back(absl::string_view(text_).substr(begin, end - begin));
    begin = end;
  }
}

absl::StatusOr<bool> CsvParser::Next() {
  for (;;) {
    ASSIGN_OR_RETURN(bool more, More());
    if (after_cr_ && more && *at_ == '\n') ++at_;
    after_cr_ = false;
    ++row_;
    ASSIGN_OR_RETURN(bool found, ReadRow());
    if (!found) return false;
    if (ends_.size() > 1 || !text_.empty()) break;
  }
  MakeFields();
  return true;
}

}  // namespace rollcall::idp
