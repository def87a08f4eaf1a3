// The output of a command: its flags, where the result is written, what is shown, and how the
// process ends.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/label.hpp"
#include "cli/placeholders.hpp"
#include "present/console.hpp"
#include "present/format.hpp"
#include "results/document.hpp"

namespace bench::cli {

enum class ColorWhen : std::uint8_t { automatic, always, never };

struct Output {
  std::string path;                         ///< or "-" for stdout
  const present::Format* format = nullptr;  ///< null for a verdict's flags
  std::string_view flag = "--output";       ///< the flag that asked for it
  std::string pattern = {};                 ///< the path before its placeholders were filled in
  /// Where files of its format have one series: that series. None before it is measured.
  const results::Series* series = nullptr;

  [[nodiscard]] bool to_stdout() const {
    return path == "-" || path == "/dev/stdout" || path == "/dev/fd/1" || path == "/proc/self/fd/1";
  }
};

struct OutputOptions {
  std::vector<Output> outputs;
  LabelOptions labels;             ///< of the commands that have --label and --note
  PlaceholderValues placeholders;  ///< with which the outputs' names were filled in
  bool quiet = false;
  ColorWhen color = ColorWhen::automatic;
  std::optional<std::string> log_level;
};

/// Adds the flags that every command with a result has, reads the command's arguments, and fills in
/// the outputs' names. `formats` are those that the command can write, JSON first. `placeholders`
/// is called once all flags are read; without it, the values are those of this host and this
/// moment. Returns the help if the user asked for it. Throws measure::BadRequest.
[[nodiscard]] std::optional<std::string> read(
    Flags& flags, OutputOptions& options, Arguments arguments,
    std::span<const present::Format> formats = present::formats(),
    const std::function<PlaceholderValues()>& placeholders = {});

/// The same path for every way to name a file, whether or not the file exists yet.
[[nodiscard]] std::filesystem::path whole_path(const std::string& path);

/// Throws measure::BadRequest if two of the outputs are the same file, however it is named, or if
/// both are stdout.
void refuse_same_file(const std::vector<Output>& outputs);

/// Prepares the output before anything is measured: throws measure::BadRequest if it cannot be
/// written, and sets the log level.
void prepare(const OutputOptions& options);

/// Shows text that the user asked for instead of a measurement. Returns the exit code.
[[nodiscard]] int show(const std::string& text);

/// How text for people should look on this terminal.
[[nodiscard]] present::Style style(ColorWhen when);

/// Names the failure on stderr, if there is one, with what each thread was doing.
void name_failure(const std::optional<results::Failure>& failure);

/// Names on stderr what went wrong in `series`.
void name_faults(std::string_view series, const workload::Verification& seen);

/// Returns the text of an output.
using Written = std::function<std::string(const Output&)>;

/// Writes the result to every output, and shows `text` unless the result went to stdout or --quiet
/// was given. Files come first, so that they are written even if nobody reads stdout any more. The
/// text is shown even if a file cannot be written. Returns the first error.
[[nodiscard]] std::expected<void, std::string> deliver(const Written& written,
                                                       const std::string& text,
                                                       const OutputOptions& options);

/// The same for a result document; also names its faulty series, the requirements that were missed
/// or that nobody can judge, and series of a complete document that received nothing. Returns the
/// exit code.
[[nodiscard]] int deliver(const results::Document& document, const OutputOptions& options,
                          std::optional<int> signal);

/// Returns 1 unless everything `passed`: if a message went wrong or a requirement was missed, that
/// comes first, whatever else happened; else 3 if something could not be written; else 128 +
/// `signal` if that interrupted the measurement; else 0. Logs the error of `delivered`.
[[nodiscard]] int exit_code(bool passed, const std::expected<void, std::string>& delivered,
                            std::optional<int> signal);

}  // namespace bench::cli
