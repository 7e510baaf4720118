// CompanyBytes: what an identity provider exports of an invented company and what a SCIM directory
// answers about it, as the bytes that are read, for benchmarks. Converged but for one leaver in a
// thousand people. Five memberships a person, 50 members a group.
#ifndef TESTS_BENCH_COMPANY_BYTES_H_
#define TESTS_BENCH_COMPANY_BYTES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "clients/http/client.h"

namespace rollcall {

struct CompanyBytes {
  static constexpr int64_t kPage = 1000;
  static constexpr int64_t kGroupPage = 100;

  explicit CompanyBytes(int64_t people);

  std::string people;  // SCIM ListResponse
  std::string groups;
  std::vector<std::string> users;  // one object each, as a list answers them
  std::vector<std::string> group_rows;
  int64_t leavers = 0;

  // The answer to GET /Users, /Groups or /ServiceProviderConfig with its paging.
  std::string Answer(const std::string& target) const;
  int64_t bytes() const;  // of both sides
};

// The answers from memory, without sockets.
class MemoryTransport final : public HttpClient {
 public:
  explicit MemoryTransport(const CompanyBytes& company) : company_(company) {}
  absl::StatusOr<HttpResponse> Send(const HttpRequest& request, const CallContext&) override;

 private:
  const CompanyBytes& company_;
};

}  // namespace rollcall

#endif  // TESTS_BENCH_COMPANY_BYTES_H_
