// What a note of a snapshot (Snapshot::notes) begins with where it tells of accounts that could not
// be judged: a leaver may be among them, so that such a directory is not in step (finding
// `unreadable_accounts`). Other notes are for information (finding `oddity`). A constant.
#ifndef RECONCILER_PORTS_NOTES_H_
#define RECONCILER_PORTS_NOTES_H_

namespace rollcall {

inline constexpr char kNotJudged[] = "not judged: ";

}  // namespace rollcall

#endif  // RECONCILER_PORTS_NOTES_H_
