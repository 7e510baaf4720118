// UnreadFormat: a format that this build recognises but does not read yet. It refuses with the name
// of the format and the ways round it, so that nobody searches for a fault in the file.
#ifndef CLIENTS_IDP_UNREAD_FORMAT_H_
#define CLIENTS_IDP_UNREAD_FORMAT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/idp/export_reader.h"

namespace rollcall::idp {

class UnreadFormat final : public ExportReader {
 public:
  // Recognised when the first object of either level has all keys of one of the sets.
  UnreadFormat(std::string name, std::vector<std::vector<std::string>> key_sets)
      : name_(std::move(name)), key_sets_(std::move(key_sets)) {}

  absl::string_view name() const override { return name_; }

  absl::Status Recognise(const Shape& shape, const ReadContext&) const override {
    for (const std::vector<std::string>& keys : key_sets_) {
      bool all = shape.is_json();
      for (const std::string& key : keys) all = all && shape.Has(key);
      if (all) return absl::OkStatus();
    }
    return absl::InvalidArgumentError("its first object does not have that format's keys");
  }

  absl::Status Read(json::ByteSource&, const ReadContext&, ExportBuilder&) const override {
    return absl::InvalidArgumentError(
        absl::StrCat("this is an export of the format ", name_,
                     ", which is not supported yet by this build; export as SCIM or CSV"));
  }

 private:
  const std::string name_;
  const std::vector<std::vector<std::string>> key_sets_;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_UNREAD_FORMAT_H_
