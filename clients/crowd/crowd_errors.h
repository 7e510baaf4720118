// What Crowd says when it does not say yes, and what that means to the ports. Understands JSON and
// XML errors with a reason, errors of the framework ({"message","status-code"}), plain text, web
// pages, nothing. Texts are fit for messages (ForMessage). Pure functions, any thread.
#ifndef CLIENTS_CROWD_CROWD_ERRORS_H_
#define CLIENTS_CROWD_CROWD_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/http/message.h"

namespace rollcall {

struct CrowdError {
  int status = 0;
  std::string reason;    // "USER_NOT_FOUND"; empty where Crowd itself did not answer
  std::string message;   // may be empty
  bool is_page = false;  // a web page came

  // "404 USER_NOT_FOUND: User <x> does not exist".
  std::string ToString() const;
  bool Says(absl::string_view this_reason) const { return reason == this_reason; }
  // Crowd itself says that it does not know the user or the group that the URL names. A 404 from
  // anybody else proves nothing.
  bool IsNotFound() const;
};

CrowdError ParseCrowdError(const HttpResponse& response);

// What an answer without success means to a reader, with the cure; `what` is "GET /user alice".
absl::Status CrowdReadFailure(absl::string_view what, const CrowdError& error);

// What it means to a writer, by the table above DirectoryWriter. A
// refusal for lack of a permission carries the finding `read_only`.
absl::Status CrowdWriteFailure(absl::string_view what, const CrowdError& error);

// A successful answer that should hold JSON (or XML): DATA_LOSS that says what came instead.
absl::Status RequireCrowdJson(absl::string_view what, const HttpResponse& response);
absl::Status RequireCrowdXml(absl::string_view what, const HttpResponse& response);

// `status` with the name of the finding that it is about.
absl::Status WithFinding(absl::Status status, absl::string_view finding);

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CROWD_ERRORS_H_
