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

/// Messages a second that a schedule can have.
inline constexpr std::uint64_t kHighestRate = 1'000'000'000'000;

/// What a throughput-latency curve is called where a sweep has its name.
inline constexpr const char* kCurveName = "rates";

/// A point of a throughput-latency curve.
struct Rate {
  std::string text;       ///< as it was written, like 100k
  double per_second = 0;  ///< messages, of all producers together
};

/// What the user asked for.
struct Request {
  /// Of every series but for its queue.
  workload::Spec spec;
  /// Names, the first being the reference that the others are compared with; or only "all", which
  /// is every queue that can do what the spec asks for, ours first.
  std::vector<std::string> queues = {"ringmpsc"};
  bool limit = false;  ///< also measure what the machine can do at most
  /// Several make a curve, a series of each queue for each of them; one alone is spec.rate.
  std::vector<Rate> rates;
  bool up_to_saturation = false;  ///< what the rates are is still to be measured (saturation.hpp)
  machine::PlacementPolicy policy = machine::PlacementPolicy::near;
  /// The consumer's CPU, then the producers'; replaces the policy.
  std::vector<unsigned> cpus;
  unsigned trials = 10;    ///< counted ones
  unsigned warmup = 1;     ///< uncounted ones before them
  std::uint64_t seed = 1;  ///< of the order of trials and of the bootstrap
};

/// Several requests that are measured as one.
struct SweepRequest {
  struct Series {
    std::vector<results::Parameter> parameters;  ///< one for each axis, in their order
    Request request;  ///< of one queue; trials, warm-up and seed are all's
  };

  std::string name;
  std::vector<results::Axis> axes;
  std::vector<Series> series;  ///< at least one
};

/// What a series will be.
struct PlannedSeries {
  std::string name;                            ///< unique in a plan
  std::vector<results::Parameter> parameters;  ///< in a sweep
  workload::Spec spec;
  machine::Placement placement;
  std::vector<results::Caveat> caveats;  ///< known before measuring
  std::vector<std::size_t> references;   ///< which series it is compared with
};

struct Plan {
  /// Each round of trials runs them all, in an order of its own.
  std::vector<PlannedSeries> series;
  unsigned trials = 10;
  unsigned warmup = 1;
  std::uint64_t seed = 1;
  std::optional<results::Sweep> sweep;
  /// The same measurement as far as it came before an interrupt: only what it lacks is run.
  std::optional<results::Document> earlier;
  std::vector<std::string> left_out;  ///< queues of "all" that are not measured: name and reason
};

/// Chooses the queues, places the threads, clamps the batch to the ring and checks that the memory
/// is there. Throws BadRequest for what cannot be asked for, machine::CannotMeasure where memory
/// does not suffice.
[[nodiscard]] Plan make_plan(const Request& request, const machine::Topology& topology);

/// The same for a sweep. Its series are named by their place on the axes, like "producers=4
/// queue=ringmpsc", and so is the one that a refusal is about.
[[nodiscard]] Plan make_plan(const SweepRequest& sweep, const machine::Topology& topology);

}  // namespace bench::measure
