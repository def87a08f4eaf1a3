// The command line as typed options.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "measure/plan.hpp"

namespace bench::cli {

enum class ColorWhen : std::uint8_t { automatic, always, never };

struct RunOptions {
  measure::Request request;
  std::optional<std::string> output;  ///< a path, or "-" for stdout
  bool quiet = false;
  ColorWhen color = ColorWhen::automatic;
  std::string log_level = "warn";
};

/// Text that was asked for instead of a run: --help or --version.
struct TextOnly {
  std::string text;
};

using Options = std::variant<RunOptions, TextOnly>;

/// Throws measure::BadRequest whose message names the flag, the value and what would be right.
[[nodiscard]] Options parse(int argc, const char* const* argv);

}  // namespace bench::cli
