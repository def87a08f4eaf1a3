// Sweep files as text, for tests.
#pragma once

#include <string>
#include <vector>

#include "cli/flags.hpp"
#include "cli/sweep_changes.hpp"
#include "cli/sweep_series.hpp"
#include "results/sweep_file.hpp"

namespace bench::testing {

inline constexpr unsigned kSweepCpus = 6;

[[nodiscard]] inline measure::SweepRequest series_of(const std::string& text,
                                                     const cli::SweepChoice& choice = {}) {
  const auto file = results::read_sweep_file(text);
  if (!file) throw measure::BadRequest(file.error());
  return cli::sweep_series(*file, kSweepCpus, "mine", choice);
}

using Given = std::vector<std::string>;

/// The series of a sweep file with these flags after it.
[[nodiscard]] inline measure::SweepRequest series_with(const Given& arguments,
                                                       const std::string& text) {
  auto file = results::read_sweep_file(text);
  if (!file) throw measure::BadRequest(file.error());
  std::vector<results::SweepEntry> given;
  cli::Flags flags("sweep", "");
  cli::add_setting_flags(flags, given);
  static_cast<void>(flags.read(arguments));
  cli::check_given(given, kSweepCpus);
  cli::change(*file, given, kSweepCpus);
  cli::SweepChoice choice;
  for (const results::SweepEntry& entry : given) choice.given.push_back(entry.key);
  return cli::sweep_series(*file, kSweepCpus, "mine", choice);
}

/// The text of a sweep file that has a description and `rest`.
[[nodiscard]] inline std::string sweep(const std::string& rest) {
  return R"({"description": "d", )" + rest + "}";
}

/// What is said of a mistake in a sweep file or in the flags after it.
[[nodiscard]] inline std::string mistake_in(const std::string& text, const Given& arguments = {}) {
  try {
    static_cast<void>(series_with(arguments, text));
  } catch (const measure::BadRequest& error) {
    return error.what();
  }
  return "no mistake";
}

/// The names of the series, with their keys as in the file.
[[nodiscard]] inline std::vector<std::string> names(const measure::SweepRequest& request) {
  std::vector<std::string> all;
  for (const auto& series : request.series) {
    std::string& name = all.emplace_back();
    for (const auto& [key, value] : series.parameters) {
      if (!name.empty()) name += ' ';
      name.append(key).append("=").append(value);
    }
  }
  return all;
}

}  // namespace bench::testing
