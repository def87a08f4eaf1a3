// Probes the machine between trials, so that a change of the machine is seen beside a change of the
// figures.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "machine/placement.hpp"
#include "measure/instruments.hpp"
#include "results/document.hpp"
#include "workload/sample.hpp"

namespace bench::measure {

/// The consumer's CPU and a producer's.
using CpuPair = std::pair<unsigned, unsigned>;

/// What the probes between two trials found: nanoseconds there and back.
using RoundTrips = std::map<CpuPair, double>;

class Prober {
 public:
  Prober() = default;
  explicit Prober(Instruments instruments) : instruments_(std::move(instruments)) {}

  /// Takes over the probes around the trials before an interrupt. Of each sample it takes the probe
  /// before the trial, or the one after it where there was none before: the probe after a trial is
  /// mostly also the one before the next trial, and counts once.
  void take_over(const results::Document& earlier);

  /// Probes the pairs of both placements, the last trial's and the next one's. It probes as many as
  /// fit into kShare of the trials' time so far, the next trial of `trial_s` seconds included; the
  /// other pairs have their turn at the next call. It probes none where trials are so short that
  /// not even one pair fits.
  [[nodiscard]] RoundTrips between(const machine::Placement* last, const machine::Placement* next,
                                   double trial_s);

  /// Everything found so far, and the share that probing took of `elapsed_s`, the time of the whole
  /// measurement.
  [[nodiscard]] results::Probes probes(const machine::Topology& topology, double elapsed_s) const;

  /// The largest share of the trials' time that probing may take.
  static constexpr double kShare = 0.04;

 private:
  Instruments instruments_;
  std::map<CpuPair, std::vector<double>> found_;
  std::chrono::duration<double> taken_{0};
  double earlier_s_ = 0;  // taken before an interrupt
  double allowed_s_ = 0;  // kShare of the trials' time so far
  std::size_t turn_ = 0;
};

/// The trips, found before a trial, between the placement's consumer and each of its producers.
[[nodiscard]] std::vector<workload::CoreToCore> before_trial(const machine::Placement& placement,
                                                             const RoundTrips& trips);

/// Adds the trips found after a trial to its sample. They are also those before the next trial.
void add_after_trial(const machine::Placement& placement, const RoundTrips& trips,
                     workload::Sample& sample);

}  // namespace bench::measure
