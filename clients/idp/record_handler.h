// RecordHandler: reads people or groups out of JSON events into an ExportBuilder, for the formats
// of Okta, Entra and Google, which differ in their keys and in what a record says. Objects with the
// format's list are pages, all other objects records; records and pages may stand alone, in arrays,
// or one after another. A file holds either people or groups. One thread.
//   INVALID_ARGUMENT  a field that is missing, comes twice or holds something else; more than
//                     kMaxRecordBytes in one record
//   DATA_LOSS         the last page, or a group, names a next page
#ifndef CLIENTS_IDP_RECORD_HANDLER_H_
#define CLIENTS_IDP_RECORD_HANDLER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/idp/export_reader.h"
#include "clients/idp/json_record.h"
#include "clients/idp/named_groups.h"
#include "clients/idp/record_fields.h"
#include "clients/json/events.h"

namespace rollcall::idp {

class RecordHandler : public json::Handler {
 public:
  bool Null() override { return Take(Scalar::kNull, ""); }
  bool Bool(bool value) override { return Take(Scalar::kBool, value ? "true" : "false"); }
  bool Number(absl::string_view raw) override { return Take(Scalar::kNumber, raw); }
  bool String(absl::string_view value) override { return Take(Scalar::kString, value); }
  bool StartObject() override;
  bool Key(absl::string_view key) override;
  bool EndObject() override;
  bool StartArray() override;
  bool EndArray() override;
  absl::Status error() const override { return error_; }

  // Reads all of `source`: pages complete, warnings handed over.
  absl::Status Read(json::ByteSource& source);

 protected:
  RecordHandler(RecordKeys keys, Part part, ExportBuilder& builder);

  // What each format says. False: Fail was called.
  // The person is whole: checks it and calls AddPerson.
  virtual bool EndPerson() = 0;
  // The group by its record; called again for each slice of its members.
  virtual bool GroupOf(GroupRecord& group) = 0;
  // Is all there that GroupOf needs?
  virtual bool GroupIsKnown() const = 0;
  // The group and its members were handed over under this key.
  virtual bool EndGroup(absl::string_view) { return true; }
  // A member that is an object.
  virtual bool TakeEntry(const MemberEntry& entry);
  // An object without a list: is it a page without records?
  virtual bool IsEmptyPage() const { return false; }
  // Under which name the value at this path is kept.
  virtual absl::string_view AttributeName(absl::string_view path) const { return path; }
  virtual void AddFindings() {}

  bool AddPerson(Standing standing);
  void UseUserNameAsEmail() {  // where there is none
    if (record_.email.empty()) record_.email = record_.user_name;
  }
  bool TakeMember(absl::string_view member);
  bool Fail(absl::string_view message);  // about the record that is being read
  bool Cut(absl::string_view message);   // the same, for DATA_LOSS
  // `key` is the one that the record lacks.
  bool Missing(absl::string_view key, absl::string_view cure = "export it");
  std::string Who() const;  // the record, for messages
  Part part() const { return part_; }
  const JsonRecord& record() const { return record_; }
  const std::string& page_kind() const { return page_.kind; }
  int64_t rows() const { return rows_; }
  ExportBuilder& builder() { return builder_; }

 private:
  // Where the events belong.
  enum class Place : uint8_t {
    kList,    // an array of records or pages
    kRecord,  // a record, or a page until it says so
    kPage,    // an object that turned out to be a page
    kNested,  // an object in a record
    kTexts,   // an array of members or aliases
    kEntry,   // an object in such an array
  };
  enum class Scalar : uint8_t { kNull, kBool, kNumber, kString };
  struct Page {
    uint32_t given = 0;
    std::string next;  // the key that names a next page
    std::string kind;
    std::string error;  // the key that says so
    int64_t total = 0;
    uint32_t rows_before = 0;
  };

  bool Take(Scalar kind, absl::string_view text);
  bool TakeField(Scalar kind, absl::string_view text);
  bool TakeOfPage(Scalar kind, absl::string_view text);
  bool TakeInArray(Scalar kind, absl::string_view text);
  bool TakeText(Scalar kind, absl::string_view text, std::string& target);
  bool TakeFlag(Scalar kind, absl::string_view text, std::optional<bool>& target);
  bool TakeCount(Scalar kind, absl::string_view text, int64_t& target);
  bool TakeNext(Scalar kind, absl::string_view text);
  bool TakeAttribute(Scalar kind, absl::string_view text);
  // False, with the error, when the record would take more than kMaxRecordBytes.
  bool Keep(absl::string_view text, TextList& list);

  bool StartRecord();
  bool StartValueObject();
  bool StartNested();
  bool StartValueArray();
  bool KeyOfObject(absl::string_view key);
  bool TurnIntoPage();
  bool EndRecord();
  bool EndPage();
  bool HandOver(std::string* key);
  bool EndGroupRecord();
  bool ComesTwice();
  bool WrongPart();
  bool ErrorAnswer(absl::string_view key);
  bool Check(const absl::Status& status);
  bool TopIs(Place place) const { return !places_.empty() && places_.back() == place; }
  bool OfThePage() const { return TopIs(Place::kPage) || !in_page_; }
  absl::Status Finish();

  const RecordKeys keys_;
  const Part part_;
  ExportBuilder& builder_;
  const bool wants_attributes_;
  absl::Status error_;
  std::vector<Place> places_;
  RecordField field_ = RecordField::kOther;        // of the member that is being read
  RecordField array_field_ = RecordField::kOther;  // of the array that is being read
  std::string key_;                                // its path in the record
  std::string prefix_;                             // "profile.", inside an object
  std::vector<size_t> prefix_lengths_;             // of the objects around it

  uint32_t rows_ = 0;
  JsonRecord record_;
  MemberEntry entry_;
  uint32_t entry_given_ = 0;                          // bits by RecordField
  absl::flat_hash_set<std::string> attribute_paths_;  // of the record; with its kept attributes
  std::vector<absl::string_view> members_;            // of the record, while they are handed over
  bool in_page_ = false;
  Page page_;
  std::string next_;    // of the last page
  int64_t total_ = 0;   // the largest that a page named
  int64_t listed_ = 0;  // in pages

  NamedGroups without_list_;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_RECORD_HANDLER_H_
