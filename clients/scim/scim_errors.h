// What a SCIM server says when it does not say yes, and what that means to the ports.
// ParseServerError understands every envelope that servers use: a SCIM error (status a string or a
// number, detail a string or an array), {"error","traceId"}, {"message"}, plain text, an HTML page,
// nothing. Texts are fit for messages (ForMessage). Pure functions, any thread.
#ifndef CLIENTS_SCIM_SCIM_ERRORS_H_
#define CLIENTS_SCIM_SCIM_ERRORS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/http/message.h"
#include "clients/http/server_answer.h"

namespace rollcall {

struct ServerError {
  int status = 0;
  std::string scim_type;   // "uniqueness", "tooMany", or what the server made up; may be empty
  std::string detail;      // may be empty
  std::string request_id;  // of the server, for its support; may be empty

  // "409 uniqueness: Resource [USER] already exists (request id 5f1c)".
  std::string ToString() const;
  // Any case, in the type or the detail.
  bool Mentions(absl::string_view words) const;
  // The server says that it does not know something ("does not exist", "not found", ...).
  bool SaysNotFound() const;
};

ServerError ParseServerError(const HttpResponse& response);

// What an answer without success means to a reader; `what` is "GET /Users/17".
absl::Status ReadFailure(absl::string_view what, const ServerError& error);

// What it means to a writer, by the table above DirectoryWriter.
absl::Status WriteFailure(absl::string_view what, const ServerError& error);

// A successful answer that should hold JSON: DATA_LOSS that says what came instead (nothing, a web
// page, text).
absl::Status RequireJson(absl::string_view what, const HttpResponse& response);

}  // namespace rollcall

#endif  // CLIENTS_SCIM_SCIM_ERRORS_H_
