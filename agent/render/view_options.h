// How a document is cut and how it names the program. A value.
#ifndef AGENT_RENDER_VIEW_OPTIONS_H_
#define AGENT_RENDER_VIEW_OPTIONS_H_

#include <cstddef>
#include <string>

namespace rollcall {

struct ViewOptions {
  // How this call would be repeated: "rollcall", or with the configuration that was given.
  std::string command = "rollcall";
  // Rows shown of each directory and action; findings shown of one name; 0: all.
  size_t rows = 50;
};

}  // namespace rollcall

#endif  // AGENT_RENDER_VIEW_OPTIONS_H_
