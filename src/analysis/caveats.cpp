#include "analysis/caveats.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/latency.hpp"
#include "analysis/machine_caveats.hpp"
#include "analysis/statistics.hpp"
#include "ringmpsc/config.hpp"

namespace bench::analysis {
namespace {

using results::Caveat;
using results::CaveatCode;

std::string_view plural(std::size_t count) noexcept { return count == 1 ? "" : "s"; }

/// How many CPUs the threads of the series ran on.
std::size_t cpus_used(const results::ObservedPlacement& placement) {
  std::set<std::optional<unsigned>> cpus(placement.producer_cpus.begin(),
                                         placement.producer_cpus.end());
  cpus.insert(placement.consumer_cpu);
  cpus.erase(std::nullopt);
  return cpus.size();
}

Caveat not_end_to_end() {
  return {CaveatCode::not_end_to_end,
          "the consumer read no message, so this figure is not end to end; use --consume verify"};
}

Caveat oversubscribed(const results::Series& series) {
  const std::size_t threads = series.spec.producers + std::size_t{1};
  const std::size_t cpus = cpus_used(series.placement);
  const std::string shared =
      series.placement.pinned
          ? fmt::format("{} threads share {} CPU{} and", threads, cpus, plural(cpus))
          : fmt::format("{0} threads had fewer than {0} CPUs and", threads);
  const bool fewer = series.spec.producers > 1;
  std::string advice;
  if (series.placement.policy == machine::PlacementPolicy::explicit_cpus) {
    advice = fmt::format("name more --cpus{}", fewer ? " or fewer --producers" : "");
  } else if (series.placement.pinned && cpus > 1 && fewer) {
    advice = fmt::format("use --producers {}, or {} CPUs", cpus - 1, threads);
  } else {
    advice = fmt::format("use {} CPUs", threads);
  }
  return {CaveatCode::oversubscribed,
          fmt::format("{} take turns: no core-to-core figure; {}", shared, advice)};
}

Caveat unpinned(const results::Series& series) {
  if (series.placement.policy == machine::PlacementPolicy::none) {
    return {CaveatCode::unpinned,
            "the kernel placed the threads and may have moved them during a trial; use --placement "
            "near"};
  }
  std::size_t most = 0;
  for (const workload::Sample& sample : series.samples) {
    const auto loose = std::ranges::count(sample.producers, false, &workload::ThreadCpu::pinned) +
                       (sample.consumer.pinned ? 0 : 1);
    most = std::max(most, static_cast<std::size_t>(loose));
  }
  return {CaveatCode::unpinned, fmt::format("the system refused to bind {} of {} threads, which "
                                            "may have moved; allow sched_setaffinity",
                                            most, series.spec.producers + 1)};
}

/// What makes a trial longer: --duration and --messages exclude each other.
std::string_view longer_trials(const workload::Spec& spec) {
  return spec.duration_s ? "a longer --duration" : "more --messages";
}

std::optional<Caveat> wide_interval(const results::ThroughputSummary& rate,
                                    const workload::Spec& spec) {
  if (!rate.median || *rate.median <= 0 || !rate.ci95) return std::nullopt;
  const double below = (*rate.median - rate.ci95->lo) / *rate.median;
  const double above = (rate.ci95->hi - *rate.median) / *rate.median;
  if (std::max(below, above) <= kWidestReach) return std::nullopt;
  return Caveat{CaveatCode::wide_interval,
                fmt::format("the interval reaches {:.0f} % below and {:.0f} % above the median; "
                            "use more --trials or {}",
                            100 * below, 100 * above, longer_trials(spec))};
}

bool was_throttled(const workload::Sample& sample) {
  return sample.throttled_s.value_or(0) > kThrottledShare * sample.seconds;
}

/// The page and the document show each regime.
Caveat several_regimes(const results::Series& series) {
  const auto& regimes = series.summary->regimes;
  std::vector<double> medians(regimes.size());
  std::ranges::transform(regimes, medians.begin(), [](const results::RegimeSummary& regime) {
    return *regime.messages_per_second.median / 1e6;
  });
  const auto [least, most] = std::ranges::minmax(medians);
  const auto throttled = std::ranges::count_if(series.samples, was_throttled);
  return {CaveatCode::regimes,
          fmt::format("the machine changed: {} regimes with medians from {:.3g} to {:.3g} M "
                      "messages/s{}; compare only within one",
                      regimes.size(), least, most,
                      throttled == 0 ? "" : fmt::format(" ({} trials were throttled)", throttled))};
}

Caveat few_samples(std::size_t samples) {
  if (samples == 1) {
    return {CaveatCode::few_samples,
            fmt::format("one sample does not show how far the next would differ from it; use "
                        "--trials {} or more",
                        kFewestForInterval)};
  }
  return {CaveatCode::few_samples,
          fmt::format("{} samples are too few for a 95 % interval (their range is one of {:.3g} "
                      "%); use --trials {} or more",
                      samples, 100 * coverage_of_range(samples), kFewestForInterval)};
}

std::optional<Caveat> short_trials(const results::Series& series) {
  const auto is_short = [](const workload::Sample& sample) {
    return sample.messages == 0 || sample.seconds < kShortestTrialSeconds;
  };
  const auto count = std::ranges::count_if(series.samples, is_short);
  if (count == 0) return std::nullopt;
  return Caveat{
      CaveatCode::short_trials,
      fmt::format(
          "{} of {} trials were shorter than {:.0f} ms or empty: start-up distorts them; use {}",
          count, series.samples.size(), 1e3 * kShortestTrialSeconds, longer_trials(series.spec))};
}

/// Of several -O flags the compiler obeys the last.
std::string_view optimization(std::string_view flags) {
  std::string_view last;
  while (!flags.empty()) {
    const std::string_view flag = flags.substr(0, flags.find(' '));
    if (flag.starts_with("-O")) last = flag;
    flags.remove_prefix(std::min(flags.size(), flag.size() + 1));
  }
  return last;
}

std::optional<Caveat> unoptimized_build(const results::Tool& tool) {
  if (!tool.sanitizer.empty()) {
    return Caveat{CaveatCode::unoptimized_build,
                  fmt::format("{} was built with the {} sanitizer, which slows it many times over; "
                              "use a release build",
                              tool.name, tool.sanitizer)};
  }
  const std::string_view level = optimization(tool.flags);
  if (level == "-O2" || level == "-O3" || level == "-Ofast") return std::nullopt;
  return Caveat{
      CaveatCode::unoptimized_build,
      fmt::format("{} was built {}, not for speed; use a release build", tool.name,
                  level.empty() ? "without optimization" : fmt::format("with {}", level))};
}

/// What the scheduler did to the threads of some trials.
struct Lost {
  double preemptions = 0;
  double waited_s = 0;
  double thread_s = 0;
  bool told = true;  ///< the system told how long they waited
};

Lost lost_in(std::span<const workload::Sample> samples) noexcept {
  Lost lost;
  for (const workload::Sample& sample : samples) {
    lost.preemptions += static_cast<double>(sample.events.preemptions.value_or(0));
    lost.waited_s += sample.events.waited_s.value_or(0);
    lost.thread_s += sample.seconds * static_cast<double>(sample.producers.size() + 1);
    lost.told = lost.told && sample.events.waited_s;
  }
  return lost;
}

std::optional<Caveat> preempted(const results::Series& series) {
  if (!lost_cpus(series.samples)) return std::nullopt;
  const Lost lost = lost_in(series.samples);
  const std::string what =
      lost.told ? fmt::format("threads waited {:.0f} % of the time for a CPU that others had",
                              100 * lost.waited_s / lost.thread_s)
                : fmt::format("threads lost their CPU {:.0f} times a second each",
                              lost.preemptions / lost.thread_s);
  return Caveat{CaveatCode::preempted, what + "; stop what else runs there, or set isolcpus"};
}

/// For trials that were run again, and for those that were stopped again and again.
std::optional<Caveat> stopped(const results::Series& series) {
  double kept_s = 0;
  std::size_t kept = 0;
  for (const workload::Sample& sample : series.samples) {
    if (sample.stopped_s <= 0) continue;
    kept_s += sample.stopped_s;
    ++kept;
  }
  if (series.repeated.trials == 0 && kept == 0) return std::nullopt;
  const std::size_t trials = series.repeated.trials + kept;
  const std::string ending = kept == 0 ? "; run again, without it"
                                       : fmt::format("; {} {} in the figures: measure again", kept,
                                                     kept == 1 ? "is" : "are");
  return Caveat{
      CaveatCode::stopped,
      fmt::format("the process was stopped (SIGSTOP, a suspended machine) in {} trial{}, for "
                  "{:.1f} s{}",
                  trials, plural(trials), series.repeated.stopped_s + kept_s, ending)};
}

/// For percentiles that too few messages were timed to tell.
std::optional<Caveat> few_messages(const results::Latency& latency, const workload::Spec& spec) {
  constexpr double kHighest = 99.99;
  if (latency.p99_99_ns) return std::nullopt;
  const std::string_view lowest_missing = !latency.p50_ns     ? "p50 and above"
                                          : !latency.p90_ns   ? "p90 and above"
                                          : !latency.p99_ns   ? "p99 and above"
                                          : !latency.p99_9_ns ? "p99.9 and above"
                                                              : "p99.99";
  const std::uint64_t timed = latency.histogram.count();
  return Caveat{CaveatCode::few_messages,
                fmt::format("{} message{} cannot tell {} (p{} takes {}); use more --trials "
                            "or {}",
                            timed, plural(timed), lowest_missing, kHighest, messages_for(kHighest),
                            longer_trials(spec))};
}

std::optional<Caveat> throttled(const results::Document& document) {
  if (!analysis::throttled(document.activity)) return std::nullopt;
  const machine::Throttling& what = *document.activity.throttling;
  const double part =
      static_cast<double>(what.throttled_periods) / static_cast<double>(what.periods);
  unsigned threads = 0;
  for (const results::Series& series : document.series) {
    threads = std::max(threads, series.spec.producers + 1);
  }
  // More CPUs than the machine has cannot be allowed.
  const unsigned wanted = std::min(threads, document.host.topology.allowed_pus.value_or(threads));
  return Caveat{
      CaveatCode::throttled,
      fmt::format(
          "a quota of {:.3g} CPUs stopped the threads in {:.0f} % of its periods, for "
          "{:.2f} s in all: the figures show the quota; allow {} CPUs (docker --cpus, cpu.max)",
          document.host.cpu_quota.value_or(0), 100 * part, what.seconds, wanted)};
}

Caveat failed(const results::Failure& failure) {
  return {CaveatCode::failed,
          fmt::format("{} of {} ended the measurement: {}; this is what came before it",
                      failure.trial, failure.series, failure.reason)};
}

Caveat clock_not_invariant(const results::Clock& clock) {
  return {CaveatCode::clock_not_invariant,
          fmt::format("the system's clock ({:.0f} ns a reading) timed the messages, as {}; compare "
                      "only times of one clock",
                      clock.overhead_ns, *clock.why_not_tsc)};
}

Caveat interrupted(const results::Document& document) {
  std::size_t samples = 0;
  for (const results::Series& series : document.series) {
    samples += series.samples.size();
    if (series.samples.size() == 1 && series.samples.front().cut_short) {
      return {CaveatCode::interrupted,
              fmt::format("the measurement was interrupted after {:.3g} s of its first counted "
                          "trial, and the figure covers only that time; repeat it",
                          series.samples.front().seconds)};
    }
  }
  if (samples == 0) {
    return {CaveatCode::interrupted,
            "the measurement was interrupted before its first counted trial had ended; repeat it"};
  }
  return {CaveatCode::interrupted,
          fmt::format("the measurement was interrupted after {} counted trial{}; repeat it to get "
                      "all of them",
                      samples, plural(samples))};
}

}  // namespace

bool lost_cpus(std::span<const workload::Sample> samples) noexcept {
  const Lost lost = lost_in(samples);
  return lost.told ? lost.waited_s > kWaitedShare * lost.thread_s
                   : lost.preemptions > kPreemptionsPerSecond * lost.thread_s;
}

Caveat batch_clamped(std::size_t requested, std::size_t slots) {
  const auto bits = static_cast<unsigned>(std::bit_width(requested - 1));
  const std::string larger =
      bits <= ringmpsc::kMaxRingBits ? fmt::format(" or --ring-bits {}", bits) : std::string();
  return {CaveatCode::batch_clamped,
          fmt::format("batches of {1} do not fit {0} slots and were cut to {0}; use --batch {0}{2}",
                      slots, requested, larger)};
}

std::vector<Caveat> series_caveats(const results::Series& series) {
  std::vector<Caveat> caveats;
  if (series.samples.empty()) return caveats;  // there is no figure to qualify
  if (series.spec.consume == workload::Consume::count) caveats.push_back(not_end_to_end());
  if (series.placement.oversubscribed) caveats.push_back(oversubscribed(series));
  if (!series.placement.pinned) caveats.push_back(unpinned(series));
  // Threads that share a CPU preempt each other, and the caveat oversubscribed already says so.
  // So does a CPU quota, as the caveat throttled says.
  if (!series.placement.oversubscribed && std::ranges::none_of(series.samples, was_throttled)) {
    if (auto lost = preempted(series)) caveats.push_back(std::move(*lost));
  }
  if (series.samples.size() < kFewestForInterval) {
    caveats.push_back(few_samples(series.samples.size()));
  }
  if (auto brief = short_trials(series)) caveats.push_back(std::move(*brief));
  if (auto pauses = stopped(series)) caveats.push_back(std::move(*pauses));
  const bool shown = series.latency && !(series.latency->load && series.latency->load->saturated);
  if (shown) {
    if (auto few = few_messages(*series.latency, series.spec)) caveats.push_back(std::move(*few));
  }
  if (series.summary) {
    if (series.summary->regimes.size() > 1) caveats.push_back(several_regimes(series));
    // How many messages a schedule has in the time of a trial tells nothing of the queue.
    if (auto wide = series.spec.rate
                        ? std::nullopt
                        : wide_interval(series.summary->messages_per_second, series.spec)) {
      caveats.push_back(std::move(*wide));
    }
  }
  return caveats;
}

std::vector<Caveat> document_caveats(const results::Document& document) {
  std::vector<Caveat> caveats;
  if (document.failure) {
    caveats.push_back(failed(*document.failure));
  } else if (!document.complete) {
    caveats.push_back(interrupted(document));
  }
  if (auto slow = unoptimized_build(document.tool)) caveats.push_back(std::move(*slow));
  results::Probes probes = document.probes;
  if (document.survey) {
    std::ranges::copy(document.survey->probes.core_to_core,
                      std::back_inserter(probes.core_to_core));
  }
  std::ranges::move(machine_caveats(document.host, probes), std::back_inserter(caveats));
  if (document.clock && document.clock->why_not_tsc) {
    caveats.push_back(clock_not_invariant(*document.clock));
  }
  if (auto quota = throttled(document)) caveats.push_back(std::move(*quota));
  std::ranges::move(activity_caveats(document.activity), std::back_inserter(caveats));
  return caveats;
}

}  // namespace bench::analysis
