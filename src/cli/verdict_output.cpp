#include "cli/verdict_output.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <utility>

#include "cli/values.hpp"
#include "measure/plan.hpp"
#include "present/format.hpp"
#include "present/junit.hpp"
#include "present/markdown.hpp"
#include "present/verdict_page.hpp"
#include "results/json.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;
using results::JudgedSeries;
using results::VerdictReport;

constexpr std::string_view kMarkdownFlag = "--markdown";
constexpr std::string_view kJunitFlag = "--junit";

/// A part of 1, from a percentage like 5% or 0.5%.
double parse_margin(std::string_view flag, std::string_view text) {
  constexpr double kLeastPercent = 0.1;
  constexpr double kMostPercent = 50;
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const bool number = error == std::errc{} && std::isfinite(value);
  if (number && unit == "%" && value >= kLeastPercent && value <= kMostPercent) return value / 100;
  const bool bare = number && unit.empty() && value > 0;
  throw BadRequest(fmt::format("{} {}: must be from {}% to {}%, like 5%{}", flag,
                               text.empty() ? "''" : text, kLeastPercent, kMostPercent,
                               bare ? "; the % must be there" : ""));
}

/// Every file that is written, whichever flag asked for it.
OutputOptions all_files(const VerdictOptions& options) {
  OutputOptions all = options.output;
  if (options.markdown) all.outputs.push_back({.path = *options.markdown, .flag = kMarkdownFlag});
  if (options.junit) all.outputs.push_back({.path = *options.junit, .flag = kJunitFlag});
  return all;
}

/// Names each series that has a fault on stderr. Returns true if there is none.
bool all_verified(const VerdictReport& report) {
  bool all = true;
  for (const JudgedSeries& series : report.series) {
    if (verified(series)) continue;
    all = false;
    const auto name_side = [&](std::string_view side, workload::Verification seen) {
      const workload::Verification counted = seen;
      if (!series.keeps_order) seen.reordered = 0;
      if (!seen.passed()) name_faults(fmt::format("{}, {}", series.name, side), counted);
    };
    name_side("base", series.base.verification);
    name_side("candidate", series.candidate.verification);
  }
  for (const results::Unmatched& one : report.unmatched) {
    all = all && verified(one);
    for (const std::string& fault : one.faults) spdlog::error("{}: {}", one.name, fault);
  }
  return all;
}

/// Why no series has a ratio.
std::string why_nothing(const VerdictReport& report) {
  if (!report.series.empty()) {
    return fmt::format("no series has a ratio, like {}: {}", report.series.front().name,
                       report.series.front().why);
  }
  if (report.unmatched.empty()) return "there is no series of a queue on either side";
  return fmt::format("none of {} series could be compared, like {}: {}; see \"unmatched\"",
                     report.unmatched.size(), report.unmatched.front().name,
                     report.unmatched.front().why);
}

bool has_ratio(const JudgedSeries& series) { return series.ratio.has_value(); }

bool any_is(const VerdictReport& report, results::Verdict verdict) {
  return std::ranges::find(report.series, verdict, &JudgedSeries::verdict) != report.series.end();
}

}  // namespace

void add_verdict_output(Flags& flags, VerdictOptions& options) {
  constexpr const char* kGroup = "Verdict";
  constexpr std::array kInconclusive = {std::pair{std::string_view{"pass"}, false},
                                        std::pair{std::string_view{"fail"}, true}};
  flags.add(kGroup, "--inconclusive", "WHAT", "An inconclusive series: pass or fail [pass]",
            [&options, kInconclusive](auto flag, auto value) {
              options.inconclusive_fails = parse_named(flag, value, kInconclusive);
            });
  const auto add_file = [&flags](std::string_view name, const char* description,
                                 std::optional<std::string>& file) {
    flags.add(kGroup, name, "FILE", description, [&file](auto flag, auto value) {
      if (value.empty()) throw BadRequest(fmt::format("{} '': needs a file name, or -", flag));
      file = std::string(value);
    });
  };
  add_file(kMarkdownFlag, "Write Markdown for a pull request to FILE or -", options.markdown);
  add_file(kJunitFlag, "Write a JUnit test report to FILE or -", options.junit);
}

void fill_in_names(VerdictOptions& options) {
  const PlaceholderValues& values = options.output.placeholders;
  if (options.markdown) options.markdown = filled_in(kMarkdownFlag, *options.markdown, values);
  if (options.junit) options.junit = filled_in(kJunitFlag, *options.junit, values);
}

void refuse_same_file(const VerdictOptions& options) {
  refuse_same_file(all_files(options).outputs);
}

void refuse_inputs(const VerdictOptions& options, std::span<const std::string> inputs) {
  for (const Output& output : all_files(options).outputs) {
    if (output.to_stdout()) continue;
    const std::filesystem::path written = whole_path(output.path);
    const auto is_written = [&](const std::string& input) {
      return whole_path(input == "-" ? "/dev/stdin" : input) == written;
    };
    if (std::ranges::none_of(inputs, is_written)) continue;
    throw BadRequest(fmt::format("{} {}: the result in it is read, and would be overwritten",
                                 output.flag, output.path));
  }
}

std::optional<std::string> read(Flags& flags, VerdictOptions& options, Arguments arguments) {
  flags.add("Verdict", "--fail-on", "PERCENT",
            "A slowdown by more than this fails; less is no change [5%]",
            [&options](auto flag, auto value) { options.margin = parse_margin(flag, value); });
  add_verdict_output(flags, options);
  if (auto help = read(flags, options.output, std::move(arguments), present::formats().first(1))) {
    return help;
  }
  fill_in_names(options);
  refuse_same_file(options);
  return std::nullopt;
}

void prepare(const VerdictOptions& options) { prepare(all_files(options)); }

int deliver(const VerdictReport& report, const VerdictOptions& options, std::optional<int> signal) {
  const auto written = [&](const Output& output) {
    if (output.flag == kMarkdownFlag) return present::to_markdown(report);
    if (output.flag == kJunitFlag) return present::to_junit(report, options.inconclusive_fails);
    return results::to_json(report);
  };
  const auto delivered =
      deliver(written, present::render(report, style(options.output.color)), all_files(options));
  name_failure(report.failure);
  const bool queue_failed =
      report.failure && report.failure->kind != results::FailureKind::cannot_measure;
  const bool sound =
      all_verified(report) && !queue_failed && !any_is(report, results::Verdict::regressed) &&
      !(options.inconclusive_fails && any_is(report, results::Verdict::inconclusive));
  // An interrupt may have come before the first series.
  const bool nothing = report.complete && std::ranges::none_of(report.series, has_ratio);
  if (nothing) spdlog::error("nothing was compared: {}", why_nothing(report));
  const int code = exit_code(sound, delivered, signal);
  return code == 0 && (nothing || report.failure) ? 3 : code;
}

}  // namespace bench::cli
