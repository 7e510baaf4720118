// An upload that arrives, and the streams of those that are refused. gRPC ends them: OnDone.
#ifndef AGENT_SERVICE_UPLOAD_STREAM_H_
#define AGENT_SERVICE_UPLOAD_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <memory>

#include "absl/status/status.h"
#include "agent/daemon/uploads.h"
#include "agent/service/hands.h"
#include "agent/service/rpc_status.h"
#include "rollcall/v1/reconciler.pb.h"

namespace rollcall {

// Each message is written to the file by hands before the next one is asked for.
class UploadStream final : public grpc::ServerReadReactor<v1::UploadExportRequest> {
 public:
  // An error in `admitted` ends it at once.
  UploadStream(const absl::Status& admitted, Uploads& uploads, Hands& hands,
               v1::UploadedExport& response);

  void OnReadDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  absl::Status Take();
  void Conclude();

  Uploads& uploads_;
  Hands& hands_;
  v1::UploadedExport& response_;
  v1::UploadExportRequest message_;
  std::unique_ptr<ArrivingUpload> upload_;
};

template <typename Response>
class RefusedStream final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit RefusedStream(const absl::Status& why) { this->Finish(ToRpcStatus(why)); }
  void OnDone() override { delete this; }
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_UPLOAD_STREAM_H_
