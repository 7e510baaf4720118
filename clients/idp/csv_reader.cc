#include "clients/idp/csv_reader.h"

#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/idp/csv_columns.h"
#include "clients/idp/csv_parser.h"
#include "clients/idp/memory_source.h"
#include "clients/idp/shown.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::idp {
namespace {

// Hands a sample through and then the rest, so that the separator can be told from the beginning.
class WithHead final : public json::ByteSource {
 public:
  explicit WithHead(json::ByteSource& source) : source_(source), head_(kHead, '\0') {}

  absl::StatusOr<absl::string_view> Head() {
    size_t length = 0;
    while (length < head_.size()) {
      ASSIGN_OR_RETURN(size_t n, source_.Read(head_.data() + length, head_.size() - length));
      if (n == 0) break;
      length += n;
    }
    head_.resize(length);
    return absl::string_view(head_);
  }
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    if (used_ == head_.size()) return source_.Read(buffer, size);
    const size_t n = head_.copy(buffer, size, used_);
    used_ += n;
    return n;
  }

 private:
  static constexpr size_t kHead = 64 * 1024;
  json::ByteSource& source_;
  std::string head_;
  size_t used_ = 0;
};

absl::Status WrongCount(const CsvParser& parser, size_t expected) {
  return absl::InvalidArgumentError(absl::StrCat(parser.RowName(), ": ", parser.fields().size(),
                                                 " fields, but the header has ", expected,
                                                 "; is a quote or a separator missing?"));
}

absl::Status Missing(const CsvParser& parser, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(parser.RowName(), ": ", what, " is empty; every row needs one"));
}

// One row of people.
class PeopleRows {
 public:
  PeopleRows(const PeopleColumns& columns, const ReadContext& context, ExportBuilder& builder)
      : columns_(columns), options_(context.csv), statuses_(context.statuses), builder_(builder) {
    for (const auto& [column, name] : columns_.others) {
      if (builder.WantsAttribute(name)) attributes_.emplace_back(column, name);
    }
  }

  absl::Status Add(const CsvParser& parser) {
    const std::vector<absl::string_view>& fields = parser.fields();
    if (fields.size() != columns_.count) return WrongCount(parser, columns_.count);
    PersonRecord person;
    person.row = parser.row();
    person.user_name = fields[columns_.user_name];
    if (person.user_name.empty()) return Missing(parser, "the user name");
    if (columns_.id != kNoColumn) {
      person.id = fields[columns_.id];
      if (person.id.empty()) return Missing(parser, "the id");
    }
    if (columns_.email != kNoColumn) person.email = fields[columns_.email];
    if (person.email.empty() && columns_.user_name_is_email) person.email = person.user_name;
    RETURN_IF_ERROR(TakeStanding(parser, person));
    for (const auto& [column, name] : attributes_) {
      if (!fields[column].empty()) person.attributes.emplace_back(name, fields[column]);
    }
    RETURN_IF_ERROR(builder_.AddPerson(person));
    return AddGroups(fields, person.id.empty() ? person.user_name : person.id);
  }

 private:
  absl::Status TakeStanding(const CsvParser& parser, PersonRecord& person) {
    const absl::string_view cell = parser.fields()[columns_.active];
    const std::optional<Standing> standing = StandingOf(cell, columns_.words, statuses_);
    if (!standing.has_value()) {
      return absl::InvalidArgumentError(absl::StrCat(parser.RowName(), ", column ",
                                                     Shown(columns_.active_name), ": ", Shown(cell),
                                                     "; ", ExpectedWords(columns_.words)));
    }
    person.standing = *standing;
    return absl::OkStatus();
  }

  absl::Status AddGroups(const std::vector<absl::string_view>& fields, absl::string_view person) {
    if (columns_.groups == kNoColumn || fields[columns_.groups].empty()) return absl::OkStatus();
    for (absl::string_view name :
         absl::StrSplit(fields[columns_.groups], options_.group_separator)) {
      name = absl::StripAsciiWhitespace(name);
      if (!name.empty()) RETURN_IF_ERROR(builder_.AddMemberOf(person, name));
    }
    return absl::OkStatus();
  }

  const PeopleColumns& columns_;
  const CsvOptions& options_;
  const StatusMap& statuses_;
  ExportBuilder& builder_;
  std::vector<std::pair<size_t, std::string>> attributes_;
};

absl::Status ReadPeople(CsvParser& parser, const ReadContext& context, ExportBuilder& builder) {
  ASSIGN_OR_RETURN(const PeopleColumns columns, FindPeopleColumns(parser.fields(), context.csv));
  if (columns.id == kNoColumn) builder.set_has_stable_ids(false);
  PeopleRows rows(columns, context, builder);
  for (;;) {
    ASSIGN_OR_RETURN(bool more, parser.Next());
    if (!more) return absl::OkStatus();
    RETURN_IF_ERROR(rows.Add(parser));
  }
}

absl::Status ReadMemberships(CsvParser& parser, const CsvOptions& options, ExportBuilder& builder) {
  ASSIGN_OR_RETURN(const MembershipColumns columns,
                   FindMembershipColumns(parser.fields(), options));
  builder.AcceptUserNamesAsMembers();
  for (;;) {
    ASSIGN_OR_RETURN(bool more, parser.Next());
    if (!more) return absl::OkStatus();
    const std::vector<absl::string_view>& fields = parser.fields();
    if (fields.size() != columns.count) return WrongCount(parser, columns.count);
    GroupRecord group;
    group.name = group.key = absl::StripAsciiWhitespace(fields[columns.group]);
    group.row = parser.row();
    const absl::string_view member = fields[columns.member];
    if (group.name.empty()) return Missing(parser, "the group");
    if (member.empty()) return Missing(parser, "the member");
    RETURN_IF_ERROR(builder.AddGroup(group));
    RETURN_IF_ERROR(builder.AddMember(group.key, member, parser.row()));
  }
}

}  // namespace

absl::Status CsvReader::Recognise(const Shape& shape, const ReadContext& context) const {
  if (shape.is_json()) return absl::InvalidArgumentError("it begins with { or [, as JSON does");
  MemorySource source(shape.sample);
  CsvParser parser(source, SeparatorOf(shape.sample, context.csv));
  ASSIGN_OR_RETURN(bool found, parser.Next());
  if (!found) return absl::InvalidArgumentError("it has no header row");
  if (context.part == Part::kGroups) {
    return FindMembershipColumns(parser.fields(), context.csv).status();
  }
  return FindPeopleColumns(parser.fields(), context.csv).status();
}

absl::Status CsvReader::Read(json::ByteSource& source, const ReadContext& context,
                             ExportBuilder& builder) const {
  if (context.csv.group_separator.empty()) {
    return absl::InvalidArgumentError("the separator of the groups column is empty; name one");
  }
  WithHead head(source);
  ASSIGN_OR_RETURN(absl::string_view sample, head.Head());
  CsvParser parser(head, SeparatorOf(sample, context.csv));
  ASSIGN_OR_RETURN(bool found, parser.Next());
  if (!found) return absl::OkStatus();  // no header, nobody: the guard `empty_export` judges
  return context.part == Part::kPeople ? ReadPeople(parser, context, builder)
                                       : ReadMemberships(parser, context.csv, builder);
}

}  // namespace rollcall::idp
