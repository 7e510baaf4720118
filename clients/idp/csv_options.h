// CsvOptions: what separates the columns of a CSV export and which of them mean what. Empty: the
// header row tells. A value.
#ifndef CLIENTS_IDP_CSV_OPTIONS_H_
#define CLIENTS_IDP_CSV_OPTIONS_H_

#include <string>

namespace rollcall::idp {

struct CsvOptions {
  // Header names as in the file; case and surrounding spaces do not count.
  std::string id;
  std::string user_name;
  std::string email;
  std::string active;
  std::string groups;
  std::string group_separator = ";";  // between the names in the groups column
  char delimiter = '\0';              // between columns; '\0': the header row decides
  // The second file.
  std::string group = "group";
  std::string member = "member";
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_CSV_OPTIONS_H_
