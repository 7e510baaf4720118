// CsvParser: RFC 4180 from a pull stream, row by row: quoted fields, doubled quotes, line breaks in
// quotes; rows end with CRLF, LF or CR. Quotes inside an unquoted field are part of it. Blank lines
// are left out and counted. One thread.
//   INVALID_ARGUMENT  a quote that never ends (with the row where it began), text after a closing
//                     quote, a row longer than kMaxRow bytes or with more than kMaxFields fields
#ifndef CLIENTS_IDP_CSV_PARSER_H_
#define CLIENTS_IDP_CSV_PARSER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/json/events.h"

namespace rollcall::idp {

class CsvParser {
 public:
  static constexpr size_t kMaxRow = 16 << 20;
  static constexpr size_t kMaxFields = 2000;

  CsvParser(json::ByteSource& source, char separator);

  // Reads the next row; false at the end. The fields are valid until the next call.
  absl::StatusOr<bool> Next();
  const std::vector<absl::string_view>& fields() const { return fields_; }
  // 1-based; the header is row 1, as in a spreadsheet.
  uint32_t row() const { return row_; }
  // "row 7", with the line where quoted line breaks have moved it.
  std::string RowName() const;

 private:
  absl::StatusOr<bool> More();  // false at the end of the source
  absl::StatusOr<bool> ReadRow();
  absl::Status ReadQuoted();
  absl::Status ReadPlain();
  absl::Status Append(const char* from, const char* to);
  absl::Status EndField();
  absl::Status AtRow(absl::string_view message) const;
  void MakeFields();

  json::ByteSource& source_;
  const char separator_;
  std::unique_ptr<char[]> buffer_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  bool ended_ = false;
  bool after_cr_ = false;  // an LF that comes next belongs to the row's end

  std::string text_;          // of the row, decoded
  std::vector<size_t> ends_;  // of its fields in text_
  std::vector<absl::string_view> fields_;
  uint32_t row_ = 0;
  uint64_t line_ = 1;      // of the next byte
  uint64_t row_line_ = 1;  // where the row began
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_CSV_PARSER_H_
