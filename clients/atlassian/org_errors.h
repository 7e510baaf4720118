// What the organisation and user management APIs of Atlassian Cloud say when they do not say yes,
// and what that means to the ports. Understands every envelope that is known of them: `errors`
// (status a text or a number), {code, message}, the gateway's {timestamp, path, status, ...},
// {key, context} (context an object, a text or absent; with errorKey and errorDetail), a SCIM
// error, {error, traceId}, plain text, web pages, nothing. Texts are fit for messages (ForMessage).
// Pure functions, any thread.
#ifndef CLIENTS_ATLASSIAN_ORG_ERRORS_H_
#define CLIENTS_ATLASSIAN_ORG_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/http/message.h"

namespace rollcall {

struct OrgError {
  int status = 0;
  std::string code;         // "ADMIN-UAM-404-1", or the key "forbidden.action"; may be empty
  std::string reason;       // whom or what the key forbids: "externalDirectory.scim"; may be empty
  std::string message;      // may be empty
  std::string request_id;   // for Atlassian's support; may be empty
  bool is_page = false;     // a web page came
  bool is_gateway = false;  // the gateway answered, not the application

  // "404 ADMIN-UAM-404-1: Unknown Resource: no such user (request id 65e9)".
  std::string ToString() const;
  // Any case, in the code or the message.
  bool Mentions(absl::string_view words) const;

  // The key has scopes and they do not cover this, or scopes are not accepted here at all.
  bool IsScope() const;
  // The organisation is not there, or not this key's. By the specification and by the gateway.
  bool IsUnknownOrganization() const;
  // The object that the URL names is not there; also by an answer without a body, which is all that
  // the documents promise for writes. A web page or another server's 404 proves nothing.
  bool IsNotFound() const;
  // No licence is left.
  bool IsLicenceLimit() const;
  // The account is a member already.
  bool IsAlreadyMember() const;
};

OrgError ParseOrgError(const HttpResponse& response);

// What an answer without success means to a reader, with the cure; `what` is "reading user x".
absl::Status OrgReadFailure(absl::string_view what, const OrgError& error);

// What it means to a writer, by the table above DirectoryWriter.
absl::Status OrgWriteFailure(absl::string_view what, const OrgError& error);

// A successful answer that should hold JSON: DATA_LOSS that says what came instead.
absl::Status RequireOrgJson(absl::string_view what, const HttpResponse& response);

// What to do about a reason that the user management API gives: "externalDirectory.scim".
std::string CureOfReason(absl::string_view reason);

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_ERRORS_H_
