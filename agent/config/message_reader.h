// Reads a YAML tree into a protobuf message by reflection: the message's definition is the schema,
// its KeyRule options are what is checked beside types. Every problem is reported, none stops the
// reading. One thread.
#ifndef AGENT_CONFIG_MESSAGE_READER_H_
#define AGENT_CONFIG_MESSAGE_READER_H_

#include <google/protobuf/message.h>

#include <string>

#include "agent/config/problems.h"
#include "agent/config/yaml_document.h"

namespace rollcall::config {

class MessageReader {
 public:
  // `problems` outlives the reader and learns the line of every key.
  explicit MessageReader(Problems* problems) : problems_(problems) {}

  // `path` is the key that holds the message; "" for the whole file.
  void Read(const YamlNode& node, const std::string& path, google::protobuf::Message* message);

 private:
  using Field = google::protobuf::FieldDescriptor;
  using Message = google::protobuf::Message;

  void ReadShortForm(const YamlNode& node, const std::string& path, Message* message);
  void ReadKeys(const YamlNode& node, const std::string& path, Message* message);
  void ReadField(const YamlNode& node, const std::string& path, const Field& field,
                 Message* message);
  void ReadList(const YamlNode& node, const std::string& path, const Field& field,
                Message* message);
  void ReadMapping(const YamlNode& node, const std::string& path, const Field& field,
                   Message* message);
  // One value: sets a singular field, appends to a repeated one.
  void ReadValue(const YamlNode& node, const std::string& path, const Field& field,
                 Message* message);
  void ReportUnknown(const YamlNode& key, const std::string& path, const Message& message);

  Problems* problems_;
};

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_MESSAGE_READER_H_
