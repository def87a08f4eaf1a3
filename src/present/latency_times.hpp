// The times of a series that are worth showing, for the page and for every exporter alike.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "results/document.hpp"

namespace bench::present {

/// The series did not keep up with its schedule. Its times then show how long the trials were, so
/// that nothing may show them as times of the queue.
[[nodiscard]] bool saturated(const results::Series& series) noexcept;

/// Whether the series has times of its queue: it was timed and is not saturated.
[[nodiscard]] bool has_times(const results::Series& series) noexcept;

struct NamedTime {
  std::string_view name;            ///< p50_ns to p99_99_ns, max_ns
  std::optional<std::uint64_t> ns;  ///< none where the series has no such time
};

/// The percentiles and the maximum, in this order whether or not the series has times.
[[nodiscard]] std::array<NamedTime, 6> times_of(const results::Series& series) noexcept;

}  // namespace bench::present
