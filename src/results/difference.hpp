// Where two parts of documents differ, and the fields that they have.
#pragma once

#include <optional>
#include <string>
#include <vector>

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

/// A field as JSON has it. A field of an object within is named like "topology.cores".
struct Field {
  std::string key;
  std::string value;  ///< of a text: without quotes

  friend bool operator==(const Field&, const Field&) = default;
};

/// All fields in the order of the document. The same type gives the same keys, but for an object
/// that is null in one and not in the other.
[[nodiscard]] std::vector<Field> fields(const Tool& tool);
[[nodiscard]] std::vector<Field> fields(const machine::HostFacts& host);
[[nodiscard]] std::vector<Field> fields(const workload::Spec& spec);
[[nodiscard]] std::vector<Field> fields(const ObservedPlacement& placement);

}  // namespace bench::results
