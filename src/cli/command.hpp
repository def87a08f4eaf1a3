// The commands: a file each, with its flags, its help and what it does, and a row in the table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bench::cli {

/// What the user typed after the command's name.
using Arguments = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view summary;  ///< a line of the help
  /// Returns the exit code: 0 all is well, 1 a message went wrong, 3 the result was not delivered,
  /// 130 or 143 interrupted. `command_line` is what the user typed, as a shell reads it. Throws
  /// measure::BadRequest and machine::CannotMeasure.
  int (*execute)(Arguments arguments, const std::string& command_line);
};

/// In the order of the help; the first is the default, whose name may be left out.
[[nodiscard]] std::span<const Command> commands() noexcept;

/// Executes the command that the arguments begin with.
[[nodiscard]] int execute(Arguments arguments, const std::string& command_line);

}  // namespace bench::cli
