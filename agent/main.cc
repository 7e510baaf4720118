#include "agent/cli/command_line.h"
#include "agent/cli/console.h"

int main(int argc, char** argv) {
  rollcall::Console console = rollcall::Console::OfProcess();
  return static_cast<int>(rollcall::RunCommandLine(argc, argv, console));
}
