#include "agent/runs/export_input.h"

#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/config/command.h"
#include "agent/runs/refusal.h"
#include "clients/idp/read_export.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/entitlement.h"

namespace rollcall {
namespace {

// What a command printed, kept in a file that has no name: gone with the process, however it ends.
class Spool final : public json::ByteSource {
 public:
  static absl::StatusOr<std::unique_ptr<Spool>> Make() {
    FILE* file = std::tmpfile();
    if (file == nullptr) {
      return absl::UnavailableError(
          "no temporary file can be made for its output; see that TMPDIR is writable");
    }
    return std::unique_ptr<Spool>(new Spool(file));
  }
  ~Spool() override { std::fclose(file_); }
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  absl::Status Write(absl::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size()) {
      return absl::OkStatus();
    }
    return absl::ResourceExhaustedError("its output does not fit on the disk of TMPDIR");
  }
  absl::Status Rewind() {
    if (std::fflush(file_) == 0 && std::fseek(file_, 0, SEEK_SET) == 0) return absl::OkStatus();
    return absl::ResourceExhaustedError("its output does not fit on the disk of TMPDIR");
  }
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t got = std::fread(buffer, 1, size, file_);
    if (got == 0 && std::ferror(file_) != 0) {
      return absl::DataLossError("the temporary file of its output cannot be read");
    }
    return got;
  }

 private:
  explicit Spool(FILE* file) : file_(file) {}
  FILE* const file_;
};

absl::StatusOr<idp::ExportInput> RunSource(const config::v1::Source& source,
                                           const LoadedConfig& config, Runtime& runtime,
                                           const CallContext& context) {
  idp::ExportInput input;
  input.path = absl::StrCat("the output of ", source.exec(0));
  ASSIGN_OR_RETURN(std::unique_ptr<Spool> spool, Spool::Make());
  CommandSpec command;
  command.argv = {source.exec().begin(), source.exec().end()};
  command.folder = config.folder;
  command.timeout = kCommandTime;
  command.max_bytes = kMaxCommandBytes;
  const auto sink = [&](absl::string_view bytes) { return spool->Write(bytes); };
  RETURN_IF_ERROR(RunCommand(command, sink, runtime, context));
  RETURN_IF_ERROR(spool->Rewind());
  input.source = std::move(spool);
  input.time = runtime.Now();
  return input;
}

absl::StatusOr<idp::ExportInput> Locate(const config::v1::Source& source,
                                        const LoadedConfig& config, Runtime& runtime,
                                        const CallContext& context) {
  if (source.exec_size() > 0) return RunSource(source, config, runtime, context);
  idp::ExportInput input;
  ASSIGN_OR_RETURN(input.path, NewestFile(config.Resolve(source.path())));
  return input;
}

const char* FormatName(config::v1::Export::Format format) {
  switch (format) {
    case config::v1::Export::FORMAT_SCIM:
      return "scim";
    case config::v1::Export::FORMAT_OKTA:
      return "okta";
    case config::v1::Export::FORMAT_ENTRA:
      return "entra";
    case config::v1::Export::FORMAT_GOOGLE:
      return "google";
    case config::v1::Export::FORMAT_CSV:
      return "csv";
    default:
      return "auto";
  }
}

char DelimiterOf(config::v1::Csv::Delimiter delimiter) {
  switch (delimiter) {
    case config::v1::Csv::DELIMITER_COMMA:
      return ',';
    case config::v1::Csv::DELIMITER_SEMICOLON:
      return ';';
    case config::v1::Csv::DELIMITER_TAB:
      return '\t';
    default:
      return idp::CsvOptions().delimiter;
  }
}

Standing StandingOf(config::v1::Export::Standing standing) {
  switch (standing) {
    case config::v1::Export::STANDING_ACTIVE:
      return Standing::kActive;
    case config::v1::Export::STANDING_INACTIVE:
      return Standing::kInactive;
    default:
      return Standing::kHold;
  }
}

idp::CsvOptions CsvOptionsOf(const config::v1::Csv& csv) {
  idp::CsvOptions options;
  options.id = csv.id();
  options.user_name = csv.user_name();
  options.email = csv.email();
  options.active = csv.active();
  options.groups = csv.groups();
  if (!csv.group_separator().empty()) options.group_separator = csv.group_separator();
  options.delimiter = DelimiterOf(csv.delimiter());
  return options;
}

idp::StatusMap StatusesOf(const config::v1::Export& exported) {
  idp::StatusMap statuses;
  for (const auto& [status, standing] : exported.statuses()) {
    statuses.Set(status, StandingOf(standing));
  }
  return statuses;
}

absl::StatusOr<Export> Read(const ExportInput& input, Runtime& runtime,
                            const CallContext& context) {
  const config::v1::Export& configured = input.config.proto.export_();
  idp::ExportRequest request;
  if (input.handed_in.has_value()) {
    request.people.path = input.handed_in->people;
    if (!input.handed_in->groups.empty()) {
      request.groups.emplace_back().path = input.handed_in->groups;
    }
  } else if (input.other_file.has_value()) {
    request.people.path = *input.other_file;
  } else {
    ASSIGN_OR_RETURN(request.people, Locate(configured.people(), input.config, runtime, context));
  }
  if (configured.has_groups() && request.groups.empty()) {
    ASSIGN_OR_RETURN(idp::ExportInput groups,
                     Locate(configured.groups(), input.config, runtime, context));
    request.groups.push_back(std::move(groups));
  }
  request.format = FormatName(configured.format());
  request.csv = CsvOptionsOf(configured.csv());
  request.statuses = StatusesOf(configured);
  request.keep_attributes = NeededAttributes(input.config.spec);
  request.keep_all_attributes = input.keep_all_attributes;
  request.min_people = configured.min_people();
  return idp::ReadExport(std::move(request));
}

std::string NameOf(const config::v1::Source& source) {
  if (source.exec_size() == 0) return source.path();
  std::string name = "exec:";
  for (const std::string& word : source.exec()) absl::StrAppend(&name, " ", word);
  return name;
}

}  // namespace

absl::StatusOr<Export> ReadConfiguredExport(const ExportInput& input, Runtime& runtime,
                                            const CallContext& context) {
  absl::StatusOr<Export> exported = Read(input, runtime, context);
  if (exported.ok()) return exported;
  const ExitCode code =
      absl::IsCancelled(exported.status()) ? ExitCode::kPartial : ExitCode::kUnreadable;
  return WithExitCode(code, Annotate(exported.status(), "reading the export"));
}

std::string SourceName(const LoadedConfig& config) {
  const config::v1::Export& exported = config.proto.export_();
  std::string name = NameOf(exported.people());
  if (exported.has_groups()) absl::StrAppend(&name, " + ", NameOf(exported.groups()));
  return name;
}

absl::StatusOr<std::string> NewestFile(const std::string& pattern) {
  glob_t matches{};
  const int result = glob(pattern.c_str(), GLOB_ERR | GLOB_NOSORT, nullptr, &matches);
  const std::unique_ptr<glob_t, void (*)(glob_t*)> owner(&matches, &globfree);
  if (result != 0 && result != GLOB_NOMATCH) {
    return absl::PermissionDeniedError(absl::StrCat(pattern, ": its folder cannot be read"));
  }
  if (matches.gl_pathc > kMaxMatches) {
    return absl::ResourceExhaustedError(
        absl::StrCat(pattern, " fits more than ", kMaxMatches, " files; move old ones away"));
  }
  using Candidate = std::pair<std::pair<int64_t, int64_t>, std::string>;
  std::vector<Candidate> files;
  for (size_t i = 0; i < matches.gl_pathc; ++i) {
    struct stat facts{};
    if (stat(matches.gl_pathv[i], &facts) != 0 || !S_ISREG(facts.st_mode)) continue;
    files.push_back({{facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec}, matches.gl_pathv[i]});
  }
  if (files.empty()) {
    // A name that only looks like a pattern, or a pipe: opening it says what is wrong.
    struct stat facts{};
    if (stat(pattern.c_str(), &facts) == 0) return pattern;
    return absl::NotFoundError(
        absl::StrCat("there is no file ", pattern, "; see `export:` in the configuration"));
  }
  return std::max_element(files.begin(), files.end())->second;
}

}  // namespace rollcall
