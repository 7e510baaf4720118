// GuardedPatch: sends a PATCH, with If-Match where the server insists on it (428). Elsewhere none
// is sent: setting `active` and naming members do not overwrite what others write, and many servers
// show an ETag that means nothing. ETags come from the reads that happen anyway (Note).
// Thread-safe.
//
// Limits: 10,000 remembered ETags; beyond, the object is read before its write. A write that meets
// what somebody else wrote (412) is made once more, on the object as it is then.
#ifndef CLIENTS_SCIM_GUARDED_PATCH_H_
#define CLIENTS_SCIM_GUARDED_PATCH_H_

#include <map>
#include <string>
#include <utility>

#include "clients/scim/scim_api.h"
#include "reconciler/base/mutex.h"

namespace rollcall {

class GuardedPatch {
 public:
  static constexpr size_t kMaxEtags = 10'000;

  explicit GuardedPatch(ScimApi& api) : api_(api) {}

  // `attempts` of the answer counts the writes, not the read in between. Where the object proves
  // to be gone, the answer is that of the read (404).
  ScimApi::Reply Send(ScimResource resource, const std::string& id, const std::string& body,
                      Idempotency idempotency, const CallContext& context);

  // The object was read: its ETag may serve the write that follows.
  void Note(ScimResource resource, const std::string& id, const HttpResponse& read);

 private:
  using Key = std::pair<ScimResource, std::string>;

  bool insists();
  // Removes it: an ETag serves one write.
  std::string TakeEtag(const Key& key);

  ScimApi& api_;
  Mutex mutex_;
  bool insists_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<Key, std::string> etags_ ABSL_GUARDED_BY(mutex_);
};

// The ETag header, else meta.version, else "".
std::string EtagOf(const HttpResponse& read);

}  // namespace rollcall

#endif  // CLIENTS_SCIM_GUARDED_PATCH_H_
