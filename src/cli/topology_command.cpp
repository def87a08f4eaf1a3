#include "cli/commands.hpp"

namespace bench::cli {

int execute(const TopologyOptions& /*options*/, const std::string& /*command_line*/) { return 0; }

}  // namespace bench::cli
