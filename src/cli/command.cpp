#include "cli/command.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "cli/values.hpp"

namespace bench::cli {

std::span<const Command> commands() noexcept {
  static const std::array all = {kRun,    kSweep,    kLatency, kStress, kDuel,  kCompare,
                                 kReport, kTopology, kShow,    kQueues, kWorker};
  return all;
}

int execute(Arguments arguments, const std::string& command_line) {
  const std::span<const Command> table = commands();
  const Command* command = table.data();
  if (!arguments.empty() && !arguments.front().empty() && !arguments.front().starts_with('-')) {
    std::vector<std::string_view> names(table.size());
    std::ranges::transform(table, names.begin(), &Command::name);
    command = &table[parse_choice("command", arguments.front(), names)];
    arguments.erase(arguments.begin());
  }
  return command->execute(std::move(arguments), command_line);
}

}  // namespace bench::cli
