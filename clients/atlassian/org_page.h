// OrgPageHandler: reads {"data":[{…}],"links":{"next":…}} event by event and hands every row, field
// by field, to an OrgRowReader; {"data":{…}} is one row. Internal to clients/atlassian. One thread,
// one document.
//
// DATA_LOSS: no `data`, an error inside a successful answer, a row that is no object, a key that
// comes twice in a row or in the envelope, a next page that is no text.
#ifndef CLIENTS_ATLASSIAN_ORG_PAGE_H_
#define CLIENTS_ATLASSIAN_ORG_PAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/json/events.h"

namespace rollcall {

enum class OrgFieldKind : uint8_t { kNull, kBool, kNumber, kString, kObject, kArray };

// One value of a row. `path`: "accountId", "platformRoles[]", "groups[].id". Containers are told
// when they begin. Views are valid during the call only.
struct OrgField {
  absl::string_view path;
  OrgFieldKind kind = OrgFieldKind::kNull;
  absl::string_view text;  // of a string, or a number as written
  bool boolean = false;
};

class OrgRowReader {
 public:
  virtual ~OrgRowReader() = default;
  virtual void Begin() = 0;
  virtual absl::Status Take(const OrgField& field) = 0;
  // The row is complete: checks it. Then `id` is asked for, and Accept called unless it is refused.
  virtual absl::Status End() = 0;
  // Empty: rows of this kind have none.
  virtual const std::string& id() const = 0;
  virtual absl::Status Accept() = 0;
};

class OrgPageHandler : public json::Handler {
 public:
  explicit OrgPageHandler(OrgRowReader& reader) : reader_(reader) {}

  bool Null() override { return Value(OrgFieldKind::kNull, {}, false); }
  bool Bool(bool value) override { return Value(OrgFieldKind::kBool, {}, value); }
  bool Number(absl::string_view raw) override { return Value(OrgFieldKind::kNumber, raw, false); }
  bool String(absl::string_view text) override { return Value(OrgFieldKind::kString, text, false); }
  bool StartObject() override;
  bool Key(absl::string_view key) override;
  bool EndObject() override;
  bool StartArray() override;
  bool EndArray() override;
  absl::Status error() const override { return error_; }

  // After the document.
  bool has_data() const { return has_data_; }
  const std::string& next() const { return next_; }  // as served; empty: the last page
  int64_t rows() const { return rows_; }

 protected:
  // May refuse the row by its id; false ends the reading.
  virtual bool Admit(const std::string&) { return true; }

 private:
  enum class Place : uint8_t { kStart, kEnvelope, kData, kRow, kLinks };
  enum class Part : uint8_t { kOther, kData, kLinks, kErrors, kNext };
  struct Frame {
    size_t path = 0;  // length of the path outside of the container
    bool is_array = false;
  };

  bool Value(OrgFieldKind kind, absl::string_view text, bool boolean);
  bool EnvelopeKey(absl::string_view key);
  bool RowKey(absl::string_view key);
  bool Report(OrgFieldKind kind, absl::string_view text, bool boolean);
  bool StartRow();
  bool FinishRow();
  bool Open(bool is_array);
  void Close();
  bool Keep(absl::Status status);
  bool Fail(absl::string_view problem);

  OrgRowReader& reader_;
  Place place_ = Place::kStart;
  Part part_ = Part::kOther;
  bool has_data_ = false;
  bool data_is_list_ = false;
  unsigned seen_ = 0;  // parts of the envelope
  std::string next_;
  int64_t rows_ = 0;
  std::string path_;
  std::vector<Frame> frames_;      // containers inside the row
  std::vector<std::string> keys_;  // of the row itself
  absl::Status error_;
};

// The whole body, which is overwritten. DATA_LOSS with `what` and the place; an error of the reader
// keeps its code.
absl::Status ReadOrgPage(absl::string_view what, std::string& body, OrgPageHandler& handler);

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_PAGE_H_
