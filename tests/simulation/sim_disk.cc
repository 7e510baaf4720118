#include "tests/simulation/sim_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace rollcall::simulation {
namespace {

SimDisk* g_disk = nullptr;        // SQLite's file systems are the program's
sqlite3_vfs* g_system = nullptr;  // the one that the program had
constexpr char kName[] = "rollcall-simulation";
constexpr char kLogSuffix[] = "-wal";

struct OpenFile {
  sqlite3_file base;
  std::shared_ptr<SimDisk::File>* file;
};

SimDisk::File& FileOf(sqlite3_file* file) { return **reinterpret_cast<OpenFile*>(file)->file; }

void Apply(const SimDisk::Pending& pending, size_t bytes, std::string& content) {
  if (pending.truncates) {
    if (content.size() > pending.offset) content.resize(pending.offset);
    return;
  }
  const size_t end = pending.offset + bytes;
  if (content.size() < end) content.resize(end);
  std::memcpy(content.data() + pending.offset, pending.bytes.data(), bytes);
}

int CodeOf(SimDisk::Write write, int failure) {
  if (write == SimDisk::Write::kFull) return SQLITE_FULL;
  return write == SimDisk::Write::kFailed ? failure : SQLITE_OK;
}

int Close(sqlite3_file* file) {
  delete reinterpret_cast<OpenFile*>(file)->file;
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
  if (g_disk->dead()) return SQLITE_IOERR_READ;
  const std::string& content = FileOf(file).now;
  const size_t begin = std::min(content.size(), static_cast<size_t>(offset));
  const size_t there = std::min(content.size() - begin, static_cast<size_t>(amount));
  std::memcpy(out, content.data() + begin, there);
  if (there == static_cast<size_t>(amount)) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + there, 0, static_cast<size_t>(amount) - there);
  return SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
  if (g_disk->dead()) return SQLITE_IOERR_WRITE;
  const SimDisk::Write weather = g_disk->Ask(false);
  if (weather != SimDisk::Write::kDone) return CodeOf(weather, SQLITE_IOERR_WRITE);
  SimDisk::File& target = FileOf(file);
  SimDisk::Pending& pending = target.pending.emplace_back();
  pending.offset = static_cast<size_t>(offset);
  pending.bytes.assign(static_cast<const char*>(bytes), static_cast<size_t>(amount));
  Apply(pending, pending.bytes.size(), target.now);
  return SQLITE_OK;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (g_disk->dead()) return SQLITE_IOERR_TRUNCATE;
  SimDisk::Pending& pending = FileOf(file).pending.emplace_back();
  pending.offset = static_cast<size_t>(size);
  pending.truncates = true;
  Apply(pending, 0, FileOf(file).now);
  return SQLITE_OK;
}

int Sync(sqlite3_file* file, int) {
  if (g_disk->dead()) return SQLITE_IOERR_FSYNC;
  const SimDisk::Write weather = g_disk->Ask(true);
  if (weather != SimDisk::Write::kDone) return CodeOf(weather, SQLITE_IOERR_FSYNC);
  SimDisk::File& target = FileOf(file);
  for (const SimDisk::Pending& pending : target.pending) {
    Apply(pending, pending.bytes.size(), target.durable);
  }
  target.pending.clear();
  g_disk->TellSynced();
  return g_disk->dead() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(FileOf(file).now.size());
  return SQLITE_OK;
}

int Lock(sqlite3_file*, int) { return SQLITE_OK; }
int CheckReservedLock(sqlite3_file*, int* taken) {
  *taken = 0;
  return SQLITE_OK;
}
int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return static_cast<int>(SimDisk::kSector); }
// As on every disk that Linux knows: a write that is torn does no harm to what lies beside it.
int DeviceCharacteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  auto& shared = FileOf(file).shared;
  *out = nullptr;
  if (static_cast<size_t>(region) >= shared.size() && extend == 0) return SQLITE_OK;
  while (shared.size() <= static_cast<size_t>(region)) {
    shared.push_back(std::make_unique<char[]>(static_cast<size_t>(size)));
  }
  *out = shared[static_cast<size_t>(region)].get();
  return SQLITE_OK;
}
int ShmLock(sqlite3_file*, int, int, int) { return SQLITE_OK; }
void ShmBarrier(sqlite3_file*) {}
int ShmUnmap(sqlite3_file* file, int) {
  FileOf(file).shared.clear();
  return SQLITE_OK;
}

const sqlite3_io_methods& Methods() {
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods made = {};
    made.iVersion = 2;
    made.xClose = Close;
    made.xRead = Read;
    made.xWrite = Write;
    made.xTruncate = Truncate;
    made.xSync = Sync;
    made.xFileSize = FileSize;
    made.xLock = Lock;
    made.xUnlock = Lock;
    made.xCheckReservedLock = CheckReservedLock;
    made.xFileControl = FileControl;
    made.xSectorSize = SectorSize;
    made.xDeviceCharacteristics = DeviceCharacteristics;
    made.xShmMap = ShmMap;
    made.xShmLock = ShmLock;
    made.xShmBarrier = ShmBarrier;
    made.xShmUnmap = ShmUnmap;
    return made;
  }();
  return methods;
}

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (g_disk == nullptr || g_disk->dead()) return SQLITE_CANTOPEN;
  auto* opened = reinterpret_cast<OpenFile*>(file);
  if (name == nullptr) {
    opened->file = new std::shared_ptr<SimDisk::File>(std::make_shared<SimDisk::File>());
  } else {
    std::shared_ptr<SimDisk::File>& slot = g_disk->files()[name];
    if (slot == nullptr) slot = std::make_shared<SimDisk::File>();
    opened->file = new std::shared_ptr<SimDisk::File>(slot);
  }
  file->pMethods = &Methods();
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* name, int) {
  if (g_disk == nullptr || g_disk->dead()) return SQLITE_IOERR_DELETE;
  return g_disk->files().erase(name) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

int Access(sqlite3_vfs*, const char* name, int, int* there) {
  *there = g_disk != nullptr && g_disk->files().count(name) > 0 ? 1 : 0;
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

int Randomness(sqlite3_vfs*, int count, char* out) {
  if (g_disk != nullptr) g_disk->Randomness(count, out);
  return count;
}

int Sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
int CurrentTime(sqlite3_vfs*, double* days) { return g_system->xCurrentTime(g_system, days); }
int LastError(sqlite3_vfs*, int, char*) { return 0; }

void InstallOnce() {
  static sqlite3_vfs vfs = {};
  if (vfs.zName != nullptr) return;
  g_system = sqlite3_vfs_find(nullptr);
  vfs.iVersion = 1;
  vfs.szOsFile = sizeof(OpenFile);
  vfs.mxPathname = 1024;
  vfs.zName = kName;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  vfs.xFullPathname = FullPathname;
  vfs.xRandomness = Randomness;
  vfs.xSleep = Sleep;
  vfs.xCurrentTime = CurrentTime;
  vfs.xGetLastError = LastError;
  sqlite3_vfs_register(&vfs, 1);
}

}  // namespace

SimDisk::SimDisk(Dice dice) : dice_(dice.Split()), randomness_(dice.Split()) {
  InstallOnce();
  g_disk = this;
  // What SQLite draws from now on begins anew with this disk's chances.
  sqlite3_randomness(0, nullptr);
}

SimDisk::~SimDisk() { g_disk = nullptr; }

SimDisk::Losses SimDisk::Restart() {
  Losses losses;
  for (auto& [name, file] : files_) {
    for (const Pending& pending : file->pending) {
      const int64_t fate = dice_.Below(3);
      if (fate == 0) {
        ++losses.lost;
        continue;
      }
      size_t bytes = pending.bytes.size();
      if (fate == 1 && bytes > 1) {
        bytes = static_cast<size_t>(dice_.Between(1, static_cast<int64_t>(bytes) - 1));
        ++losses.torn;
      }
      Apply(pending, bytes, file->durable);
    }
    file->pending.clear();
    file->shared.clear();
    file->now = file->durable;
  }
  dead_ = false;
  return losses;
}

// The index begins with a header: the size of a page at byte 14, the last frame of the last
// transaction at byte 16, in the machine's order (https://www.sqlite.org/walformat.html).
size_t SimDisk::LogEnd(const File& database) {
  constexpr size_t kLogHeader = 32;
  constexpr size_t kFrameHeader = 24;
  if (database.shared.empty()) return SIZE_MAX;
  uint16_t page = 0;
  uint32_t frames = 0;
  std::memcpy(&page, database.shared[0].get() + 14, sizeof(page));
  std::memcpy(&frames, database.shared[0].get() + 16, sizeof(frames));
  if (frames == 0) return 0;
  return kLogHeader + frames * (kFrameHeader + (page == 1 ? 65536 : size_t{page}));
}

bool SimDisk::LogIsDurable() const {
  return std::all_of(files_.begin(), files_.end(), [&](const auto& database) {
    const auto log = files_.find(database.first + kLogSuffix);
    if (log == files_.end()) return true;
    const size_t end = LogEnd(*database.second);
    const auto& pending = log->second->pending;
    return std::none_of(pending.begin(), pending.end(), [&](const Pending& write) {
      return !write.truncates && write.offset < end;
    });
  });
}

void SimDisk::Randomness(int count, char* out) {
  for (int i = 0; i < count; ++i) out[i] = static_cast<char>(randomness_.Below(256));
}

}  // namespace rollcall::simulation
