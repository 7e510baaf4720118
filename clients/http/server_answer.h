// What the clients of all kinds of directories do alike with what a server answers: make its words
// fit for a message, recognise a web page, count what was sent, and say what a transport failure
// means to a writer. Pure functions, any thread.
#ifndef CLIENTS_HTTP_SERVER_ANSWER_H_
#define CLIENTS_HTTP_SERVER_ANSWER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/http/message.h"

namespace rollcall {

inline bool IsSuccess(int status) { return status >= 200 && status < 300; }

// Text from outside, fit for a message: one line, valid, at most `limit` bytes, without words that
// look like keys.
std::string ForMessage(absl::string_view text, size_t limit = 300);

// The first byte of a body that is neither blank nor of a byte order mark; 0 where there is none.
char FirstByteOf(absl::string_view body);

// Is the body a web page (a sign-in page, a proxy) rather than an answer of the API?
bool LooksLikeHtml(absl::string_view body);

// "a web page", with its title where it has one.
std::string DescribeHtml(absl::string_view body);

// What came in place of what was wanted: "an empty body", a web page, or its beginning in quotes.
std::string DescribeBody(absl::string_view body);

// Requests that were sent for this result.
int AttemptsIn(const absl::StatusOr<HttpResponse>& reply);

// A transport failure of a write in the writer's terms: UNKNOWN where the effect is.
absl::Status WriteTransportFailure(absl::string_view what, const absl::Status& status);

// What a refused write means after_doubt (HttpResponse): an earlier attempt may have worked, and
// the refusal be about that (the member is gone already, the version has moved on). UNKNOWN then;
// what says that the object is gone stays as it is.
absl::Status RefusalInDoubt(const absl::Status& refusal, bool after_doubt);

// A read that a write needs failed, before anything was written, in the writer's terms: what says
// something about the object or the key stays, everything else is UNAVAILABLE.
absl::Status NothingWritten(absl::string_view what, const absl::Status& status);

// What to do about a transport failure, to stand behind its message; nothing where that says it
// already.
std::string TransportCure(const absl::Status& status);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_SERVER_ANSWER_H_
