#include "measure/survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "analysis/machine_caveats.hpp"
#include "machine/host.hpp"
#include "machine/placement.hpp"
#include "machine/probe.hpp"
#include "measure/origin.hpp"

namespace bench::measure {
namespace {

using std::chrono::duration;

constexpr double kShortestReadingSeconds = 0.001;
constexpr double kLongestReadingSeconds = 0.02;
constexpr double kLongestAskedForSeconds = 1;

using Pairs = std::vector<std::pair<unsigned, unsigned>>;

Pairs pairs_of(const machine::Topology& topology) {
  const std::vector<machine::Cpu>& cpus = topology.allowed_cpus();
  Pairs pairs;
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    for (std::size_t j = i + 1; j < cpus.size(); ++j) {
      pairs.emplace_back(cpus[i].os_index, cpus[j].os_index);
    }
  }
  return pairs;
}

std::vector<results::PlacementPreview> placements(const machine::Topology& topology,
                                                  unsigned producers) {
  std::vector<results::PlacementPreview> previews;
  for (const auto& [word, policy] : machine::kPolicyNames) {
    if (policy == machine::PlacementPolicy::explicit_cpus) continue;
    const machine::Placement planned = machine::plan_placement(topology, policy, producers);
    previews.push_back({.policy = policy,
                        .consumer_cpu = planned.consumer_cpu,
                        .producer_cpus = planned.producer_cpus,
                        .oversubscribed = planned.oversubscribed});
  }
  return previews;
}

/// How long each probe may take, so that all pairs have their turn in the time that there is.
/// Starting a probe may take longer than planned on a machine of many CPUs, and what that took is
/// then taken from the later readings.
class Shares {
 public:
  explicit Shares(const std::optional<double>& asked_for_s)
      : time_s_(asked_for_s.value_or(kSurveySeconds)),
        most_s_(asked_for_s ? kLongestAskedForSeconds : kLongestReadingSeconds) {}

  [[nodiscard]] double time_s() const noexcept { return time_s_; }
  /// How many pairs have time for a reading.
  [[nodiscard]] std::size_t fitting() const noexcept {
    return static_cast<std::size_t>(time_s_ /
                                    (machine::kProbeStartSeconds + kShortestReadingSeconds));
  }
  /// The next reading's time, if `left` pairs are left after `elapsed_s`.
  [[nodiscard]] double next_s(std::size_t left, double elapsed_s) const {
    const double start_s =
        probes_ == 0 ? machine::kProbeStartSeconds : starts_s_ / static_cast<double>(probes_);
    return std::clamp((time_s_ - elapsed_s) / static_cast<double>(left) - start_s,
                      kShortestReadingSeconds, most_s_);
  }
  void note(double probe_s, double reading_s) {
    starts_s_ += std::max(0.0, probe_s - reading_s);
    ++probes_;
  }

 private:
  double time_s_;
  double most_s_;
  double starts_s_ = 0;  // all that the probes took besides their readings
  std::size_t probes_ = 0;
};

/// Probes in random order, so that a change of the machine does not affect one region of it alone.
/// The order is the same each time.
results::Probes probe_all(const machine::Topology& topology, Pairs pairs, Shares shares,
                          Interrupt& interrupt, Progress& progress,
                          const Instruments& instruments) {
  std::ranges::shuffle(pairs, std::mt19937_64(1));
  pairs.resize(std::min(pairs.size(), shares.fitting()));
  results::Probes probes;
  const auto begin = instruments.now();
  const auto elapsed_s = [&] { return duration<double>(instruments.now() - begin).count(); };
  for (std::size_t i = 0; i < pairs.size() && elapsed_s() < shares.time_s(); ++i) {
    if (interrupt.requested()) break;
    progress.show(static_cast<double>(i) / static_cast<double>(pairs.size()),
                  fmt::format("pair {} of {}", i + 1, pairs.size()));
    const auto [from, to] = pairs[i];
    const double before_s = elapsed_s();
    const double reading_s = shares.next_s(pairs.size() - i, before_s);
    const auto found = instruments.probe(
        from, to,
        std::chrono::duration_cast<std::chrono::nanoseconds>(duration<double>(reading_s)));
    shares.note(elapsed_s() - before_s, reading_s);
    if (!found) continue;
    probes.core_to_core.push_back({.from = from,
                                   .to = to,
                                   .shared = topology.distance(from, to),
                                   .p10_ns = found->p10_ns,
                                   .p50_ns = found->p50_ns,
                                   .p90_ns = found->p90_ns,
                                   .readings = found->readings});
  }
  progress.clear();
  probes.seconds = elapsed_s();
  probes.share_of_time = 1;
  std::ranges::sort(probes.core_to_core, {},
                    [](const results::PairProbe& pair) { return std::pair(pair.from, pair.to); });
  return probes;
}

}  // namespace

double survey_seconds(const machine::Topology& topology, std::optional<double> time_s) {
  const std::size_t cpus = topology.allowed_cpus().size();
  const Shares shares(time_s);
  const std::size_t pairs = std::min(cpus * (cpus - 1) / 2, shares.fitting());
  if (pairs == 0) return 0;
  return static_cast<double>(pairs) * (shares.next_s(pairs, 0) + machine::kProbeStartSeconds);
}

results::Survey survey_cpus(const machine::Topology& topology, std::optional<double> time_s,
                            Interrupt& interrupt, Progress& progress,
                            const Instruments& instruments) {
  results::Survey survey;
  survey.tree = topology.tree();
  for (const machine::Cpu& cpu : topology.allowed_cpus()) {
    survey.allowed_cpus.push_back(cpu.os_index);
  }
  Pairs pairs = pairs_of(topology);
  survey.pairs = pairs.size();
  survey.probes =
      probe_all(topology, std::move(pairs), Shares(time_s), interrupt, progress, instruments);
  survey.complete = !interrupt.signal();
  return survey;
}

results::TopologyReport survey(const machine::Topology& topology, const SurveyOptions& options,
                               const std::string& command_line, Interrupt& interrupt,
                               Progress& progress, const Instruments& instruments) {
  results::TopologyReport report;
  report.created_utc = now_utc();
  report.command_line = command_line;
  report.tool = this_tool();
  report.host = machine::host_facts(topology);
  report.placements = placements(topology, options.producers);
  static_cast<results::Survey&>(report) =
      survey_cpus(topology, options.time_s, interrupt, progress, instruments);
  report.caveats = analysis::machine_caveats(report.host, report.probes);
  return report;
}

}  // namespace bench::measure
