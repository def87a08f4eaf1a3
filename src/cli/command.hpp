// The commands. Each has a file of its own, with its flags, its help and its code, and a row in the
// table in command.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bench::cli {

/// What the user typed, without the program's name.
using Arguments = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view summary;  ///< one line in the list of commands in the help
  /// Returns the exit code: 0 if all is well, 1 if a message went wrong, 3 if the result was not
  /// delivered, 129, 130 or 143 if a signal interrupted it. `command_line` is what the user typed,
  /// as a shell reads it. Throws measure::BadRequest and machine::CannotMeasure.
  int (*execute)(Arguments arguments, const std::string& command_line);
};

// Each is defined in the file of its name.
extern const Command kRun;
extern const Command kSweep;
extern const Command kLatency;
extern const Command kStress;
extern const Command kDuel;
extern const Command kCompare;
extern const Command kReport;
extern const Command kTopology;
extern const Command kShow;
extern const Command kQueues;
extern const Command kWorker;

/// All commands in the order of the help. The first is the default: its name may be left out.
[[nodiscard]] std::span<const Command> commands() noexcept;

/// Executes the command that the first argument names, or the default if it names none.
[[nodiscard]] int execute(Arguments arguments, const std::string& command_line);

}  // namespace bench::cli
