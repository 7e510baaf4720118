// What must be true of a configuration beyond each key's type: names that refer to each other,
// forms that exclude each other, addresses, schedules. Every problem is reported. Pure, but for the
// machine's time zones.
#ifndef AGENT_CONFIG_CHECKS_H_
#define AGENT_CONFIG_CHECKS_H_

#include "agent/config/problems.h"
#include "rollcall/config/v1/config.pb.h"

namespace rollcall::config {

// All checks.
void CheckConfig(const v1::Config& config, Problems* problems);

// The parts of CheckConfig, a file each.
void CheckExport(const v1::Export& exported, Problems* problems);
void CheckDirectories(const v1::Config& config, Problems* problems);
void CheckGroups(const v1::Config& config, Problems* problems);
void CheckSchedules(const v1::Config& config, Problems* problems);
void CheckSecret(const v1::Secret& secret, const std::string& path, Problems* problems);

// Names that stand in commands, resources and metrics: of directories and schedules.
inline constexpr size_t kMaxName = 64;
void CheckName(const std::string& name, const std::string& path, Problems* problems);

// Conditions of one `where`: two names that are one in snake case are reported.
void CheckWhere(const google::protobuf::Map<std::string, std::string>& where,
                const std::string& path, Problems* problems);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_CHECKS_H_
