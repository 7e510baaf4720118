// SQLite with statuses instead of codes: a connection, statements and transactions. The only header
// of the project behind which sqlite3.h is included.
//
// A Database may be used from any thread; Read and Write hold its mutex while their body runs, so a
// body must do nothing but use the database. Statements live only within such a body (or before the
// database is shared). Every file name and cure is in the message; values never are.
//
//   PERMISSION_DENIED   cannot be opened or written
//   FAILED_PRECONDITION not a database
//   DATA_LOSS           damaged
//   RESOURCE_EXHAUSTED  the disk is full
//   UNAVAILABLE         busy for more than 10 s, or the disk fails
//   ALREADY_EXISTS      a unique key is taken
#ifndef AGENT_STORE_SQLITE_H_
#define AGENT_STORE_SQLITE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "reconciler/base/mutex.h"

struct sqlite3;
struct sqlite3_stmt;

namespace rollcall {

class Database;

// Must not outlive its database, to which it goes back when it ends.
class Statement {
 public:
  Statement(Database* database, sqlite3_stmt* statement)
      : database_(database), statement_(statement) {}
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;

  // Binds, executes to the end and makes ready for the next time. Arguments: integers, enums,
  // texts, absl::Time (nanoseconds since 1970), optionals of these (NULL).
  template <typename... Arguments>
  absl::Status Run(const Arguments&... arguments) {
    Bind(arguments...);
    return Finish();
  }

  // Binds and makes ready to read rows with Next().
  template <typename... Arguments>
  void Bind(const Arguments&... arguments) {
    Reset();
    int index = 0;
    (BindOne(++index, arguments), ...);
  }

  absl::StatusOr<bool> Next();  // false: no further row

  // Columns of the current row, from 0.
  int64_t Int(int column) const;
  std::string Text(int column) const;
  absl::string_view View(int column) const;  // until the next step
  bool IsNull(int column) const;
  absl::Time Time(int column) const;

 private:
  template <typename T>
  void BindOne(int index, const T& value) {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
      BindInt(index, static_cast<int64_t>(value));
    } else {
      BindText(index, value);
    }
  }
  template <typename T>
  void BindOne(int index, const std::optional<T>& value) {
    if (value.has_value()) BindOne(index, *value);  // else NULL, as after Reset
  }
  void BindOne(int index, absl::Time value);
  void BindInt(int index, int64_t value);
  void BindText(int index, absl::string_view value);
  void Reset();
  absl::Status Finish();

  Database* database_;
  sqlite3_stmt* statement_;
  int bind_error_ = 0;
};

class Database {
 public:
  // Makes the file with mode 0600 where it is missing.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& file);
  // An existing file, to read from only: nothing is made or changed beside it either. NOT_FOUND:
  // there is none.
  static absl::StatusOr<std::unique_ptr<Database>> OpenToRead(const std::string& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `body` in one transaction that is kept when it returns OK and undone otherwise. Durable
  // on return. Must not be nested.
  absl::Status Write(const std::function<absl::Status()>& body);
  // The same for reading: everything that `body` sees belongs to one moment.
  absl::Status Read(const std::function<absl::Status()>& body);

  // Only within a body of Read or Write. What was prepared is kept and handed out again for the
  // same text, up to kMostKept of them: parsing costs more than most of these statements do.
  static constexpr size_t kMostKept = 128;
  absl::StatusOr<Statement> Prepare(absl::string_view sql);
  absl::Status Script(const std::string& sql);
  template <typename... Arguments>
  absl::Status Run(absl::string_view sql, const Arguments&... arguments) {
    absl::StatusOr<Statement> statement = Prepare(sql);
    return statement.ok() ? statement->Run(arguments...) : statement.status();
  }
  // The first column of the first row; nullopt: no row, or NULL.
  template <typename... Arguments>
  absl::StatusOr<std::optional<int64_t>> Number(absl::string_view sql,
                                                const Arguments&... arguments) {
    absl::StatusOr<Statement> statement = Prepare(sql);
    if (!statement.ok()) return statement.status();
    statement->Bind(arguments...);
    absl::StatusOr<bool> row = statement->Next();
    if (!row.ok()) return row.status();
    if (!*row || statement->IsNull(0)) return std::optional<int64_t>();
    return std::optional<int64_t>(statement->Int(0));
  }
  // Rows that the last statement changed.
  int64_t changes() const;
  int64_t last_row() const;

  const std::string& file() const { return file_; }

 private:
  Database(std::string file, sqlite3* connection);
  absl::Status Configure();
  absl::Status Transact(const char* begin, const std::function<absl::Status()>& body);
  absl::Status Step(const char* sql);
  friend class Statement;
  void TakeBack(sqlite3_stmt* statement);

  const std::string file_;
  sqlite3* connection_;
  // By their text; a statement that is in use is not in it.
  absl::flat_hash_map<std::string, sqlite3_stmt*> kept_;
  Mutex mutex_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_SQLITE_H_
