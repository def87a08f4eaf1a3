// What a series did, where and how often, in words.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

/// "2 producers, 1 consumer, messages of 8 bytes".
[[nodiscard]] std::string setting(const workload::Spec& spec);

/// The CPUs where its threads really were.
[[nodiscard]] std::string where(const results::Series& series);

/// Rings, batches, waiting.
[[nodiscard]] std::string how(const workload::Spec& spec);

/// How many trials, and how long each.
[[nodiscard]] std::string trials(const results::Series& series);

}  // namespace bench::present
