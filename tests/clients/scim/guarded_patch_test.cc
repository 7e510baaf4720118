#include "clients/scim/guarded_patch.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/clients/scim/scim_harness.h"
#include "tests/support/scripted_transport.h"

namespace rollcall {
namespace {

// Somebody who writes the user "ada" just before our first writes that say which version they mean.
class RivalClient final : public HttpClient {
 public:
  RivalClient(ScimHarness& harness, int edits) : harness_(harness), edits_(edits) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override {
    const bool versioned = !FindHeader(request.headers, "If-Match").empty();
    if (request.method == "PATCH" && versioned && edits_ > 0) {
      --edits_;
      twins::ScimUser ada = *harness_.world().FindUser("ada");
      ada.attributes["nickName"] = "of the rival";
      ++ada.version;
      harness_.world().PutUser(ada);
    }
    return harness_.client.Send(request, context);
  }

 private:
  ScimHarness& harness_;
  int edits_;
};

class GuardedPatchTest : public testing::Test {
 protected:
  GuardedPatchTest() : harness_("etag_checked etag_required") { harness_.AddUser("ada"); }

  WriteReply Deactivate(int edits) {
    RivalClient rival(harness_, edits);
    ScimOptions options;
    options.id = "scim";
    options.base_url = "http://127.0.0.1/scim/v2";
    NoProgress progress;
    ScimDirectory directory(options, rival, harness_.runtime, &harness_.traits, progress);
    return directory.Deactivate("ada", {});
  }

  ScimHarness harness_;
};

// The server asks for the version (428), and what was read for it is old again (412).
TEST_F(GuardedPatchTest, OneConflictIsReadAgainAndKeepsWhatTheOtherWrote) {
  const WriteReply reply = Deactivate(1);
  EXPECT_TRUE(reply.status.ok()) << reply.status;
  EXPECT_EQ(reply.attempts, 3);
  EXPECT_FALSE(harness_.Active("ada"));
  EXPECT_EQ(harness_.world().FindUser("ada")->attributes["nickName"], "of the rival");
}

// Our own first attempt moved the version; then nobody can be asked any more.
TEST_F(GuardedPatchTest, AConflictThatMayBeOurOwnDoingIsNoRefusal) {
  ScriptedTransport transport(harness_.runtime, [&](const HttpRequest& request, int) {
    if (request.method != "PATCH") return absl::StatusOr<HttpResponse>(Respond(503));
    HttpResponse conflict = Respond(412);
    conflict.after_doubt = true;
    return absl::StatusOr<HttpResponse>(conflict);
  });
  ScimOptions options;
  options.id = "scim";
  options.base_url = "http://127.0.0.1/scim/v2";
  NoProgress progress;
  ScimDirectory directory(options, transport, harness_.runtime, &harness_.traits, progress);
  EXPECT_EQ(directory.Deactivate("ada", {}).status.code(), absl::StatusCode::kUnknown);
}

TEST_F(GuardedPatchTest, OneConflictMoreIsRefusedWithoutEffect) {
  const WriteReply reply = Deactivate(2);
  EXPECT_EQ(reply.status.code(), absl::StatusCode::kFailedPrecondition) << reply.status;
  EXPECT_EQ(reply.attempts, 3);
  EXPECT_TRUE(harness_.Active("ada"));
}

}  // namespace
}  // namespace rollcall
