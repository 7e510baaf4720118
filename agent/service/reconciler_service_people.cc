// The calls about single people, and about the holds that keep them out or in.
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "agent/render/list_documents.h"
#include "agent/service/orders.h"
#include "agent/service/page_token.h"
#include "agent/service/reconciler_service.h"
#include "agent/service/resource_names.h"
#include "agent/service/upload_stream.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr int64_t kUsualHolds = 50;
constexpr int64_t kMostHolds = 1000;

}  // namespace

grpc::ServerWriteReactor<v1::PersonProgress>* ReconcilerService::ServePerson(
    const Context& context, const absl::StatusOr<PersonOrder>& order) {
  using Refused = RefusedStream<v1::PersonProgress>;
  const absl::StatusOr<Requester> requester = Admit(context, Role::kOperator);
  if (!requester.ok()) return new Refused(requester.status());
  if (!order.ok()) return new Refused(order.status());
  return parts_.people.Serve(*order, *requester);
}

grpc::ServerWriteReactor<v1::PersonProgress>* ReconcilerService::DeactivatePerson(
    Context* context, const v1::DeactivatePersonRequest* request) {
  return ServePerson(*context, OrderOf(*request));
}

grpc::ServerWriteReactor<v1::PersonProgress>* ReconcilerService::ActivatePerson(
    Context* context, const v1::ActivatePersonRequest* request) {
  return ServePerson(*context, OrderOf(*request));
}

ReconcilerService::Unary* ReconcilerService::ListHolds(Context* context,
                                                       const v1::ListHoldsRequest* request,
                                                       v1::ListHoldsResponse* response) {
  return Answer(*context, Role::kViewer, parts_.hands,
                [this, request, response](const Requester&) -> absl::Status {
                  ASSIGN_OR_RETURN(const int64_t size,
                                   PageSizeOf(request->page_size(), kUsualHolds, kMostHolds));
                  ASSIGN_OR_RETURN(const int64_t after, ReadPageToken(*request, 0));
                  HoldStore& store = parts_.office.store().holds();
                  std::vector<Hold> holds;
                  if (request->ended()) {
                    ASSIGN_OR_RETURN(const std::vector<HoldRecord> all, store.List());
                    for (const HoldRecord& record : all) holds.push_back(AsItEnded(record));
                  } else {
                    ASSIGN_OR_RETURN(holds, store.InForce(parts_.office.runtime().Now()));
                  }
                  // By id, and ids only grow.
                  std::erase_if(holds, [after](const Hold& hold) { return hold.id <= after; });
                  if (static_cast<int64_t>(holds.size()) > size) {
                    holds.resize(static_cast<size_t>(size));
                    response->set_next_page_token(MakePageToken(*request, holds.back().id));
                  }
                  *response->mutable_holds() = ToResource(holds).holds();
                  return absl::OkStatus();
                });
}

ReconcilerService::Unary* ReconcilerService::EndHold(Context* context,
                                                     const v1::EndHoldRequest* request,
                                                     v1::Hold* response) {
  return Answer(*context, Role::kOperator, parts_.hands,
                [this, request, response](const Requester&) -> absl::Status {
                  HoldStore& store = parts_.office.store().holds();
                  ASSIGN_OR_RETURN(const std::string name, IdOf(request->name(), "holds", "name"));
                  int64_t id = 0;
                  if (!absl::SimpleAtoi(name, &id)) {
                    return InvalidField("name is no hold; write holds/ and its number");
                  }
                  const absl::Status ended = store.End(id, parts_.office.runtime().Now());
                  // Asked again, it answers the same.
                  if (!ended.ok() && !absl::IsFailedPrecondition(ended)) return ended;
                  ASSIGN_OR_RETURN(const std::vector<HoldRecord> all, store.List());
                  for (const HoldRecord& record : all) {
                    if (record.hold.id == id) *response = ToResource({AsItEnded(record)}).holds(0);
                  }
                  return absl::OkStatus();
                });
}

}  // namespace rollcall
