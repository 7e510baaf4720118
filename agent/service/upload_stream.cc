#include "agent/service/upload_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "agent/render/resources.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

absl::Status TooMuchToDo() {
  return WithReason(
      v1::LIMIT_EXCEEDED,
      absl::ResourceExhaustedError("too many requests wait to be answered; ask again later"));
}

UploadHeader HeaderOf(const v1::UploadExportRequest::Header& header) {
  UploadHeader result;
  if (header.part() == v1::UploadExportRequest::Header::GROUPS) result.part = ExportPart::kGroups;
  result.size = header.size();
  result.sha256 = header.sha256();
  if (header.has_export_time()) {
    result.export_time = absl::FromUnixSeconds(header.export_time().seconds()) +
                         absl::Nanoseconds(header.export_time().nanos());
  }
  return result;
}

}  // namespace

UploadStream::UploadStream(const absl::Status& admitted, Uploads& uploads, Hands& hands,
                           v1::UploadedExport& response)
    : uploads_(uploads), hands_(hands), response_(response) {
  if (admitted.ok()) {
    StartRead(&message_);
  } else {
    Finish(ToRpcStatus(admitted));
  }
}

void UploadStream::OnReadDone(bool ok) {
  const bool taken = hands_.Take([this, ok] {
    if (!ok) return Conclude();
    const absl::Status status = Take();
    if (status.ok()) {
      StartRead(&message_);
    } else {
      upload_.reset();
      Finish(ToRpcStatus(status));
    }
  });
  if (!taken) Finish(ToRpcStatus(TooMuchToDo()));
}

absl::Status UploadStream::Take() {
  if ((upload_ == nullptr) != message_.has_header()) {
    return WithReason(
        v1::UPLOAD_DAMAGED,
        absl::InvalidArgumentError("the first message, and no other, must hold the header"));
  }
  if (upload_ == nullptr) {
    ASSIGN_OR_RETURN(upload_, uploads_.Begin(HeaderOf(message_.header())));
  }
  return upload_->Append(message_.data());
}

void UploadStream::Conclude() {
  if (upload_ == nullptr) {
    return Finish(ToRpcStatus(WithReason(
        v1::UPLOAD_DAMAGED, absl::InvalidArgumentError("the upload ended before it began"))));
  }
  const absl::StatusOr<Upload> done = uploads_.End(std::move(upload_));
  if (!done.ok()) return Finish(ToRpcStatus(done.status()));
  response_.set_name(absl::StrCat("exports/", done->id));
  response_.set_part(done->header.part == ExportPart::kGroups
                         ? v1::UploadExportRequest::Header::GROUPS
                         : v1::UploadExportRequest::Header::PEOPLE);
  response_.set_size(done->header.size);
  response_.set_sha256(done->header.sha256);
  SetTimestamp(done->created, response_.mutable_create_time());
  SetTimestamp(done->expires, response_.mutable_expire_time());
  Finish(grpc::Status::OK);
}

}  // namespace rollcall
