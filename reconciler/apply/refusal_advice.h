// What somebody should do about a change that the server denies (PERMISSION_DENIED): who owns the
// account or group as far as the refusal says so, and the cure. A refusal that shows up only while
// applying is reported, and the next plan, which probes again, goes through the owner (rules R1,
// R5). Pure, any thread.
#ifndef RECONCILER_APPLY_REFUSAL_ADVICE_H_
#define RECONCILER_APPLY_REFUSAL_ADVICE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "reconciler/apply/endpoint.h"

namespace rollcall {

// The refusal and the advice, for Outcome::message. `directory`: whose server refused.
std::string WithAdvice(absl::string_view refusal, const std::string& directory,
                       const Endpoints& endpoints);

}  // namespace rollcall

#endif  // RECONCILER_APPLY_REFUSAL_ADVICE_H_
