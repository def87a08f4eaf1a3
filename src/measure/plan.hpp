// What will be measured, decided in full before anything runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "machine/placement.hpp"
#include "machine/topology.hpp"
#include "results/caveat.hpp"
#include "results/document.hpp"
#include "workload/spec.hpp"

namespace bench::measure {

/// An invalid request: nothing was measured, and the message says what to change.
struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The most messages a second that a schedule can have.
inline constexpr std::uint64_t kHighestRate = 1'000'000'000'000;

/// The name of a throughput-latency curve, in the place of a sweep's name.
inline constexpr const char* kCurveName = "rates";

/// A point of a throughput-latency curve.
struct Rate {
  std::string text;       ///< as the user wrote it, like 100k
  double per_second = 0;  ///< messages of all producers together
};

/// What the user asked for.
struct Request {
  /// The spec of every series, except for the queue.
  workload::Spec spec;
  /// Names of queues; the first is the reference that the others are compared with. Or only "all":
  /// every queue that can do what the spec asks for, ours first.
  std::vector<std::string> queues = {"ringmpsc"};
  bool batch_given = false;  ///< the user asked for spec.batch, and it is not the default
  bool write_given = false;  ///< likewise for spec.write
  bool limit = false;        ///< also measure what the machine can do at most
  /// The rates of a curve, which has a series for each queue at each rate. A single rate that is
  /// not a curve is spec.rate.
  std::vector<Rate> rates;
  bool up_to_saturation = false;  ///< the rates must still be found by measuring (saturation.hpp)
  machine::PlacementPolicy policy = machine::PlacementPolicy::near;
  /// The consumer's CPU, then the producers'; replaces the policy.
  std::vector<unsigned> cpus;
  unsigned trials = 10;    ///< counted trials
  unsigned warmup = 1;     ///< uncounted trials before them
  std::uint64_t seed = 1;  ///< for the order of trials and for the bootstrap
};

/// Several requests that are measured as one.
struct SweepRequest {
  struct Series {
    std::vector<results::Parameter> parameters;  ///< its values on the axes that it has
    Request request;  ///< for one queue; trials, warm-up and seed are the same in all
  };

  /// A series that cannot be measured, and why.
  struct LeftOut {
    std::vector<results::Parameter> parameters;
    std::string why;
  };

  std::string name;
  std::vector<results::Axis> axes = {};
  std::vector<Series> series = {};
  std::vector<LeftOut> left_out = {};
  /// Whether series that cannot be measured are left out. Where not, they are refused.
  bool may_leave_out = false;
  /// Axes of whose values each was asked for, so that one of which no series is left is refused.
  std::vector<std::string> named = {};
  /// The seconds that the whole sweep may take; the last rounds are left out if they are too few.
  std::optional<double> time_limit_s = std::nullopt;
  /// The seconds that probing every pair of CPUs may take, before the trials; none if that was not
  /// asked for.
  std::optional<double> core_to_core_s = std::nullopt;
};

/// A series as it is planned.
struct PlannedSeries {
  std::string name;                            ///< unique in a plan
  std::vector<results::Parameter> parameters;  ///< its place on the axes of a sweep
  workload::Spec spec;
  /// The request leaves the layout of rings open, and the spec's is this program's choice.
  bool layout_chosen = false;
  machine::Placement placement;
  std::vector<results::Caveat> caveats;  ///< known before measuring
  std::vector<std::size_t> references;   ///< indices of the series that it is compared with
};

struct Plan {
  /// Each round of trials runs all of them, in an order of its own.
  std::vector<PlannedSeries> series;
  unsigned trials = 10;
  unsigned warmup = 1;
  std::uint64_t seed = 1;
  std::optional<results::Sweep> sweep;
  /// The result of the same measurement up to an interrupt. Only the trials that it lacks are run.
  std::optional<results::Document> earlier;
  std::optional<double> time_limit_s = std::nullopt;    ///< as in SweepRequest
  std::optional<double> core_to_core_s = std::nullopt;  ///< as in SweepRequest
  std::vector<std::string> left_out;  ///< queues or series that are not measured: name and reason
};

/// Chooses the queues, places the threads, clamps the batch to the ring and checks that there is
/// enough memory. Throws BadRequest for an invalid request, and machine::CannotMeasure where there
/// is too little memory.
[[nodiscard]] Plan make_plan(const Request& request, const machine::Topology& topology);

/// Notes that a series cannot be measured, or throws BadRequest where none may be left out.
void leave_out(SweepRequest& sweep, std::vector<results::Parameter> parameters,
               const BadRequest& why);

/// The same for a sweep. Its series are named by their place on the axes, like "ring-bits=4
/// queue=ringmpsc". An error begins with the name of the series that it is about. Values that no
/// series has are left out of the axes.
[[nodiscard]] Plan make_plan(SweepRequest sweep, const machine::Topology& topology);

}  // namespace bench::measure
