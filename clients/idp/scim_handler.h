// ScimHandler: reads SCIM resources out of JSON events into an ExportBuilder. Objects with
// `Resources` are pages, all other objects records; records and pages may stand alone, in arrays,
// or one after another. One thread.
#ifndef CLIENTS_IDP_SCIM_HANDLER_H_
#define CLIENTS_IDP_SCIM_HANDLER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/idp/export_reader.h"
#include "clients/idp/scim_fields.h"
#include "clients/idp/scim_pages.h"
#include "clients/idp/scim_record.h"
#include "clients/json/events.h"

namespace rollcall::idp {

class ScimHandler final : public json::Handler {
 public:
  ScimHandler(Part part, ExportBuilder& builder)
      : part_(part), builder_(builder), wants_attributes_(builder.WantsAttributesBelow("")) {}

  bool Null() override;
  bool Bool(bool value) override;
  bool Number(absl::string_view raw) override;
  bool String(absl::string_view value) override;
  bool StartObject() override;
  bool Key(absl::string_view key) override;
  bool EndObject() override;
  bool StartArray() override;
  bool EndArray() override;
  absl::Status error() const override { return error_; }

  // After the last document: pages complete, warnings handed over.
  absl::Status Finish();

 private:
  // Where the events belong.
  enum class Place : uint8_t {
    kList,    // an array of records or pages
    kRecord,  // a record, or a page until it says so
    kPage,    // an object that turned out to be a page
    kTexts,   // an array of emails, members, groups or schemas; field_of_array_ says which
    kEntry,   // an object in such an array
    kMeta,    // meta, for resourceType
    kNested,  // an object of attributes: name, the enterprise extension
  };
  enum class Scalar : uint8_t { kNull, kBool, kNumber, kString };

  // A scalar, by place.
  bool Take(Scalar kind, absl::string_view text);
  bool TakeOfObject(Scalar kind, absl::string_view text);
  bool TakeOfEntry(Scalar kind, absl::string_view text);
  bool TakeInArray(Scalar kind, absl::string_view text);
  bool TakeActive(Scalar kind, absl::string_view text);
  bool TakeText(Scalar kind, absl::string_view text, std::string& target);
  bool TakeCount(Scalar kind, absl::string_view text, std::optional<int64_t>& target);
  bool TakeAttribute(Scalar kind, absl::string_view text);
  bool TakeMember(absl::string_view member);
  bool TakeGroup(absl::string_view name, absl::string_view key);
  // False, with the error, when the record would take more than ScimRecord::kMaxBytes.
  bool Keep(absl::string_view text, TextList& list);
  bool TakeEmail(absl::string_view email, bool primary);
  bool TakeSchema(absl::string_view schema);

  bool KeyOfObject(absl::string_view key);
  bool KeyOfAttribute(absl::string_view key);
  bool StartRecord();
  bool StartValueObject();
  bool StartEntry();
  bool StartNested();
  bool StartValueArray();
  bool TurnIntoPage();
  bool EndEntry();
  bool EndRecord();
  bool EndPage();
  bool AddPerson();
  bool AddGroup();                       // with the members until now
  bool Fail(absl::string_view message);  // about the record that is being read
  bool Check(const absl::Status& status);
  bool TopIs(Place place) const { return !places_.empty() && places_.back() == place; }

  const Part part_;
  ExportBuilder& builder_;
  const bool wants_attributes_;
  absl::Status error_;
  std::vector<Place> places_;
  ScimField field_ = ScimField::kOther;        // of the member that is being read
  ScimField array_field_ = ScimField::kOther;  // of the array or entry that is being read
  std::string key_;                            // as written, of the member that is being read
  std::string prefix_;                         // "name.", inside an object of attributes
  std::vector<size_t> prefix_lengths_;         // of the objects around it

  uint32_t rows_ = 0;
  ScimRecord record_;
  std::vector<absl::string_view> members_;  // of the record, while they are handed over
  // The entry of emails, members or groups that is being read.
  std::string entry_value_;
  std::string entry_display_;
  bool entry_primary_ = false;

  bool in_page_ = false;
  ScimPage page_;
  uint32_t page_given_ = 0;
  uint32_t rows_before_page_ = 0;
  ScimPages pages_;

  enum class Interest : uint8_t { kNone, kScalar, kNested };
  Interest InterestIn(absl::string_view key);
  absl::flat_hash_map<std::string, Interest> interests_;  // at most kInterests keys

  int64_t text_booleans_ = 0;
  std::string text_boolean_;  // the first one
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_SCIM_HANDLER_H_
