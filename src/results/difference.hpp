// Where two parts of documents differ.
#pragma once

#include <optional>
#include <string>

#include "machine/host.hpp"
#include "results/document.hpp"

namespace bench::results {

/// Names the first field that differs, with both values: `kernel is "6.1" and was "6.0"`. Nothing
/// if all fields are equal.
[[nodiscard]] std::optional<std::string> difference(const Tool& now, const Tool& then);
[[nodiscard]] std::optional<std::string> difference(const machine::HostFacts& now,
                                                    const machine::HostFacts& then);
[[nodiscard]] std::optional<std::string> difference(const workload::Spec& now,
                                                    const workload::Spec& then);

}  // namespace bench::results
