#include "present/console.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

#include "present/blocks.hpp"
#include "present/latency_table.hpp"
#include "present/latency_times.hpp"
#include "present/page.hpp"
#include "present/quantity.hpp"
#include "present/requirements_block.hpp"
#include "present/series_words.hpp"
#include "present/side_by_side.hpp"
#include "present/sweep_table.hpp"

namespace bench::present {
namespace {

using results::Series;
using results::verified;

/// Draws the samples on a line from the smallest to the largest: a dot is one sample, a colon is
/// several, brackets enclose the interval, and a bar is the median.
std::string strip(const Series& series, std::size_t cells) {
  const results::ThroughputSummary& rate = series.summary->messages_per_second;
  const auto cell = [&](double value) {
    const double part = std::clamp((value - rate.min) / (rate.max - rate.min), 0.0, 1.0);
    return static_cast<std::size_t>(std::lround(part * static_cast<double>(cells - 1)));
  };
  std::string line(cells, ' ');
  for (const workload::Sample& sample : series.samples) {
    char& mark = line[cell(sample.messages_per_second())];
    mark = mark == ' ' ? '.' : ':';
  }
  if (rate.ci95) {
    line[cell(rate.ci95->lo)] = '[';
    line[cell(rate.ci95->hi)] = ']';
  }
  if (rate.median) line[cell(*rate.median)] = '|';
  return line;
}

std::string figure_text(const Series& series, double messages_per_second) {
  const bool end_to_end = series.spec.consume != workload::Consume::count;
  const bool trips = series.spec.pattern == workload::Pattern::round_trip;
  const std::string rate =
      fmt::format("{} messages/s{}", si(messages_per_second), end_to_end ? "" : ", not end to end");
  return trips && messages_per_second > 0
             ? fmt::format("{}, {:.1f} ns a round trip", rate, 1e9 / messages_per_second)
             : rate;
}

/// Shows the figure of each regime, its trials and its interval.
void show_regimes(Page& page, const Series& series) {
  std::size_t number = 0;
  for (const results::RegimeSummary& regime : series.summary->regimes) {
    const results::ThroughputSummary& rate = regime.messages_per_second;
    page.line(fmt::format("regime {}", ++number), figure_text(series, *rate.median), Page::kBold);
    page.line(
        "", fmt::format(
                "{} of {} trials{}{}", regime.samples, series.samples.size(),
                rate.ci95 ? fmt::format(", 95 % CI {} to {}", si(rate.ci95->lo), si(rate.ci95->hi))
                          : "",
                regime.core_to_core_ns ? fmt::format("; a cache line's round trip took {:.0f} ns",
                                                     *regime.core_to_core_ns)
                                       : ""));
  }
}

void show_throughput(Page& page, const Series& series) {
  const results::ThroughputSummary& rate = series.summary->messages_per_second;
  if (rate.median) {
    page.line("throughput", figure_text(series, *rate.median), Page::kBold);
    if (!series.summary->round_trip_ns && series.summary->bytes_per_second) {
      page.line("", fmt::format("{} at the median", si(*series.summary->bytes_per_second, "B/s")));
    }
  } else {
    show_regimes(page, series);
  }
  if (rate.ci95) {
    page.line("95 % CI", fmt::format("{} to {}", si(rate.ci95->lo), si(rate.ci95->hi)));
  }
  if (rate.max > rate.min) {
    const std::string low = si(rate.min);
    const std::string high = si(rate.max);
    constexpr std::size_t kLeastCells = 10;
    const std::size_t ends = low.size() + high.size() + 2;
    const std::size_t cells = std::min<std::size_t>(40, page.room() - std::min(page.room(), ends));
    page.line("spread", cells < kLeastCells
                            ? fmt::format("{} to {}", low, high)
                            : fmt::format("{} {} {}", low, strip(series, cells), high));
    if (rate.median.value_or(0) > 0 && rate.mad) {
      page.line("", fmt::format("half the trials within {:.1f} % of the median",
                                100 * *rate.mad / *rate.median));
    }
  }
}

/// Shows how even the long trials were; short ones have no windows.
void show_windows(Page& page, const Series& series) {
  double least = INFINITY;
  double most = 0;
  double seconds = 0;
  std::size_t count = 0;
  for (const workload::Sample& sample : series.samples) {
    if (sample.messages == 0 || sample.windows.empty()) continue;
    seconds += sample.seconds;
    count += sample.windows.size();
    for (const workload::Window& window : sample.windows) {
      const double part = window.messages_per_second() / sample.messages_per_second();
      least = std::min(least, part);
      most = std::max(most, part);
    }
  }
  if (count == 0) return;
  page.line("windows",
            fmt::format("{} of about {} each, at {:.2f} to {:.2f} times their trial's throughput",
                        count, duration(seconds / static_cast<double>(count)), least, most));
}

/// For messages on a schedule, whose number in the time of a trial follows from the schedule.
void show_rate(Page& page, const results::OfferedLoad& load) {
  page.line("rate",
            fmt::format("{} messages/s achieved of {} offered", si(load.achieved_rate),
                        si(load.offered_rate)),
            Page::kBold);
}

/// How far the percentiles are known; empty if no interval is.
std::string intervals_text(const results::PercentileIntervals& all) {
  std::vector<std::string> parts;
  const auto add = [&parts](std::string_view name, const std::optional<results::Interval>& of) {
    if (!of) return;
    parts.push_back(fmt::format("{} {} to {}", name, figure(results::Metric::p50, of->lo),
                                figure(results::Metric::p50, of->hi)));
  };
  add("p50", all.p50_ns);
  add("p90", all.p90_ns);
  add("p99", all.p99_ns);
  add("p99.9", all.p99_9_ns);
  add("p99.99", all.p99_99_ns);
  return parts.empty() ? "" : fmt::format("95 % CI: {}", fmt::join(parts, ", "));
}

/// Past saturation the times reflect the length of the trials, so the rates are shown instead.
void show_latency(Page& page, const Series& series) {
  const results::Latency& latency = *series.latency;
  if (saturated(series)) {
    page.line("saturated",
              fmt::format("{} messages/s were due and {} were achieved; past that rate, messages "
                          "that are due later wait longer, so no latency is shown; use a lower "
                          "--rate",
                          si(latency.load->offered_rate), si(latency.load->achieved_rate)),
              Page::kBold);
    return;
  }
  page.line(
      "latency",
      fmt::format("p50 {}, p90 {}, p99 {}, p99.9 {}, p99.99 {}, max {}", time_text(latency.p50_ns),
                  time_text(latency.p90_ns), time_text(latency.p99_ns), time_text(latency.p99_9_ns),
                  time_text(latency.p99_99_ns), time_text(latency.max_ns)),
      Page::kBold);
  if (const std::string known = intervals_text(latency.ci95); !known.empty()) {
    page.line("", known);
  }
  page.line("", latency.load ? "from the time a message was due until it had been read"
                             : "from sending a message until it was back");
}

void show_producers(Page& page, const Series& series) {
  constexpr std::size_t kMostListed = 16;
  const std::vector<std::uint64_t>& sent = series.summary->per_producer_messages;
  if (sent.size() < 2) return;
  std::string counts;
  if (sent.size() <= kMostListed) {
    std::vector<std::string> each(sent.size());
    std::ranges::transform(sent, each.begin(),
                           [](std::uint64_t n) { return si(static_cast<double>(n)); });
    counts = fmt::format("{} messages", fmt::join(each, ", "));
  } else {
    const auto [least, most] = std::ranges::minmax(sent);
    counts = fmt::format("{} to {} messages each", si(static_cast<double>(least)),
                         si(static_cast<double>(most)));
  }
  page.line(
      "fairness",
      fmt::format("{:.2f}: the smallest producer's share over the largest's (median of trials)",
                  series.summary->fairness));
  page.line("producers", counts);
}

void show_metrics(Page& page, const Series& series) {
  ringmpsc::Metrics sum;
  bool any = false;
  for (const workload::Sample& sample : series.samples) {
    if (!sample.metrics) continue;
    sum += *sample.metrics;
    any = true;
  }
  if (!any) return;
  const auto mean = [](std::uint64_t messages, std::uint64_t times) {
    return times == 0 ? 0.0 : static_cast<double>(messages) / static_cast<double>(times);
  };
  page.line("metrics",
            fmt::format("{} commits of {:.1f} messages on average, {} refused because the ring was "
                        "full; {} batches read, of {:.1f} messages on average, {} empty polls",
                        grouped(sum.commits), mean(sum.messages_sent, sum.commits),
                        grouped(sum.refused_full), grouped(sum.batches),
                        mean(sum.messages_received, sum.batches), grouped(sum.empty_polls)));
}

std::string clock_text(const results::Clock& clock) {
  return fmt::format("{}; reading it takes {:.1f} ns, which every time includes",
                     clock.name == "tsc" ? "the processor's (TSC)" : "the system's monotonic clock",
                     clock.overhead_ns);
}

/// How far apart the cores were, and what share of the time probing took.
std::string probes_text(const results::Probes& probes) {
  const auto& pairs = probes.core_to_core;
  const auto [nearest, farthest] = std::ranges::minmax(pairs, {}, &results::PairProbe::p50_ns);
  const std::string between =
      pairs.size() == 1
          ? fmt::format("{:.0f} ns (p10 {:.0f}, p90 {:.0f}) between CPUs {} and {}", nearest.p50_ns,
                        nearest.p10_ns, nearest.p90_ns, nearest.from, nearest.to)
          : fmt::format("{:.0f} ns (CPUs {} and {}) to {:.0f} ns (CPUs {} and {})", nearest.p50_ns,
                        nearest.from, nearest.to, farthest.p50_ns, farthest.from, farthest.to);
  return fmt::format("a cache line's round trip took {}; probing took {:.1f} % of the time",
                     between, 100 * probes.share_of_time);
}

void show(Page& page, const Series& series) {
  page.headline(series.spec.queue + ": " + setting(series.spec));
  if (series.spec.rate && series.latency && series.latency->load) {
    show_rate(page, *series.latency->load);
  } else if (series.summary) {
    show_throughput(page, series);
  }
  if (series.latency) show_latency(page, series);
  if (series.summary) {
    show_windows(page, series);
    show_producers(page, series);
  }
  show_verification(page, series.spec.consume, series.verification, verified(series));
  show_metrics(page, series);
  page.line("trials", trials(series));
  page.line("how", how(series.spec));
  page.line("where", where(series));
  show_caveats(page, series.caveats);
}

}  // namespace

std::string render(const results::Document& document, const Style& style) {
  Page page(style);
  if (document.sweep) {
    show_sweep(page, document);
  } else if (document.series.size() == 1) {
    show(page, document.series.front());
  } else {
    show_side_by_side(page, document);
  }
  show_requirements(page, document);
  if (document.failure) show_failure(page, *document.failure);
  if (document.clock) page.line("clock", clock_text(*document.clock));
  page.line("machine", machine_text(document.host, document.label));
  for (const std::string& line : note_lines(document.notes)) page.line("", line);
  if (!document.probes.core_to_core.empty()) page.line("", probes_text(document.probes));
  show_caveats(page, document.caveats);
  return page.take();
}

}  // namespace bench::present
