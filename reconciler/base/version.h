// Which Rollcall this is.
#ifndef RECONCILER_BASE_VERSION_H_
#define RECONCILER_BASE_VERSION_H_

namespace rollcall {

inline constexpr char kRollcallVersion[] = "0.1.0";

}  // namespace rollcall

#endif  // RECONCILER_BASE_VERSION_H_
