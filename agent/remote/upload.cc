// ReconcilerClient::UploadExport.
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>

#include "absl/strings/str_cat.h"
#include "agent/remote/reconciler_client.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/fingerprint.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr absl::Duration kLongestUpload = absl::Hours(1);
constexpr size_t kPiece = 512 * 1024;  // a message holds 1 MiB at most

using PieceSink = std::function<bool(absl::string_view)>;

absl::Status Unreadable(const std::string& path) {
  return Refuse(ExitCode::kUnreadable,
                absl::StrCat("the export ", path, " cannot be read: ", std::strerror(errno)));
}

// False from `sink` ends it early, with OK.
absl::Status ReadPieces(const std::string& path, const PieceSink& sink) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) return Unreadable(path);
  std::string piece(kPiece, '\0');
  size_t got = 0;
  while ((got = std::fread(piece.data(), 1, piece.size(), file.get())) > 0) {
    if (!sink(absl::string_view(piece.data(), got))) return absl::OkStatus();
  }
  return std::ferror(file.get()) == 0 ? absl::OkStatus() : Unreadable(path);
}

}  // namespace

absl::StatusOr<v1::UploadedExport> ReconcilerClient::UploadExport(const std::string& path,
                                                                  const CallContext& context) {
  struct stat found{};
  if (stat(path.c_str(), &found) != 0) return Unreadable(path);
  v1::UploadExportRequest first;
  first.mutable_header()->set_part(v1::UploadExportRequest::Header::PEOPLE);
  // The file's own time is when the identity provider wrote it, as for a configured file.
  first.mutable_header()->mutable_export_time()->set_seconds(found.st_mtim.tv_sec);
  first.mutable_header()->mutable_export_time()->set_nanos(
      static_cast<int32_t>(found.st_mtim.tv_nsec));
  Fingerprint hash;
  int64_t size = 0;
  RETURN_IF_ERROR(ReadPieces(path, [&](absl::string_view piece) {
    hash.AddRaw(piece);
    size += static_cast<int64_t>(piece.size());
    return true;
  }));
  first.mutable_header()->set_size(size);
  first.mutable_header()->set_sha256(hash.Hex());
  v1::UploadedExport uploaded;
  absl::Status read;
  const absl::Status sent = Try(kLongestUpload, context, [&](grpc::ClientContext& with) {
    const auto stream = stub_->UploadExport(&with, &uploaded);
    bool open = stream->Write(first);
    v1::UploadExportRequest next;
    read = ReadPieces(path, [&](absl::string_view piece) {
      next.set_data(piece.data(), piece.size());
      open = open && stream->Write(next);
      return open;
    });
    if (!read.ok()) with.TryCancel();
    stream->WritesDone();
    return stream->Finish();
  });
  RETURN_IF_ERROR(read);
  RETURN_IF_ERROR(sent);
  return uploaded;
}

}  // namespace rollcall
