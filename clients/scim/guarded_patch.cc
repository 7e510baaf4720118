#include "clients/scim/guarded_patch.h"

#include "clients/json/value.h"
#include "clients/scim/scim_errors.h"

namespace rollcall {
namespace {

constexpr int kPreconditionFailed = 412;    // the object changed since its ETag was read
constexpr int kPreconditionRequired = 428;  // a write needs If-Match
constexpr int kMaxConflicts = 2;            // of one write with what others write

}  // namespace

std::string EtagOf(const HttpResponse& read) {
  absl::string_view header = FindHeader(read.headers, "ETag");
  if (!header.empty()) return std::string(header);
  absl::StatusOr<json::Value> value = json::Value::Parse(read.body);
  if (!value.ok()) return "";
  const json::Value* meta = value->FindIgnoringCase("meta");
  const json::Value* version = meta == nullptr ? nullptr : meta->FindIgnoringCase("version");
  return version == nullptr ? "" : std::string(version->text());
}

bool GuardedPatch::insists() {
  MutexLock lock(mutex_);
  return insists_;
}

void GuardedPatch::Note(ScimResource resource, const std::string& id, const HttpResponse& read) {
  if (!insists()) return;
  std::string etag = EtagOf(read);
  if (etag.empty()) return;
  MutexLock lock(mutex_);
  if (etags_.size() >= kMaxEtags) etags_.clear();
  etags_[{resource, id}] = std::move(etag);
}

std::string GuardedPatch::TakeEtag(const Key& key) {
  MutexLock lock(mutex_);
  auto found = etags_.find(key);
  if (found == etags_.end()) return "";
  std::string etag = std::move(found->second);
  etags_.erase(found);
  return etag;
}

ScimApi::Reply GuardedPatch::Send(ScimResource resource, const std::string& id,
                                  const std::string& body, Idempotency idempotency,
                                  const CallContext& context) {
  int sent = 0;
  int conflicts = 0;
  bool doubt = false;  // an earlier attempt may have moved the version that this one refers to
  const std::string etag = TakeEtag({resource, id});
  if (!etag.empty() || !insists()) {
    ScimApi::Reply reply = api_.Patch(resource, id, body, idempotency, etag, context);
    if (!reply.ok()) return reply;
    if (reply->status != kPreconditionRequired && reply->status != kPreconditionFailed) {
      return reply;
    }
    sent = reply->attempts;
    doubt = reply->after_doubt;
    if (reply->status == kPreconditionRequired) {
      MutexLock lock(mutex_);
      insists_ = true;
    } else {
      ++conflicts;
    }
  }
  // Both answers mean "nothing was done". Again, on the object as it is now.
  while (true) {
    ScimApi::Reply read = api_.Get(resource, id, context);
    if (!read.ok()) {
      if (doubt) return absl::UnknownError(read.status().message());
      if (absl::IsCancelled(read.status())) return read;
      return absl::UnavailableError(read.status().message());  // nothing has been written
    }
    if (!IsSuccess(read->status)) {
      read->attempts = sent;
      read->after_doubt = doubt;
      return read;
    }
    ScimApi::Reply reply = api_.Patch(resource, id, body, idempotency, EtagOf(*read), context);
    if (!reply.ok()) return doubt ? absl::UnknownError(reply.status().message()) : reply;
    reply->attempts += sent;
    doubt = reply->after_doubt = doubt || reply->after_doubt;
    if (reply->status != kPreconditionFailed || ++conflicts >= kMaxConflicts) return reply;
    sent = reply->attempts;
  }
}

}  // namespace rollcall
