#include "tests/e2e/workplace.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/twins/company.h"
#include "tests/twins/scim_twin.h"
#include "tests/twins/world_json.h"

namespace rollcall {
namespace {

constexpr char kRollcall[] = ROLLCALL_BINARY_DIR "/agent/rollcall";

absl::Time WallClock() { return absl::Now(); }

twins::Company SmallCompany() {
  twins::CompanyOptions options;
  options.people = 280;
  options.groups = 4;
  options.seed = 11;
  return *twins::MakeCompany(options, absl::Now());
}

}  // namespace

twins::TwinResponse WatchedTwin::Handle(const twins::TwinRequest& request) {
  ++number_;
  if (watch_ && !watch_(number_, request)) {
    twins::TwinResponse closed;
    closed.delivery = twins::Delivery::kNothing;
    return closed;
  }
  return next_.Handle(request);
}

class Workplace::Current final : public twins::Twin {
 public:
  explicit Current(std::unique_ptr<twins::Rehearsal>& rehearsal) : rehearsal_(rehearsal) {}
  twins::TwinResponse Handle(const twins::TwinRequest& request) override {
    return rehearsal_->Handle(request);
  }

 private:
  std::unique_ptr<twins::Rehearsal>& rehearsal_;
};

Workplace::Workplace(const WorkplaceOptions& options)
    : options_(options),
      current_(std::make_unique<Current>(rehearsal_)),
      watched_(*current_),
      server_(&watched_) {
  for (const std::string& quirk : options.quirks) {
    const absl::Status known = twins::ApplyQuirk(quirk, scim_options_);
    EXPECT_TRUE(known.ok()) << known;
  }
  StartOver();
  const absl::Status exported =
      twins::WriteExport(SmallCompany(), twins::ExportFormat::kScim, folder_.path());
  EXPECT_TRUE(exported.ok()) << exported;
  const absl::Status started = server_.Start("127.0.0.1:0");
  EXPECT_TRUE(started.ok()) << started;
  WriteConfig(options);
}

Workplace::~Workplace() { server_.Stop(); }

void Workplace::MakeRehearsal() {
  rehearsal_ = std::make_unique<twins::Rehearsal>(&world_, twins::RehearsalOptions(), WallClock);
  rehearsal_->Mount("/scim/v2",
                    std::make_unique<twins::ScimTwin>(&world_, "scim", scim_options_, WallClock));
  if (options_.mount) options_.mount(*rehearsal_, world_);
}

void Workplace::StartOver() {
  server_.Exclusively([this] {
    rehearsal_.reset();  // it points into the world
    world_ = options_.world ? options_.world() : SmallCompany().world;
    MakeRehearsal();
    watched_.set_watch(nullptr);
  });
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    unlink(File(absl::StrCat("rollcall.db", suffix)).c_str());
  }
}

void Workplace::WriteConfig(const WorkplaceOptions& options) {
  const std::string url = options.url.empty() ? twin_url() : options.url;
  Write("rollcall.yaml", absl::StrCat("state: rollcall.db\n"
                                      "export: {people: people.json, groups: groups.json}\n"
                                      "directories:\n"
                                      "  - {id: corp, people: all, policy: {activate: all}, ",
                                      options.directory_options, "scim: {url: \"", url,
                                      "\", token: {env: TWIN_TOKEN}}}\n"
                                      "groups: [{export: \"*\", directory: corp}]\n",
                                      options.guards, options.more_config));
  Write("token", options.token);
}

void Workplace::ExportAs(twins::ExportFormat format) {
  const absl::Status exported = twins::WriteExport(SmallCompany(), format, folder_.path());
  EXPECT_TRUE(exported.ok()) << exported;
  const absl::string_view ending = format == twins::ExportFormat::kCsv ? "csv" : "json";
  std::string config = Read("rollcall.yaml");
  const size_t begin = config.find("export: ");
  config.replace(
      begin, config.find('\n', begin) - begin,
      absl::StrCat("export: {people: people.", ending, ", groups: groups.", ending, "}"));
  Write("rollcall.yaml", config);
}

ChildOptions Workplace::InFolder() const {
  ChildOptions options;
  options.folder = folder_.path();
  options.environment["TWIN_TOKEN"] = Read("token");
  return options;
}

std::unique_ptr<ChildProcess> Workplace::Start(const std::vector<std::string>& arguments,
                                               absl::Duration limit) {
  std::vector<std::string> argv = {kRollcall};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  ChildOptions options = InFolder();
  options.limit = limit;
  return std::make_unique<ChildProcess>(argv, options);
}

std::unique_ptr<ChildProcess> Workplace::StartScript(const std::vector<std::string>& shell,
                                                     const std::string& script) {
  std::vector<std::string> argv = shell;
  argv.insert(argv.end(), {"-c", script});
  ChildOptions options = InFolder();
  options.environment["ROLLCALL"] = kRollcall;
  return std::make_unique<ChildProcess>(argv, options);
}

ChildResult Workplace::Rollcall(const std::vector<std::string>& arguments) {
  return Start(arguments)->Wait();
}

std::string Workplace::MakePlan() {
  const ChildResult plan = Rollcall({"plan", "--format", "json"});
  const nlohmann::json document = nlohmann::json::parse(plan.out, nullptr, false);
  EXPECT_TRUE(document.is_object()) << plan.err;
  return document.is_object() ? document.value("id", "") : "";
}

ChildResult Workplace::Apply(const std::string& plan) {
  return Rollcall({"apply", plan, "--yes", "--waive", "first_run", "--reason", "tested"});
}

std::string Workplace::Read(const std::string& name) const {
  std::ifstream file(File(name), std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void Workplace::Write(const std::string& name, const std::string& text) {
  std::ofstream file(File(name), std::ios::binary | std::ios::trunc);
  file << text;
}

std::string Workplace::World() {
  std::string text;
  server_.Exclusively([&] { text = twins::WorldToJson(world_).dump(); });
  return text;
}

int64_t Workplace::Writes() {
  int64_t writes = 0;
  server_.Exclusively([&] { writes = rehearsal_->log().writes(); });
  return writes;
}

int64_t Workplace::Requests() {
  int64_t requests = 0;
  server_.Exclusively([&] { requests = rehearsal_->log().total(); });
  return requests;
}

}  // namespace rollcall
