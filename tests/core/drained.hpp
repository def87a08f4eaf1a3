// Drains a receiving end into values that a test can compare.
#pragma once

#include <cstdint>
#include <vector>

namespace ringmpsc::testing {

/// Consumes everything that a Receiver or a Consumer holds, and returns the values. The messages
/// are numbers or have a value().
template <class End>
std::vector<std::int64_t> drained(End& end) {
  std::vector<std::int64_t> values;
  const auto keep = [&values](const auto& message) {
    if constexpr (requires { message.value(); }) {
      values.push_back(message.value());
    } else {
      values.push_back(static_cast<std::int64_t>(message));
    }
  };
  if constexpr (requires { end.consume_batch(keep); }) {
    end.consume_batch(keep);
  } else {
    end.consume_all(keep);
  }
  return values;
}

/// first, first + 1, ..., last
inline std::vector<std::int64_t> numbers(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> values;
  for (std::int64_t value = first; value <= last; ++value) values.push_back(value);
  return values;
}

}  // namespace ringmpsc::testing
