// SimDisk: the disk under a simulated process's state file: SQLite runs as it is, on a file system
// in memory that remembers what has been synced and what has not. It can be full, fail, and lose
// or tear what was not synced when the process dies. One connection a file; one disk is in use at
// a time in a program, since SQLite's file systems are the program's. One thread at a time.
//
// After Die() every call fails and nothing changes; Restart() then decides what was lost.
#ifndef TESTS_SIMULATION_SIM_DISK_H_
#define TESTS_SIMULATION_SIM_DISK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/simulation/dice.h"

namespace rollcall::simulation {

class SimDisk {
 public:
  static constexpr size_t kSector = 512;  // what a disk writes as a whole, if anything is whole

  enum class Write : uint8_t { kDone, kFull, kFailed };

  // What is to happen to the next write or sync, asked before each. `is_sync`: a commit is about to
  // become durable.
  using Weather = std::function<Write(bool is_sync)>;
  // Told when a sync is done.
  using Synced = std::function<void()>;

  struct Losses {
    int64_t torn = 0;
    int64_t lost = 0;
  };

  explicit SimDisk(Dice dice);
  ~SimDisk();
  SimDisk(const SimDisk&) = delete;
  SimDisk& operator=(const SimDisk&) = delete;

  void set_weather(Weather weather) { weather_ = std::move(weather); }
  void set_synced(Synced synced) { synced_ = std::move(synced); }

  void Die() { dead_ = true; }
  // Every connection has been closed. Of what was not synced some is there, some is not, and some
  // in part.
  Losses Restart();

  // Has everything been synced that the write-ahead log holds of transactions that have ended? If
  // not, no intent in it is durable. What a failed write, or one whose sync failed, left behind
  // their end belongs to none.
  bool LogIsDurable() const;

  // For the file system (sim_disk.cc).
  struct Pending {
    size_t offset = 0;
    std::string bytes;
    bool truncates = false;  // to `offset`
  };
  struct File {
    std::string now;      // what a reader sees
    std::string durable;  // what is there after a power cut
    std::vector<Pending> pending;
    std::vector<std::unique_ptr<char[]>> shared;  // SQLite's index of the write-ahead log
  };
  std::map<std::string, std::shared_ptr<File>>& files() { return files_; }
  bool dead() const { return dead_; }
  Write Ask(bool is_sync) { return weather_ ? weather_(is_sync) : Write::kDone; }
  void TellSynced() {
    if (synced_) synced_();
  }
  void Randomness(int count, char* out);

 private:
  // How far the log goes that belongs to this database, by SQLite's index of it.
  static size_t LogEnd(const File& database);

  Dice dice_;
  Dice randomness_;
  Weather weather_;
  Synced synced_;
  bool dead_ = false;
  std::map<std::string, std::shared_ptr<File>> files_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_SIM_DISK_H_
