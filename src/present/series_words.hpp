// Describes in words what a series did, how, where, and how often.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

/// "2 producers, 1 consumer, messages of 8 bytes".
[[nodiscard]] std::string setting(const workload::Spec& spec);

/// The CPUs where its threads really were.
[[nodiscard]] std::string where(const results::Series& series);

/// Its rings, its batches and its wait strategy.
[[nodiscard]] std::string how(const workload::Spec& spec);

/// How many trials were run, and how long each was.
[[nodiscard]] std::string trials(const results::Series& series);

}  // namespace bench::present
