#include "present/google_benchmark.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "present/latency_times.hpp"
#include "present/spec_words.hpp"
#include "results/json_writer.hpp"

namespace bench::present {
namespace {

using results::Caveat;
using results::CaveatCode;
using results::Document;
using results::Json;
using results::Series;
using results::verified;

/// The queue, and the settings that differ from the program's defaults: "ringmpsc/batch:1". A
/// preset is left out, because it only sets ring-bits.
std::string name_of(const Series& series) {
  const std::vector<SettingWords> usual = settings_of(Series{});
  std::string name = series.spec.queue;
  for (const SettingWords& setting : settings_of(series)) {
    if (setting.name == "queue" || setting.name == "preset") continue;
    if (std::ranges::find(usual, setting) != usual.end()) continue;
    name += fmt::format("/{}:{}", setting.name, setting.value);
  }
  return name;
}

/// The name of each series; no two are equal.
std::vector<std::string> names_of(const std::vector<Series>& all) {
  std::vector<std::string> names;
  std::set<std::string_view> taken;
  names.reserve(all.size());  // `taken` refers to the names, which must not move
  for (const Series& series : all) {
    std::string name = name_of(series);
    if (taken.contains(name)) name += fmt::format("/series:{}", names.size());
    taken.insert(names.emplace_back(std::move(name)));
  }
  return names;
}

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double median(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

double standard_deviation(std::span<const double> values) {
  const double center = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - center) * (value - center);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double coefficient_of_variation(std::span<const double> values) {
  return standard_deviation(values) / mean(values);
}

struct Aggregate {
  std::string_view name;
  std::string_view unit;
  double (*of)(std::span<const double>);
};

constexpr std::array kAggregates = {
    Aggregate{.name = "mean", .unit = "time", .of = mean},
    Aggregate{.name = "median", .unit = "time", .of = median},
    Aggregate{.name = "stddev", .unit = "time", .of = standard_deviation},
    Aggregate{.name = "cv", .unit = "percentage", .of = coefficient_of_variation},
};

/// The entries of one series, with their keys in Google Benchmark's order.
class Entries {
 public:
  /// `failure` is the document's, which may be about another series.
  Entries(const Series& series, const std::string& name, std::size_t number,
          const std::optional<results::Failure>& failure)
      : series_(series), name_(name), number_(number) {
    if (failure && failure->series == series.name) {
      errors_.push_back(fmt::format("{}: {}", failure->trial, failure->reason));
    }
    if (!verified(series)) errors_.push_back(faults());
    for (const workload::Sample& sample : series.samples) {
      if (sample.messages == 0 || !(sample.seconds > 0)) continue;
      if (std::isfinite(ns_per_message(sample)) && std::isfinite(sample.messages_per_second())) {
        samples_.push_back(&sample);
      }
    }
  }

  /// Appends the entries to `benchmarks`. A series that has none goes to `errors` if it went wrong.
  void append_to(Json& benchmarks, Json& errors) const {
    const std::size_t before = benchmarks.size();
    if (series_.spec.latency) {
      if (times_of(series_).front().ns) benchmarks.push_back(timed());
    } else {
      for (std::size_t i = 0; i < samples_.size(); ++i) benchmarks.push_back(repetition(i));
    }
    if (benchmarks.size() == before) {
      if (auto why = why_without_time()) {
        errors.push_back({{"name", name_}, {"error_message", *std::move(why)}});
      }
      return;
    }
    if (series_.spec.latency || samples_.size() < 2 || !errors_.empty()) return;
    for (const Aggregate& aggregate : kAggregates) {
      Json entry = aggregated(aggregate);
      if (entry.contains("real_time")) benchmarks.push_back(std::move(entry));
    }
  }

 private:
  [[nodiscard]] static double ns_per_message(const workload::Sample& sample) {
    return 1e9 * sample.seconds / static_cast<double>(sample.messages);
  }
  [[nodiscard]] double bytes_per_second(const workload::Sample& sample) const {
    return sample.messages_per_second() * static_cast<double>(series_.spec.payload_bytes);
  }

  /// The series as a single repetition, since only the times of all its messages together are kept.
  /// Precondition: it has a median time.
  [[nodiscard]] Json timed() const {
    const results::Latency& latency = *series_.latency;
    const auto times = times_of(series_);
    Json entry = opened(name_, "iteration", 1);
    entry["repetition_index"] = 0;
    entry["threads"] = series_.spec.producers + 1;
    if (!errors_.empty()) set_errors(entry);
    entry["iterations"] = latency.histogram.count();
    set_time(entry, static_cast<double>(*times.front().ns));
    set_rate(entry, latency.load ? latency.load->achieved_rate : whole_rate());
    for (const auto& [name, ns] : times) {
      if (ns) entry[name] = *ns;
    }
    if (latency.load) {
      entry["offered_rate"] = latency.load->offered_rate;
      entry["achieved_rate"] = latency.load->achieved_rate;
    }
    return entry;
  }

  /// What went wrong in a series that has no time to show; null if nothing was measured at all.
  [[nodiscard]] std::optional<std::string> why_without_time() const {
    if (!errors_.empty()) return fmt::format("{}", fmt::join(errors_, "; "));
    if (!series_.spec.latency || !series_.latency) return std::nullopt;
    if (!saturated(series_)) return "too few messages were timed for a median";
    return fmt::format("saturated: {} messages/s were due and {} were achieved",
                       series_.latency->load->offered_rate, series_.latency->load->achieved_rate);
  }

  /// Messages a second over all samples together.
  [[nodiscard]] double whole_rate() const {
    double messages = 0;
    double seconds = 0;
    for (const workload::Sample* const sample : samples_) {
      messages += static_cast<double>(sample->messages);
      seconds += sample->seconds;
    }
    return seconds > 0 ? messages / seconds : 0;
  }

  [[nodiscard]] std::string faults() const {
    const workload::Verification& seen = series_.verification;
    return fmt::format("{} sent, {} received: {} lost, {} duplicated, {} reordered, {} corrupted",
                       seen.sent, seen.received, seen.lost, seen.duplicated, seen.reordered,
                       seen.corrupted);
  }

  [[nodiscard]] Json repetition(std::size_t index) const {
    const workload::Sample& sample = *samples_[index];
    Json entry = opened(name_, "iteration", samples_.size());
    entry["repetition_index"] = index;
    entry["threads"] = series_.spec.producers + 1;
    if (!errors_.empty()) set_errors(entry);
    entry["iterations"] = sample.messages;
    set_time(entry, ns_per_message(sample));
    set_rate(entry, sample.messages_per_second());
    return entry;
  }

  [[nodiscard]] Json aggregated(const Aggregate& aggregate) const {
    Json entry = opened(fmt::format("{}_{}", name_, aggregate.name), "aggregate", samples_.size());
    entry["threads"] = series_.spec.producers + 1;
    entry["aggregate_name"] = aggregate.name;
    entry["aggregate_unit"] = aggregate.unit;
    entry["iterations"] = samples_.size();
    const auto over_samples = [&](auto figure) {
      std::vector<double> figures(samples_.size());
      std::ranges::transform(samples_, figures.begin(),
                             [&](const workload::Sample* sample) { return figure(*sample); });
      return aggregate.of(figures);
    };
    set_time(entry, over_samples(&ns_per_message));
    set_figure(entry, "bytes_per_second",
               over_samples([this](const auto& sample) { return bytes_per_second(sample); }));
    set_figure(entry, "items_per_second",
               over_samples([](const auto& sample) { return sample.messages_per_second(); }));
    return entry;
  }

  [[nodiscard]] Json opened(const std::string& name, std::string_view run_type,
                            std::size_t repetitions) const {
    return {{"name", name},      {"family_index", number_}, {"per_family_instance_index", 0},
            {"run_name", name_}, {"run_type", run_type},    {"repetitions", repetitions}};
  }

  void set_errors(Json& entry) const {
    entry["error_occurred"] = true;
    entry["error_message"] = fmt::format("{}", fmt::join(errors_, "; "));
  }
  /// JSON has neither infinity nor NaN, and readers take `null` for a broken file.
  static void set_figure(Json& entry, std::string_view key, double value) {
    if (std::isfinite(value)) entry[key] = value;
  }
  static void set_time(Json& entry, double ns) {
    if (!std::isfinite(ns)) return;
    entry["real_time"] = ns;
    entry["cpu_time"] = ns;
    entry["time_unit"] = "ns";
  }
  void set_rate(Json& entry, double messages_per_second) const {
    set_figure(entry, "bytes_per_second",
               messages_per_second * static_cast<double>(series_.spec.payload_bytes));
    set_figure(entry, "items_per_second", messages_per_second);
  }

  const Series& series_;
  const std::string& name_;
  std::size_t number_;
  std::vector<const workload::Sample*> samples_;
  std::vector<std::string> errors_;  ///< what went wrong; empty if all is well
};

Json json_of(const machine::CacheFacts& cache, unsigned cpus) {
  std::string kind = cache.kind;  // Google Benchmark has Data, Instruction, Unified
  if (!kind.empty() && kind[0] >= 'a' && kind[0] <= 'z')
    kind[0] = static_cast<char>(kind[0] - 'a' + 'A');
  return {{"type", kind},
          {"level", cache.level},
          {"size", cache.size_bytes},
          {"num_sharing", cache.count > 0 ? cpus / cache.count : 0}};
}

Json context_of(const Document& document) {
  const machine::HostFacts& host = document.host;
  const unsigned cpus = host.topology.pus.value_or(0);
  std::string date = document.created_utc;
  if (date.ends_with('Z')) date.replace(date.size() - 1, 1, "+00:00");
  Json context = {{"date", date},
                  {"host_name", host.hostname.value_or("")},
                  {"executable", document.tool.name},
                  {"num_cpus", cpus}};
  if (host.governor) context["cpu_scaling_enabled"] = *host.governor != "performance";
  context["caches"] = Json::array();
  for (const auto& cache : host.caches) context["caches"].push_back(json_of(cache, cpus));
  context["load_avg"] = Json::array();  // Google Benchmark has up to three: 1, 5 and 15 minutes
  if (host.load_average) context["load_avg"].push_back(*host.load_average);
  const bool slow =
      std::ranges::count(document.caveats, CaveatCode::unoptimized_build, &Caveat::code) > 0;
  context["library_build_type"] = slow ? "debug" : "release";
  return context;
}

}  // namespace

std::string to_google_benchmark(const Document& document) {
  const std::vector<std::string> names = names_of(document.series);
  Json benchmarks = Json::array();
  Json errors = Json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    Entries(document.series[i], names[i], i, document.failure).append_to(benchmarks, errors);
  }
  Json context = context_of(document);
  if (!errors.empty()) context["errors"] = std::move(errors);
  const Json json = {{"context", std::move(context)}, {"benchmarks", std::move(benchmarks)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace bench::present
