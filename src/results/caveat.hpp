// Typed reasons to read a number with care.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "workload/spec.hpp"

namespace bench::results {

enum class CaveatCode : std::uint8_t {
  not_end_to_end,         ///< the consumer never read the messages
  oversubscribed,         ///< threads share CPUs
  unpinned,               ///< threads may have moved between CPUs
  not_as_asked,           ///< the queue or the machine cannot do what was asked for
  batch_clamped,          ///< the batch asked for is larger than a ring
  virtualized,            ///< a hypervisor may move or stop the CPUs
  wide_interval,          ///< the samples differ too much for the median to say much
  few_samples,            ///< too few samples for an interval
  unoptimized_build,      ///< the tool itself was not built for speed
  short_trials,           ///< trials so short that the start of the threads affects them
  interrupted,            ///< a signal ended the measurement early
  failed,                 ///< a trial failed and ended the measurement
  topology_contradicted,  ///< cores are not as near to each other as the system reports
  foreign_load,           ///< other processes ran on the CPUs
  steal,                  ///< the hypervisor ran something else on the CPUs
  throttled,              ///< a CPU quota stopped the threads
  stopped,                ///< the whole process was stopped in the middle of trials
  frequency_scaling,      ///< the processor changes its speed
  preempted,              ///< threads lost their CPU to others
  few_messages,           ///< too few messages were timed for some percentiles
  regimes,                ///< the machine changed between the samples
  clock_not_invariant,    ///< the processor's own clock cannot be trusted to time messages
};

inline constexpr std::array kCaveatNames = {
    workload::Named<CaveatCode>{"not_end_to_end", CaveatCode::not_end_to_end},
    workload::Named<CaveatCode>{"oversubscribed", CaveatCode::oversubscribed},
    workload::Named<CaveatCode>{"unpinned", CaveatCode::unpinned},
    workload::Named<CaveatCode>{"not_as_asked", CaveatCode::not_as_asked},
    workload::Named<CaveatCode>{"batch_clamped", CaveatCode::batch_clamped},
    workload::Named<CaveatCode>{"virtualized", CaveatCode::virtualized},
    workload::Named<CaveatCode>{"wide_interval", CaveatCode::wide_interval},
    workload::Named<CaveatCode>{"few_samples", CaveatCode::few_samples},
    workload::Named<CaveatCode>{"unoptimized_build", CaveatCode::unoptimized_build},
    workload::Named<CaveatCode>{"short_trials", CaveatCode::short_trials},
    workload::Named<CaveatCode>{"interrupted", CaveatCode::interrupted},
    workload::Named<CaveatCode>{"failed", CaveatCode::failed},
    workload::Named<CaveatCode>{"topology_contradicted", CaveatCode::topology_contradicted},
    workload::Named<CaveatCode>{"foreign_load", CaveatCode::foreign_load},
    workload::Named<CaveatCode>{"steal", CaveatCode::steal},
    workload::Named<CaveatCode>{"throttled", CaveatCode::throttled},
    workload::Named<CaveatCode>{"stopped", CaveatCode::stopped},
    workload::Named<CaveatCode>{"frequency_scaling", CaveatCode::frequency_scaling},
    workload::Named<CaveatCode>{"preempted", CaveatCode::preempted},
    workload::Named<CaveatCode>{"few_messages", CaveatCode::few_messages},
    workload::Named<CaveatCode>{"regimes", CaveatCode::regimes},
    workload::Named<CaveatCode>{"clock_not_invariant", CaveatCode::clock_not_invariant},
};

/// `text` is one sentence: what was seen, with its numbers, and what to do about it.
struct Caveat {
  CaveatCode code;
  std::string text;

  friend bool operator==(const Caveat&, const Caveat&) = default;
};

/// The name in JSON, like "not_end_to_end".
[[nodiscard]] std::string_view name(CaveatCode code) noexcept;

}  // namespace bench::results
