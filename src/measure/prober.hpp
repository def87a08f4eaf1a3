// Probes the machine between trials, so that a change of it is seen beside a change of the figures.
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

/// What a round of probes found: nanoseconds there and back.
using RoundTrips = std::map<CpuPair, double>;

class Prober {
 public:
  Prober() = default;
  explicit Prober(Instruments instruments) : instruments_(std::move(instruments)) {}

  /// What trials before an interrupt had around them is taken over: each sample's probe before it,
  /// or after it where there was none before, since one's after is mostly another's before.
  void take_over(const results::Document& earlier);

  /// Probes the pairs of both placements (the last trial's and the next's), as many as fit into
  /// kShare of the trials' time so far, a trial of `trial_s` seconds to come included; the others
  /// have their turn at the next call. None where trials are so short that not even one pair fits.
  [[nodiscard]] RoundTrips between(const machine::Placement* last, const machine::Placement* next,
                                   double trial_s);

  /// Everything found so far, and what it took of `elapsed_s`, the whole measurement's time.
  [[nodiscard]] results::Probes probes(const machine::Topology& topology, double elapsed_s) const;

  /// Of a trial's time, at most.
  static constexpr double kShare = 0.04;

 private:
  Instruments instruments_;
  std::map<CpuPair, std::vector<double>> found_;
  std::chrono::duration<double> taken_{0};
  double earlier_s_ = 0;  // taken before an interrupt
  double allowed_s_ = 0;  // kShare of the trials' time so far
  std::size_t turn_ = 0;
};

/// The trips between the placement's consumer and each of its producers, found before a trial.
[[nodiscard]] std::vector<workload::CoreToCore> before_trial(const machine::Placement& placement,
                                                             const RoundTrips& trips);

/// Adds those found after it, which are the next trial's before, to its sample.
void add_after_trial(const machine::Placement& placement, const RoundTrips& trips,
                     workload::Sample& sample);

}  // namespace bench::measure
