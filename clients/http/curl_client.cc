#include "clients/http/curl_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/http/endpoint_label.h"
#include "clients/http/response_sink.h"
#include "clients/http/transfer_failure.h"
#include "clients/http/url.h"
#include "reconciler/base/mutex.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kUserAgent[] = "rollcall/0.1";

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

// Idle handles. The last one back is the first one out: its connection is the freshest.
class HandlePool {
 public:
  Handle Take() {
    {
      MutexLock lock(mutex_);
      if (!idle_.empty()) {
        Handle handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    return Handle(curl_easy_init());
  }

  void Return(Handle handle) {
    curl_easy_reset(handle.get());  // keeps the connection and the TLS session
    MutexLock lock(mutex_);
    if (idle_.size() < kMaxIdleHandles) idle_.push_back(std::move(handle));
  }

 private:
  Mutex mutex_;
  std::vector<Handle> idle_ ABSL_GUARDED_BY(mutex_);
};

bool IsToken(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
  });
}

bool IsFieldValue(absl::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c == 0x7f || (c < 0x20 && c != '\t'); });
}

absl::Status CheckRequest(const HttpRequest& request) {
  if (!IsToken(request.method)) return absl::FailedPreconditionError("no valid HTTP method");
  for (const auto& [name, value] : request.headers) {
    // The value is not quoted: it may be a secret.
    if (!IsToken(name) || !IsFieldValue(value)) {
      return absl::FailedPreconditionError(
          absl::StrCat("the request header ", absl::CEscape(name), " holds a forbidden character"));
    }
  }
  return absl::OkStatus();
}

// One request on one handle, from its options to its result.
class Transfer {
 public:
  Transfer(CURL* handle, const HttpRequest& request, const Origin& origin,
           const CurlOptions& options, absl::Duration timeout)
      : handle_(handle),
        request_(request),
        origin_(origin),
        options_(options),
        timeout_(timeout),
        sink_(options.max_body) {}

  absl::StatusOr<HttpResponse> Run() {
    if (!SetAll()) {
      return absl::InternalError(
          absl::StrCat(EndpointLabel(request_), ": libcurl refuses an option: this build of ",
                       "libcurl lacks TLS, HTTP or another feature that is needed"));
    }
    const CURLcode code = curl_easy_perform(handle_);
    if (!sink_.status().ok()) return Annotate(sink_.status(), EndpointLabel(request_));
    if (code != CURLE_OK) return Explain(Describe(code));
    absl::StatusOr<HttpResponse> response = sink_.Finish();
    if (!response.ok()) return Annotate(response.status(), EndpointLabel(request_));
    return response;
  }

 private:
  template <typename T>
  void Set(CURLoption option, T value) {
    if (curl_easy_setopt(handle_, option, value) != CURLE_OK) options_accepted_ = false;
  }

  bool SetAll() {
    SetSafety();
    SetTimes();
    SetCallbacks();
    return SetRequest() && options_accepted_;
  }

  void SetSafety() {
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_FOLLOWLOCATION, 0L);
    Set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    Set(CURLOPT_SSL_VERIFYPEER, 1L);
    Set(CURLOPT_SSL_VERIFYHOST, 2L);
    Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options_.ca_file.empty()) {
      Set(CURLOPT_CAINFO, options_.ca_file.c_str());
      Set(CURLOPT_CAPATH, nullptr);  // else the system's CAs would be trusted as well
    }
    // A key in clear text must not leave the machine through a proxy that was meant for others.
    if (IsLoopback(origin_)) Set(CURLOPT_NOPROXY, "*");
  }

  void SetTimes() {
    const auto total = std::max<int64_t>(absl::ToInt64Milliseconds(timeout_), 1);
    const int64_t connect =
        std::clamp<int64_t>(absl::ToInt64Milliseconds(options_.connect_timeout), 1, total);
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_TCP_KEEPALIVE, 1L);
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(total));
    Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect));
  }

  void SetCallbacks() {
    Set(CURLOPT_ERRORBUFFER, error_);
    Set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    Set(CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
    Set(CURLOPT_HEADERDATA, &sink_);
    Set(CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
    Set(CURLOPT_WRITEDATA, &sink_);
    Set(CURLOPT_PREREQFUNCTION, &Transfer::OnSend);
    Set(CURLOPT_PREREQDATA, this);
  }

  bool SetRequest() {
    Set(CURLOPT_URL, request_.url.c_str());
    Set(CURLOPT_PATH_AS_IS, 1L);  // an id of dots is an id
    Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    const bool has_body = !request_.body.empty() || request_.method == "POST" ||
                          request_.method == "PUT" || request_.method == "PATCH";
    if (has_body) {
      Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      Set(CURLOPT_POSTFIELDS, request_.body.data());
    } else if (request_.method == "HEAD") {
      Set(CURLOPT_NOBODY, 1L);
    }
    Set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    return SetHeaders();
  }

  bool SetHeaders() {
    for (const auto& [name, value] : request_.headers) {
      // "Name;" is libcurl's way to send an empty header.
      if (!AddHeader(value.empty() ? name + ";" : absl::StrCat(name, ": ", value))) return false;
    }
    if (Lacks("User-Agent")) Set(CURLOPT_USERAGENT, kUserAgent);
    // libcurl would guess a form's type.
    if (Lacks("Content-Type") && !AddHeader("Content-Type:")) return false;
    // The sink decodes, not libcurl: that accepts a gzip stream that ends early (7.88).
    if (Lacks("Accept-Encoding") &&
        !AddHeader(absl::StrCat("Accept-Encoding: ", ContentDecoder::kAccepted))) {
      return false;
    }
    if (!AddHeader("Expect:")) return false;  // no extra round trip before large bodies
    Set(CURLOPT_HTTPHEADER, headers_.get());
    return true;
  }

  bool Lacks(absl::string_view name) const { return FindHeader(request_.headers, name).empty(); }

  bool AddHeader(const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) return false;
    static_cast<void>(headers_.release());  // `longer` is the same list, or the first of it
    headers_.reset(longer);
    return true;
  }

  static size_t OnHeader(char* bytes, size_t size, size_t count, void* sink) {
    const absl::string_view line(bytes, size * count);
    return static_cast<ResponseSink*>(sink)->AddHeaderLine(line) ? line.size() : 0;
  }

  static size_t OnBody(char* bytes, size_t size, size_t count, void* sink) {
    const absl::string_view piece(bytes, size * count);
    return static_cast<ResponseSink*>(sink)->AddBody(piece) ? piece.size() : 0;
  }

  // Called when the connection stands and the request is about to be sent.
  static int OnSend(void* transfer, char*, char*, int, int) {
    return ++static_cast<Transfer*>(transfer)->sends_ > 1 ? CURL_PREREQFUNC_ABORT
                                                          : CURL_PREREQFUNC_OK;
  }

  TransferFailure Describe(CURLcode code) const {
    TransferFailure failure;
    failure.kind = Kind(code);
    failure.sent = sends_ > 0;
    failure.detail = Detail(failure.kind);
    failure.origin = origin_;
    failure.endpoint = EndpointLabel(request_);
    failure.ca_file = options_.ca_file;
    failure.timeout = timeout_;
    if (failure.kind == FailureKind::kTimeout && !failure.sent) {
      failure.timeout = std::min(timeout_, options_.connect_timeout);
    }
    return failure;
  }

  FailureKind Kind(CURLcode code) const {
    switch (code) {
      case CURLE_COULDNT_RESOLVE_HOST:
        return FailureKind::kName;
      case CURLE_COULDNT_RESOLVE_PROXY:
      case CURLE_PROXY:
        return FailureKind::kProxy;
      case CURLE_COULDNT_CONNECT:
        return FailureKind::kConnect;
      case CURLE_SSL_CONNECT_ERROR:
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_CIPHER:
      case CURLE_SSL_ISSUER_ERROR:
      case CURLE_SSL_INVALIDCERTSTATUS:
        return FailureKind::kTls;
      case CURLE_SSL_CACERT_BADFILE:
        return FailureKind::kCaFile;
      case CURLE_OPERATION_TIMEDOUT:
        return FailureKind::kTimeout;
      case CURLE_UNSUPPORTED_PROTOCOL:  // "HTTP/0.9": an answer without a status line
      case CURLE_WEIRD_SERVER_REPLY:
      case CURLE_OUT_OF_MEMORY:  // a header line beyond libcurl's own limit
        return FailureKind::kNotHttp;
      default:
        return ProxyAnswer() >= 400 ? FailureKind::kProxy : FailureKind::kInterrupted;
    }
  }

  long ProxyAnswer() const {
    long code = 0;
    curl_easy_getinfo(handle_, CURLINFO_HTTP_CONNECTCODE, &code);
    return code;
  }

  // The system's words where there are any: libcurl's hold times, which differ on every run.
  std::string Detail(FailureKind kind) const {
    if (kind == FailureKind::kTls) return error_;
    if (kind == FailureKind::kProxy) {
      return ProxyAnswer() > 0 ? absl::StrCat("it answered HTTP ", ProxyAnswer()) : "";
    }
    long number = 0;
    curl_easy_getinfo(handle_, CURLINFO_OS_ERRNO, &number);
    return number == 0
               ? ""
               : absl::AsciiStrToLower(std::generic_category().message(static_cast<int>(number)));
  }

  CURL* const handle_;
  const HttpRequest& request_;
  const Origin& origin_;
  const CurlOptions& options_;
  const absl::Duration timeout_;
  ResponseSink sink_;
  HeaderList headers_;
  bool options_accepted_ = true;
  int sends_ = 0;
  char error_[CURL_ERROR_SIZE] = {};
};

class CurlClient final : public HttpClient {
 public:
  CurlClient(const CurlOptions& options, Runtime& runtime) : options_(options), runtime_(runtime) {
    // Once a process; thread-safe in every libcurl since 7.84 on this platform.
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(initialised);
  }

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override {
    const std::string& label = EndpointLabel(request);
    absl::StatusOr<Origin> origin = ParseOrigin(request.url);
    if (!origin.ok()) {
      return absl::FailedPreconditionError(absl::StrCat(label, ": ", origin.status().message()));
    }
    RETURN_IF_ERROR(Annotate(CheckClearText(*origin, options_), label));
    RETURN_IF_ERROR(Annotate(CheckRequest(request), label));
    if (context.stopped()) {
      return absl::CancelledError(absl::StrCat(label, ": stopped before it was sent"));
    }
    const absl::Duration left = context.deadline - runtime_.Now();
    if (left <= absl::ZeroDuration()) {
      return absl::UnavailableError(absl::StrCat(label, ": not sent: the time for it is over"));
    }
    Handle handle = pool_.Take();
    if (handle == nullptr) return absl::ResourceExhaustedError("no memory for a connection");
    absl::StatusOr<HttpResponse> response =
        Transfer(handle.get(), request, *origin, options_, std::min(options_.timeout, left)).Run();
    pool_.Return(std::move(handle));
    return response;
  }

 private:
  const CurlOptions options_;
  Runtime& runtime_;
  HandlePool pool_;
};

}  // namespace

absl::Status CheckClearText(const Origin& origin, const CurlOptions& options) {
  if (origin.scheme == "https" || options.allow_http || IsLoopback(origin)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(origin.ToString(), " would carry the key in clear text; use https, or set ",
                   "allow_http: true for this directory"));
}

std::unique_ptr<HttpClient> MakeCurlClient(const CurlOptions& options, Runtime& runtime) {
  return std::make_unique<CurlClient>(options, runtime);
}

}  // namespace rollcall
