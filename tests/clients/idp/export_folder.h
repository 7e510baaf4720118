// A temporary folder of export files, and the shortest way to read them.
#ifndef TESTS_CLIENTS_IDP_EXPORT_FOLDER_H_
#define TESTS_CLIENTS_IDP_EXPORT_FOLDER_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "clients/idp/read_export.h"

namespace rollcall::idp {

class ExportFolder : public ::testing::Test {
 protected:
  ExportFolder() {
    std::string pattern = ::testing::TempDir() + "/rollcall-idp-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ExportFolder() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& content) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  ExportRequest Request(const std::string& people, const std::string& groups = "(none)") {
    ExportRequest request;
    request.people.path = Write("people", people);
    if (groups != "(none)") {
      request.groups.emplace_back();
      request.groups.back().path = Write("groups", groups);
    }
    return request;
  }

  absl::StatusOr<Export> Read(const std::string& people, const std::string& groups = "(none)") {
    return ReadExport(Request(people, groups));
  }

  // The message of the error that reading must end with.
  std::string Refusal(absl::StatusCode code, ExportRequest request) {
    absl::StatusOr<Export> exported = ReadExport(std::move(request));
    EXPECT_EQ(exported.status().code(), code) << exported.status();
    return std::string(exported.status().message());
  }
  std::string Refusal(absl::StatusCode code, const std::string& people,
                      const std::string& groups = "(none)") {
    return Refusal(code, Request(people, groups));
  }

  static std::string Gzip(const std::string& text) {
    z_stream zlib{};
    deflateInit2(&zlib, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&zlib, text.size()) + 32, '\0');
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    zlib.avail_in = static_cast<uInt>(text.size());
    zlib.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib.avail_out = static_cast<uInt>(out.size());
    deflate(&zlib, Z_FINISH);
    out.resize(zlib.total_out);
    deflateEnd(&zlib);
    return out;
  }

  std::string folder_;
};

// "id user_name email active|inactive" of everybody, one a line.
inline std::string PeopleOf(const Export& exported) {
  std::string text;
  for (const Person& person : exported.people) {
    absl::StrAppend(&text, person.id, " ", person.user_name, " ", person.email, " ",
                    person.standing == Standing::kActive ? "active" : "inactive",
                    person.duplicate ? " duplicate" : "", "\n");
  }
  return text;
}

// "name: id id" of every group, one a line; held ones end with " held".
inline std::string GroupsOf(const Export& exported) {
  std::string text;
  for (const ExportGroup& group : exported.groups) {
    absl::StrAppend(&text, group.name, ":");
    for (PersonIndex member : group.members)
      absl::StrAppend(&text, " ", exported.people[member].id);
    absl::StrAppend(&text, group.held.empty() ? "" : " held", "\n");
  }
  return text;
}

}  // namespace rollcall::idp

#endif  // TESTS_CLIENTS_IDP_EXPORT_FOLDER_H_
