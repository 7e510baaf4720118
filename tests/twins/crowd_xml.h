// The little XML that a Crowd server speaks: a reader for request bodies and a writer for answers.
// Written for the twin alone, so that it cannot share a mistake with the client that it checks.
// No namespaces, no document types; elements, attributes, text, comments, CDATA, character and the
// five predefined entity references.
#ifndef TESTS_TWINS_CROWD_XML_H_
#define TESTS_TWINS_CROWD_XML_H_

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rollcall::twins {

inline constexpr char kXmlProlog[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";

struct XmlNode {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  // of this element alone, without white space around it
  std::vector<XmlNode> children;

  const XmlNode* Child(absl::string_view child) const;
};

// Nothing for what is not one well-formed element, or nested deeper than kMaxXmlDepth.
inline constexpr int kMaxXmlDepth = 64;
std::optional<XmlNode> ParseXml(absl::string_view text);

// A request body in the shape that its JSON form has: <user name="x"><active>true</active></user>
// is {"name": "x", "active": "true"}.
nlohmann::json XmlToBody(const XmlNode& node);

// An answer of the given JSON shape under this root element, with the prolog.
std::string BodyToXml(const std::string& root, const nlohmann::json& body);

// Text with what XML reserves escaped and what XML cannot hold left out.
std::string EscapeXml(absl::string_view text);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_XML_H_
