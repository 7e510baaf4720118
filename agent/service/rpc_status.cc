#include "agent/service/rpc_status.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "agent/runs/refusal.h"
#include "rollcall/wire/rpc_status.pb.h"

namespace rollcall {
namespace {

constexpr char kDomain[] = "rollcall";
constexpr char kInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kExitCode[] = "exit_code";

grpc::StatusCode CodeOf(v1::ErrorReason reason, absl::StatusCode otherwise) {
  switch (reason) {
    case v1::INVALID_FIELD:
      return otherwise == absl::StatusCode::kOutOfRange ? grpc::StatusCode::OUT_OF_RANGE
                                                        : grpc::StatusCode::INVALID_ARGUMENT;
    case v1::INVALID_PAGE_TOKEN:
    case v1::UPLOAD_DAMAGED:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case v1::REQUEST_ID_REUSED:
      return grpc::StatusCode::ALREADY_EXISTS;
    case v1::NO_SUCH_RESOURCE:
      return grpc::StatusCode::NOT_FOUND;
    case v1::UNKNOWN_CALLER:
      return grpc::StatusCode::UNAUTHENTICATED;
    case v1::ROLE_NOT_SUFFICIENT:
      return grpc::StatusCode::PERMISSION_DENIED;
    case v1::ETAG_MISMATCH:
    case v1::PLAN_NOT_READY:
    case v1::PLAN_STALE:
    case v1::GUARD_BLOCKS:
    case v1::DIRECTORY_BUSY:
    case v1::RUN_ELSEWHERE:
    case v1::UNREADABLE:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case v1::LIMIT_EXCEEDED:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case v1::SHUTTING_DOWN:
      return grpc::StatusCode::UNAVAILABLE;
    default:
      break;
  }
  // gRPC numbers its codes as Abseil does.
  return static_cast<grpc::StatusCode>(otherwise);
}

// What the command line makes of a reason that carries no exit code of its own.
ExitCode ExitCodeFor(v1::ErrorReason reason, const absl::Status& status) {
  switch (reason) {
    case v1::INVALID_FIELD:
    case v1::INVALID_PAGE_TOKEN:
    case v1::NO_SUCH_RESOURCE:
    case v1::UNKNOWN_CALLER:
    case v1::ROLE_NOT_SUFFICIENT:
      return ExitCode::kUsage;
    case v1::ETAG_MISMATCH:
    case v1::PLAN_NOT_READY:
    case v1::PLAN_STALE:
      return ExitCode::kStale;
    case v1::GUARD_BLOCKS:
      return ExitCode::kGuardBlocks;
    case v1::UNREADABLE:
      return ExitCode::kUnreadable;
    default:
      return ExitCodeOf(status);
  }
}

}  // namespace

grpc::Status ToRpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const v1::ErrorReason reason = ReasonOf(status);
  wire::ErrorInfo info;
  info.set_reason(v1::ErrorReason_Name(reason));
  info.set_domain(kDomain);
  (*info.mutable_metadata())[kExitCode] =
      absl::StrCat(static_cast<int>(ExitCodeFor(reason, status)));
  wire::RpcStatus details;
  const grpc::StatusCode code = CodeOf(reason, status.code());
  const std::string message(status.message());
  details.set_code(static_cast<int>(code));
  details.set_message(message);
  google::protobuf::Any& any = *details.add_details();
  any.set_type_url(kInfoUrl);
  any.set_value(info.SerializeAsString());
  return {code, message, details.SerializeAsString()};
}

absl::Status FromRpcStatus(const grpc::Status& status, const std::string& server) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  wire::RpcStatus details;
  wire::ErrorInfo info;
  const bool told = details.ParseFromString(status.error_details()) && details.details_size() > 0 &&
                    details.details(0).type_url() == kInfoUrl &&
                    info.ParseFromString(details.details(0).value()) && info.domain() == kDomain;
  if (!told) {
    return absl::Status(code, absl::StrCat("asking ", server, ": ", status.error_message(),
                                           code == absl::StatusCode::kUnavailable
                                               ? "; is `rollcall serve` running there?"
                                               : ""));
  }
  absl::Status result(code, status.error_message());
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  if (v1::ErrorReason_Parse(info.reason(), &reason)) result = WithReason(reason, result);
  int exit_code = 0;
  const auto found = info.metadata().find(kExitCode);
  if (found != info.metadata().end() && absl::SimpleAtoi(found->second, &exit_code) &&
      exit_code > 0 && exit_code <= static_cast<int>(ExitCode::kUsage)) {
    result = WithExitCode(static_cast<ExitCode>(exit_code), result);
  }
  return result;
}

}  // namespace rollcall
