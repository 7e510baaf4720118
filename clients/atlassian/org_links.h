// OrgLinks: the links of SCIM records through the user provisioning API, which takes the key of the
// organisation. An answer that is not what was asked for (no `scimLinks`, a field of another type,
// a link of another organisation or account) is DATA_LOSS as a whole. Thread-safe; `api` must
// outlive it. The calls are known from clients only; what `unlink` answers with is not known at
// all, so that every 2xx counts.
//
// Limit: kMostLinks of one answer.
#ifndef CLIENTS_ATLASSIAN_ORG_LINKS_H_
#define CLIENTS_ATLASSIAN_ORG_LINKS_H_

#include <string>
#include <vector>

#include "clients/atlassian/org_api.h"
#include "reconciler/ports/scim_links.h"

namespace rollcall {

class OrgLinks final : public ScimLinkDesk {
 public:
  // A person has one in each directory; more is no answer about one person.
  static constexpr size_t kMostLinks = 1000;

  explicit OrgLinks(OrgApi& api) : api_(api) {}

  absl::StatusOr<std::vector<ScimLink>> OfAccount(const std::string& account,
                                                  const CallContext& context) override;
  absl::StatusOr<std::vector<ScimLink>> OfEmail(const std::string& email,
                                                const CallContext& context) override;
  WriteReply Unlink(const ScimLink& link, const CallContext& context) override;
  WriteReply DeleteRecords(const std::string& account, const CallContext& context) override;

 private:
  // `account`: the one that all of them must be of; empty: of any.
  absl::StatusOr<std::vector<ScimLink>> Decode(const std::string& what, const std::string& account,
                                               const OrgApi::Reply& reply) const;

  OrgApi& api_;
};

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_LINKS_H_
