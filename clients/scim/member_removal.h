// MemberRemoval: takes members out of a group in the form that the server understands (see
// removal_form.h), and knows which one that is. Thread-safe: every call works on its own state.
//
// A proven form costs one request. A form that is not proven yet, or one that is refused, is judged
// by reading the group back: servers are known that answer 204 and remove nobody, and one that
// removes and answers 400. Then the next form is tried for who is left. Should a form empty the
// group of people who were to stay, they are put back and the form is never used there again.
//
// Nothing is PUT once a form was answered with success that cannot be seen: reads may lag.
//
// Limits: each form at most twice a call; groups up to the client's limit of a body.
#ifndef CLIENTS_SCIM_MEMBER_REMOVAL_H_
#define CLIENTS_SCIM_MEMBER_REMOVAL_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "clients/scim/discovery.h"
#include "clients/scim/guarded_patch.h"
#include "clients/scim/removal_memory.h"
#include "clients/scim/scim_api.h"
#include "clients/scim/scim_codec.h"
#include "clients/scim/scim_errors.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class MemberRemoval {
 public:
  // All must outlive this object. `batch`: members a request, for putting people back.
  MemberRemoval(ScimApi& api, GuardedPatch& patch, Discovery& discovery, RemovalMemory& memory,
                Runtime& runtime, int64_t batch)
      : api_(api),
        patch_(patch),
        discovery_(discovery),
        memory_(memory),
        runtime_(runtime),
        batch_(batch) {}

  WriteReply Remove(const std::string& group_id, absl::Span<const std::string> accounts,
                    const CallContext& context);

 private:
  // One call of Remove.
  struct Job {
    const std::string& group_id;
    const CallContext& context;
    size_t asked = 0;               // accounts of the call
    std::vector<std::string> left;  // still members, as far as is known
    std::optional<GroupRecordRead> before;
    bool plain_ids = true;     // no quotes or backslashes: what works now works for others
    bool said_yes = false;     // a form was answered with success and nobody was removed
    bool unsupported = false;  // a form was refused as such (405, 501)
    WriteReply reply;
  };
  enum class Next : uint8_t { kReturn, kSameForm, kNextForm };

  Next TryAllForms(Job& job);
  // A form was answered with success before this refusal of another one: who knows what it did.
  static void DoubtRefusal(Job& job);
  Next Try(Job& job, RemovalForm form);
  Next JudgeByReading(Job& job, RemovalForm form, bool proven, const ServerError& answer);
  Next Finish(Job& job, RemovalForm form);
  ScimApi::Reply Send(Job& job, RemovalForm form);
  ScimApi::Reply SendPut(Job& job);
  absl::StatusOr<GroupRecordRead> ReadBack(const Job& job);
  // Where an answer "yes" shows no effect yet: once more after a pause.
  absl::Status WaitForEffect(const Job& job, GroupRecordRead& after);
  Next PutBack(Job& job, RemovalForm form, const std::vector<std::string>& lost);
  // Ends the job with this status.
  Next Settle(Job& job, absl::Status status);

  ScimApi& api_;
  GuardedPatch& patch_;
  Discovery& discovery_;
  RemovalMemory& memory_;
  Runtime& runtime_;
  const int64_t batch_;
};

// Reads one group. NOT_FOUND when it is gone; DATA_LOSS when another group comes.
absl::StatusOr<GroupRecordRead> FetchGroup(ScimApi& api, GuardedPatch& patch,
                                           const std::string& group_id, const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_SCIM_MEMBER_REMOVAL_H_
