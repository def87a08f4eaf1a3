// What becomes of a command's result: the flags that say so, where it is written, what is shown,
// and how the process ends.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "present/console.hpp"
#include "present/format.hpp"
#include "results/document.hpp"

namespace bench::cli {

enum class ColorWhen : std::uint8_t { automatic, always, never };

struct Output {
  std::string path;  ///< or "-" for stdout
  const present::Format* format = nullptr;

  [[nodiscard]] bool to_stdout() const {
    return path == "-" || path == "/dev/stdout" || path == "/dev/fd/1" || path == "/proc/self/fd/1";
  }
};

struct OutputOptions {
  std::vector<Output> outputs;
  bool quiet = false;
  ColorWhen color = ColorWhen::automatic;
  std::optional<std::string> log_level;
};

/// Reads a command's arguments with the flags that every measuring command has. Returns the help if
/// that was asked for. Throws measure::BadRequest.
[[nodiscard]] std::optional<std::string> read(Flags& flags, OutputOptions& options,
                                              Arguments arguments);

/// Before anything is measured: throws measure::BadRequest if the output cannot be written, and
/// sets the log level.
void prepare(const OutputOptions& options);

/// Shows text that was asked for instead of a measurement. Returns the exit code.
[[nodiscard]] int show(const std::string& text);

/// How text for a person is to look on this terminal.
[[nodiscard]] present::Style style(ColorWhen when);

/// The result in one of its formats.
using Written = std::function<std::string(const present::Format&)>;

/// Writes the result where it is wanted and shows `text`, unless stdout belongs to the result.
/// Files come first: they are written even if nobody reads stdout any more, and the text is shown
/// even if a file cannot be written. Returns the first error.
[[nodiscard]] std::expected<void, std::string> deliver(const Written& written,
                                                       const std::string& text,
                                                       const OutputOptions& options);

/// The same for a result document, whose faulty series are named. Returns the exit code.
[[nodiscard]] int deliver(const results::Document& document, const OutputOptions& options,
                          std::optional<int> signal);

/// 1 if a message went wrong, which outranks the rest; 3 if something could not be written, which
/// is said; and that of `signal` if one interrupted the measurement.
[[nodiscard]] int exit_code(bool verified, const std::expected<void, std::string>& delivered,
                            std::optional<int> signal);

}  // namespace bench::cli
