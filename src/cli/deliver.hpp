// What the commands that measure have in common once they have measured: what is written, what is
// shown, and how the process ends.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/options.hpp"
#include "present/console.hpp"
#include "present/format.hpp"
#include "results/document.hpp"

namespace bench::cli {

/// To stderr, as this program's word.
void complain(std::string_view what);

/// Before anything is measured: throws measure::BadRequest if the output cannot be written, and
/// sets the log level.
void prepare(const OutputOptions& options);

/// How text for a person is to look on this terminal.
[[nodiscard]] present::Style style(ColorWhen when);

/// The result in one of its formats.
using Written = std::function<std::string(present::Format)>;

/// Writes the result where it is wanted and shows `text`, unless stdout belongs to the result.
/// Files first: should nobody read stdout any more, they are still written; and what cannot be
/// written is still shown. Returns what went wrong first.
[[nodiscard]] std::expected<void, std::string> deliver(const Written& written,
                                                       const std::string& text,
                                                       const OutputOptions& options);

/// The same for a result document, whose faulty series are told, and the exit code.
[[nodiscard]] int deliver(const results::Document& document, const OutputOptions& options,
                          std::optional<int> signal);

/// 1 if a message went wrong, which outranks the rest, 3 if something could not be written, which
/// is told, and that of `signal` if one interrupted the measurement.
[[nodiscard]] int exit_code(bool verified, const std::expected<void, std::string>& delivered,
                            std::optional<int> signal);

}  // namespace bench::cli
