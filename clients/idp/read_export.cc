#include "clients/idp/read_export.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/idp/checksum_file.h"
#include "clients/idp/file_source.h"
#include "clients/idp/formats.h"
#include "clients/idp/gunzip_source.h"
#include "clients/idp/shape.h"
#include "clients/idp/text_source.h"
#include "reconciler/base/fingerprint.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/export_builder.h"

namespace rollcall::idp {
namespace {

// Hashes a file's own bytes for comparison with its checksum file.
class HashingSource final : public json::ByteSource {
 public:
  explicit HashingSource(json::ByteSource& bytes) : bytes_(bytes) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    ASSIGN_OR_RETURN(size_t n, bytes_.Read(buffer, size));
    hash_.AddRaw(absl::string_view(buffer, n));
    return n;
  }
  std::string Hex() { return hash_.Hex(); }

 private:
  json::ByteSource& bytes_;
  Fingerprint hash_;
};

class ExportReading {
 public:
  explicit ExportReading(ExportRequest& request)
      : request_(request), builder_(BuilderOptions(request)) {}

  absl::StatusOr<Export> Run() {
    RETURN_IF_ERROR(ReadInput(request_.people, Part::kPeople));
    for (ExportInput& input : request_.groups) RETURN_IF_ERROR(ReadInput(input, Part::kGroups));
    RETURN_IF_ERROR(CheckMinimum());
    builder_.set_content_hash(content_.Hex());
    return std::move(builder_).Finish();
  }

 private:
  static ExportBuilder::Options BuilderOptions(const ExportRequest& request) {
    ExportBuilder::Options options;
    options.source = request.people.path;
    for (const ExportInput& input : request.groups) {
      absl::StrAppend(&options.source, ", ", input.path);
    }
    options.format = request.format;
    options.keep_attributes = request.keep_attributes;
    options.keep_all_attributes = request.keep_all_attributes;
    return options;
  }

  absl::Status ReadInput(ExportInput& input, Part part) {
    if (input.source != nullptr) {
      if (input.time.has_value()) builder_.set_time(*input.time);
      return Annotate(ReadBytes(*input.source, part), input.path);
    }
    absl::StatusOr<std::unique_ptr<FileSource>> file = FileSource::Open(input.path);
    if (!file.ok()) return Annotate(file.status(), input.path);
    builder_.set_time((*file)->changed());
    ASSIGN_OR_RETURN(const std::optional<std::string> checksum, ReadChecksumOf(input.path));
    if (!checksum.has_value()) return Annotate(ReadBytes(**file, part), input.path);
    HashingSource hashing(**file);
    RETURN_IF_ERROR(Annotate(ReadBytes(hashing, part), input.path));
    return Annotate(CompareChecksum(*checksum, hashing.Hex()), input.path);
  }

  absl::Status ReadBytes(json::ByteSource& bytes, Part part) {
    GunzipSource unpacked(bytes);
    TextSource text(unpacked, request_.max_bytes, &content_);
    ASSIGN_OR_RETURN(const absl::string_view sample, text.Sample());
    ReadContext context;
    context.part = part;
    context.csv = request_.csv;
    context.statuses = request_.statuses;
    context.people_format = people_format_;
    ASSIGN_OR_RETURN(const std::unique_ptr<ExportReader> reader,
                     ChooseFormat(request_.format, LookAt(sample), context));
    if (reader == nullptr) return Drain(text);
    if (part == Part::kPeople) people_format_ = std::string(reader->name());
    if (part == Part::kPeople) builder_.set_format(people_format_);
    RETURN_IF_ERROR(reader->Read(text, context, builder_));
    return Drain(text);
  }

  // A text of white space, or what a reader left: its bytes are checked and hashed all the same.
  static absl::Status Drain(TextSource& text) {
    std::string buffer(TextSource::kSample, '\0');
    for (;;) {
      ASSIGN_OR_RETURN(size_t n, text.Read(buffer.data(), buffer.size()));
      if (n == 0) return absl::OkStatus();
    }
  }

  absl::Status CheckMinimum() const {
    const int64_t people = static_cast<int64_t>(builder_.people());
    if (people >= request_.min_people) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat(
        request_.people.path, ": holds ", people, " people, but export.min_people says at least ",
        request_.min_people, ": it was cut; export again, or lower the number"));
  }

  ExportRequest& request_;
  ExportBuilder builder_;
  Fingerprint content_;
  std::string people_format_;
};

// All that can go wrong with an export is one of three things to the caller.
absl::Status AsReadError(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kCancelled:
      return status;
    case absl::StatusCode::kResourceExhausted:
      return absl::InvalidArgumentError(status.message());
    default:
      return absl::DataLossError(status.message());
  }
}

}  // namespace

absl::StatusOr<Export> ReadExport(ExportRequest request) {
  ExportReading reading(request);
  absl::StatusOr<Export> exported = reading.Run();
  if (!exported.ok()) return AsReadError(exported.status());
  return exported;
}

}  // namespace rollcall::idp
