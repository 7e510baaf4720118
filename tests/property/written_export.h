// WrittenExport: small exports as values, and one tiny writer a format, so that what is read back
// can be compared with what was written. The writers are our own on purpose: they share nothing
// with the readers. Pure; any thread.
//
//   WrittenExport company = {{{"id-0", "ada", "ada@example.com", true}}, {{"id-g", "crew", …}}};
//   FormatText text = WriteAs("okta", company);
#ifndef TESTS_PROPERTY_WRITTEN_EXPORT_H_
#define TESTS_PROPERTY_WRITTEN_EXPORT_H_

#include <iosfwd>
#include <string>
#include <vector>

namespace rollcall::property {

struct WrittenPerson {
  std::string id;
  std::string name;
  std::string email;
  bool active = true;
  bool operator==(const WrittenPerson&) const = default;
};

struct WrittenGroup {
  std::string id;
  std::string name;
  std::vector<std::string> members;  // ids of people; sorted, unique
  bool operator==(const WrittenGroup&) const = default;
};

struct WrittenExport {
  std::vector<WrittenPerson> people;
  std::vector<WrittenGroup> groups;
  bool operator==(const WrittenExport&) const = default;
};

// For RapidCheck.
void showValue(const WrittenExport& written, std::ostream& out);

// The two files of an export.
struct FormatText {
  std::string people;
  std::string groups;
};

// `format`: scim, okta, entra, google or csv, the last with one member a line.
FormatText WriteAs(const std::string& format, const WrittenExport& written);

// CSV that keeps the groups in a column of the people's file, separated by "|".
std::string WriteCsvWithGroupColumn(const WrittenExport& written);

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_WRITTEN_EXPORT_H_
