// The configuration's hash: equal for equal meaning. A plan applies only under the hash that made
// it. Pure.
#ifndef AGENT_CONFIG_CONFIG_HASH_H_
#define AGENT_CONFIG_CONFIG_HASH_H_

#include <string>

#include "rollcall/config/v1/config.pb.h"

namespace rollcall::config {

// 64 hex digits over every key and value that shapes a plan or its application, in the schema's
// order: comments, the order of keys and the way YAML was written do not count. Left out: `state`
// (a plan knows its state by id), `schedules`, `serve`, and every secret with its place.
std::string ConfigHash(const v1::Config& config);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_CONFIG_HASH_H_
