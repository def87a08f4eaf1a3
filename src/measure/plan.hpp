// What will be measured, decided in full before anything runs.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

#include "machine/placement.hpp"
#include "machine/topology.hpp"
#include "results/caveat.hpp"
#include "workload/spec.hpp"

namespace bench::measure {

/// The words are off: nothing was measured, and the message says what to change.
struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What the user asked for.
struct Request {
  workload::Spec spec;
  machine::PlacementPolicy policy = machine::PlacementPolicy::near;
  /// The consumer's CPU, then the producers'; replaces the policy.
  std::vector<unsigned> cpus;
  unsigned trials = 10;    ///< counted ones
  unsigned warmup = 1;     ///< uncounted ones before them
  std::uint64_t seed = 1;  ///< of the bootstrap
};

struct Plan {
  workload::Spec spec;
  machine::Placement placement;
  unsigned trials = 10;
  unsigned warmup = 1;
  std::uint64_t seed = 1;
  std::vector<results::Caveat> caveats;  ///< known before measuring
};

/// Places the threads, clamps the batch to the ring and checks that the memory is there. Throws
/// BadRequest for CPUs that may not be used, machine::CannotMeasure where memory does not suffice.
[[nodiscard]] Plan make_plan(const Request& request, const machine::Topology& topology);

}  // namespace bench::measure
