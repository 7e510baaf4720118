#include "agent/store/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr int kBusyMilliseconds = 10000;

struct Meaning {
  absl::StatusCode code;
  const char* what;
};

Meaning MeaningOf(int result) {
  // The index of the write-ahead log is made longer before anything is written: the same cause.
  const int family = result == SQLITE_IOERR_SHMSIZE ? SQLITE_FULL : result & 0xFF;
  switch (family) {
    case SQLITE_NOTADB:
      return {absl::StatusCode::kFailedPrecondition,
              "is not a state file of Rollcall; name another file under `state`"};
    case SQLITE_CORRUPT:
      return {absl::StatusCode::kDataLoss,
              "is damaged; restore it from a backup, or begin a new one and link again"};
    case SQLITE_FULL:
      return {absl::StatusCode::kResourceExhausted,
              "cannot grow because the disk is full; free space and run the command again"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return {absl::StatusCode::kPermissionDenied,
              "cannot be opened for writing; check that its folder exists and that this user may "
              "write the folder and the file"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {absl::StatusCode::kUnavailable,
              "is in use by another process; wait until that has ended"};
    case SQLITE_CONSTRAINT:
      return {(result == SQLITE_CONSTRAINT_UNIQUE || result == SQLITE_CONSTRAINT_PRIMARYKEY)
                  ? absl::StatusCode::kAlreadyExists
                  : absl::StatusCode::kInternal,
              "refuses a row that contradicts others"};
    case SQLITE_TOOBIG:
      return {absl::StatusCode::kResourceExhausted, "cannot hold a value that large"};
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
      return {absl::StatusCode::kUnavailable, "cannot be read or written; check the disk"};
    default:
      return {absl::StatusCode::kInternal, "answers unexpectedly"};
  }
}

absl::Status ToStatus(int result, const std::string& file, const char* detail) {
  const Meaning meaning = MeaningOf(result);
  return absl::Status(meaning.code, absl::StrCat("state file ", file, " ", meaning.what, " (",
                                                 detail, ", SQLite ", result, ")"));
}

int64_t ToStored(absl::Time time) {
  if (time == absl::InfiniteFuture()) return std::numeric_limits<int64_t>::max();
  if (time == absl::InfinitePast()) return std::numeric_limits<int64_t>::min();
  return absl::ToUnixNanos(time);
}

absl::Time FromStored(int64_t nanos) {
  if (nanos == std::numeric_limits<int64_t>::max()) return absl::InfiniteFuture();
  if (nanos == std::numeric_limits<int64_t>::min()) return absl::InfinitePast();
  return absl::FromUnixNanos(nanos);
}

// Made before SQLite sees it, so that neither it nor its -wal and -shm, which take over its mode,
// are readable to others for a moment. An existing file is not opened here: closing it would drop
// the locks that another connection of this process holds on it.
absl::Status MakeFile(const std::string& file) {
  struct stat found{};
  if (stat(file.c_str(), &found) == 0) {
    if (S_ISREG(found.st_mode)) return absl::OkStatus();
    return absl::PermissionDeniedError(
        absl::StrCat("state file ", file, " is no regular file; name another one under `state`"));
  }
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    close(descriptor);
    return absl::OkStatus();
  }
  if (errno == EEXIST) return absl::OkStatus();
  const std::string what = absl::StrCat(
      "state file ", file, " cannot be made: ", std::strerror(errno), "; check its folder");
  return errno == ENOSPC ? absl::ResourceExhaustedError(what) : absl::PermissionDeniedError(what);
}

}  // namespace

Statement::~Statement() {
  if (statement_ != nullptr) database_->TakeBack(statement_);
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      bind_error_(other.bind_error_) {}

void Statement::BindOne(int index, absl::Time value) { BindInt(index, ToStored(value)); }

void Statement::BindInt(int index, int64_t value) {
  const int result = sqlite3_bind_int64(statement_, index, value);
  if (result != SQLITE_OK) bind_error_ = result;
}

void Statement::BindText(int index, absl::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();
  const int result =
      sqlite3_bind_text64(statement_, index, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (result != SQLITE_OK) bind_error_ = result;
}

void Statement::Reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  bind_error_ = 0;
}

absl::StatusOr<bool> Statement::Next() {
  if (bind_error_ != 0) return ToStatus(bind_error_, database_->file_, "binding a value");
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  sqlite3* connection = database_->connection_;
  return ToStatus(sqlite3_extended_errcode(connection), database_->file_,
                  sqlite3_errmsg(connection));
}

absl::Status Statement::Finish() {
  while (true) {
    ASSIGN_OR_RETURN(const bool row, Next());
    if (row) continue;
    sqlite3_reset(statement_);
    return absl::OkStatus();
  }
}

int64_t Statement::Int(int column) const { return sqlite3_column_int64(statement_, column); }
std::string Statement::Text(int column) const { return std::string(View(column)); }

absl::string_view Statement::View(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

absl::Time Statement::Time(int column) const { return FromStored(Int(column)); }

Database::Database(std::string file, sqlite3* connection)
    : file_(std::move(file)), connection_(connection) {}

Database::~Database() {
  for (const auto& [sql, statement] : kept_) sqlite3_finalize(statement);
  sqlite3_close_v2(connection_);
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::string& file) {
  RETURN_IF_ERROR(MakeFile(file));
  sqlite3* connection = nullptr;
  const int result = sqlite3_open_v2(file.c_str(), &connection,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Database> database(new Database(file, connection));
  if (result != SQLITE_OK) {
    return ToStatus(result, file, connection == nullptr ? "opening" : sqlite3_errmsg(connection));
  }
  RETURN_IF_ERROR(database->Configure());
  return database;
}

absl::StatusOr<std::unique_ptr<Database>> Database::OpenToRead(const std::string& file) {
  if (access(file.c_str(), F_OK) != 0) {
    return absl::NotFoundError(absl::StrCat(file, ": there is no such file"));
  }
  // Without a log of open transactions nobody is writing, and SQLite is told to make no files of
  // its own for finding that out.
  const bool quiet = access(absl::StrCat(file, "-wal").c_str(), F_OK) != 0;
  const std::string uri =
      absl::StrCat("file:", absl::StrReplaceAll(file, {{"%", "%25"}, {"?", "%3f"}, {"#", "%23"}}),
                   quiet ? "?immutable=1" : "?mode=ro");
  sqlite3* connection = nullptr;
  const int result =
      sqlite3_open_v2(uri.c_str(), &connection,
                      SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
  std::unique_ptr<Database> database(new Database(file, connection));
  if (result != SQLITE_OK) {
    return ToStatus(result, file, connection == nullptr ? "opening" : sqlite3_errmsg(connection));
  }
  sqlite3_extended_result_codes(connection, 1);
  sqlite3_busy_timeout(connection, kBusyMilliseconds);
  return database;
}

absl::Status Database::Configure() {
  sqlite3_extended_result_codes(connection_, 1);
  sqlite3_busy_timeout(connection_, kBusyMilliseconds);
  // FULL: a commit is on the disk when it returns, which is what the journal promises.
  return Script(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
      "PRAGMA trusted_schema = OFF;");
}

absl::StatusOr<Statement> Database::Prepare(absl::string_view sql) {
  const auto kept = kept_.find(sql);
  if (kept != kept_.end()) {
    Statement again(this, kept->second);
    kept_.erase(kept);
    return again;
  }
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) return ToStatus(result, file_, sqlite3_errmsg(connection_));
  return Statement(this, statement);
}

// The error of its last step is told by then; a reset repeats it.
void Database::TakeBack(sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  const bool kept =
      kept_.size() < kMostKept && kept_.try_emplace(sqlite3_sql(statement), statement).second;
  if (!kept) sqlite3_finalize(statement);
}

absl::Status Database::Step(const char* sql) {
  absl::StatusOr<Statement> statement = Prepare(sql);
  return statement.ok() ? statement->Run() : statement.status();
}

absl::Status Database::Script(const std::string& sql) {
  const int result = sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr);
  if (result == SQLITE_OK) return absl::OkStatus();
  return ToStatus(result, file_, sqlite3_errmsg(connection_));
}

absl::Status Database::Write(const std::function<absl::Status()>& body) {
  return Transact("BEGIN IMMEDIATE", body);
}

absl::Status Database::Read(const std::function<absl::Status()>& body) {
  return Transact("BEGIN", body);
}

absl::Status Database::Transact(const char* begin, const std::function<absl::Status()>& body) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Step(begin));
  absl::Status status = body();
  if (status.ok()) status = Step("COMMIT");
  // Some errors (a full disk) have undone the transaction already; then there is none to undo.
  if (!status.ok() && sqlite3_get_autocommit(connection_) == 0) Step("ROLLBACK").IgnoreError();
  return status;
}

int64_t Database::changes() const { return sqlite3_changes64(connection_); }
int64_t Database::last_row() const { return sqlite3_last_insert_rowid(connection_); }

}  // namespace rollcall
