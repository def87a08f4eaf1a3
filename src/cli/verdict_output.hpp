// The output of the commands that give verdicts: flags, files, the page, and how the process ends.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "results/verdict_report.hpp"

namespace bench::cli {

struct VerdictOptions {
  OutputOptions output;
  std::optional<std::string> markdown;  ///< the file of --markdown
  std::optional<std::string> junit;     ///< the file of --junit
  double margin = 0.05;                 ///< of --fail-on, as a part
  bool inconclusive_fails = false;      ///< of --inconclusive
};

/// Adds the flags --inconclusive, --markdown and --junit, which say what becomes of a verdict that
/// is found or kept.
void add_verdict_output(Flags& flags, VerdictOptions& options);

/// Fills in the names of the files of --markdown and --junit as read() did those of --output.
/// Throws measure::BadRequest.
void fill_in_names(VerdictOptions& options);

/// Throws measure::BadRequest if two of the output's files are the same, or if more than one of
/// them is stdout.
void refuse_same_file(const VerdictOptions& options);

/// Throws measure::BadRequest if one of the output's files is among the inputs, however it is
/// named.
void refuse_inputs(const VerdictOptions& options, std::span<const std::string> inputs);

/// Adds the flags --fail-on, --inconclusive, --markdown and --junit and those of every command with
/// a result, and reads the command's arguments. Returns the help if the user asked for it. Throws
/// measure::BadRequest.
[[nodiscard]] std::optional<std::string> read(Flags& flags, VerdictOptions& options,
                                              Arguments arguments);

/// Prepares the output before anything is measured; see prepare(OutputOptions).
void prepare(const VerdictOptions& options);

/// Writes every file and shows the page, whose last line is the verdict. Returns the exit code: 1
/// if a series regressed, if a message went wrong, if the queue failed, or, where options say so,
/// if a series is inconclusive; else 3 if something could not be written or measured, or if a
/// complete report has no series with a ratio; else 128 + `signal` if that interrupted the
/// measurement; else 0.
[[nodiscard]] int deliver(const results::VerdictReport& report, const VerdictOptions& options,
                          std::optional<int> signal);

}  // namespace bench::cli
