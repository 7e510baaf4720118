// What somebody should do about a change that the server denies (PERMISSION_DENIED): who owns the
// account or group as far as the server names it, and the cure. A refusal that shows up only while
// applying and that cannot be re-routed (see reroute.h) is reported; the next plan probes again,
// and goes through the owner where that may be (rules R1, R5). Pure, any thread.
#ifndef RECONCILER_APPLY_REFUSAL_ADVICE_H_
#define RECONCILER_APPLY_REFUSAL_ADVICE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "reconciler/apply/endpoint.h"

namespace rollcall {

// The refusal and the advice, for Outcome::message. `directory`: whose server refused. The owner is
// WriteReply::owner, or read out of the refusal where that is empty.
std::string WithAdvice(absl::string_view refusal, const std::string& directory,
                       const Endpoints& endpoints, absl::string_view owner = {});

}  // namespace rollcall

#endif  // RECONCILER_APPLY_REFUSAL_ADVICE_H_
