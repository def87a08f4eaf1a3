#include "cli/series_files.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "cli/placeholders.hpp"
#include "present/latency_times.hpp"
#include "workload/queue_table.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

struct TimedSeries {
  std::string name;
  bool limit = false;                       ///< of the machine, and no queue
  const results::Series* series = nullptr;  ///< once it is measured
};

bool one_series_a_file(const Output& output) {
  return output.format != nullptr && output.format->render_series != nullptr;
}

std::string path_for(const Output& output, const TimedSeries& timed, PlaceholderValues values) {
  values.series = timed.name;
  return filled_in(output.flag, output.pattern, values);
}

/// The series that get a file of this output. If several have the same file, the limits have none;
/// the rest may still have the same.
std::vector<TimedSeries> with_a_file(const Output& output, std::vector<TimedSeries> all,
                                     const PlaceholderValues& values, bool& distinct) {
  const auto all_distinct = [&] {
    std::set<std::string> paths;
    return std::ranges::all_of(all, [&](const TimedSeries& timed) {
      return paths.insert(path_for(output, timed, values)).second;
    });
  };
  distinct = all_distinct();
  if (distinct || std::ranges::all_of(all, &TimedSeries::limit)) return all;
  std::erase_if(all, [](const TimedSeries& timed) { return timed.limit; });
  distinct = all_distinct();
  return all;
}

void check_timed(const OutputOptions& options, const std::vector<TimedSeries>& timed) {
  for (const Output& output : options.outputs) {
    if (!one_series_a_file(output)) continue;
    const std::string_view format = output.format->name;
    if (timed.empty()) {
      throw BadRequest(
          fmt::format("{} {}: {} has the times of messages, and no message is timed; the command "
                      "latency times them",
                      output.flag, output.pattern, format));
    }
    bool distinct = false;
    static_cast<void>(with_a_file(output, timed, options.placeholders, distinct));
    if (distinct) continue;
    throw BadRequest(
        fmt::format("{} {}: a file of {} has one series, and several are timed; give each a file, "
                    "like --output '{{series}}.{}'",
                    output.flag, output.pattern, format, format));
  }
}

std::vector<TimedSeries> timed_in(const auto& all) {
  std::vector<TimedSeries> timed;
  for (const auto& series : all) {
    if (!series.spec.latency) continue;
    timed.push_back({.name = series.name, .limit = workload::is_limit(series.spec)});
  }
  return timed;
}

}  // namespace

void check_series_files(const OutputOptions& options, const measure::Plan& plan) {
  check_timed(options, timed_in(plan.series));
}

void check_series_files(const OutputOptions& options, const results::Document& document) {
  check_timed(options, timed_in(document.series));
}

void check_series_files_of_curve(const OutputOptions& options) {
  check_timed(options, {{.name = "rate=1"}, {.name = "rate=2"}});
}

SeriesFiles with_series_files(const OutputOptions& options, const results::Document& document) {
  std::vector<TimedSeries> timed;
  for (const results::Series& series : document.series) {
    if (!series.spec.latency) continue;
    timed.push_back(
        {.name = series.name, .limit = workload::is_limit(series.spec), .series = &series});
  }
  SeriesFiles files;
  for (const Output& output : options.outputs) {
    if (!one_series_a_file(output)) {
      files.outputs.push_back(output);
      continue;
    }
    bool distinct = false;
    bool any = false;
    for (const TimedSeries& one : with_a_file(output, timed, options.placeholders, distinct)) {
      Output file = output;
      file.path = path_for(output, one, options.placeholders);
      file.series = one.series;
      if (present::has_times(*one.series)) {
        any = true;
        files.outputs.push_back(std::move(file));
      } else {
        spdlog::warn("{} {}: not written: {} {}", output.flag, file.path, one.name,
                     present::saturated(*one.series)
                         ? "was saturated, and its times would show how long the trials were"
                         : "has no times");
      }
    }
    if (!any) files.without_times.push_back(output);
  }
  return files;
}

}  // namespace bench::cli
