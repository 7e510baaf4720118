// How a SCIM server is told to take members out of a group. Servers differ; each form is tried
// until one is seen to work, and that one is remembered. Pure values.
#ifndef CLIENTS_SCIM_REMOVAL_FORM_H_
#define CLIENTS_SCIM_REMOVAL_FORM_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace rollcall {

enum class RemovalForm : uint8_t {
  kPathFilter,  // remove members[value eq "id"]: RFC 7644; cannot hit anybody else
  kValueArray,  // remove members, value [{"value": id}]: a server that ignores the value wipes the
                // group, so it is watched until it is proven
  kPut,         // PUT of the whole group without them: may overwrite what others write meanwhile
};
inline constexpr RemovalForm kRemovalForms[] = {RemovalForm::kPathFilter, RemovalForm::kValueArray,
                                                RemovalForm::kPut};

// As the TraitStore keeps it.
inline const char* RemovalFormName(RemovalForm form) {
  switch (form) {
    case RemovalForm::kPathFilter:
      return "path_filter";
    case RemovalForm::kValueArray:
      return "value_array";
    case RemovalForm::kPut:
      return "put";
  }
  return "";
}

inline std::optional<RemovalForm> FindRemovalForm(absl::string_view name) {
  for (RemovalForm form : kRemovalForms) {
    if (name == RemovalFormName(form)) return form;
  }
  return std::nullopt;
}

}  // namespace rollcall

#endif  // CLIENTS_SCIM_REMOVAL_FORM_H_
