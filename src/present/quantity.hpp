// Numbers as text for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bench::present {

/// Digits in groups of three: 1,234,567.
[[nodiscard]] std::string grouped(std::uint64_t value);

/// Four significant digits and an SI prefix with the unit, like 1.234 GB/s; without a unit, like
/// 412.3 M or 87.00. `value` must not be negative.
[[nodiscard]] std::string si(double value, std::string_view unit = {});

/// Text like 300 ms, 1.5 s, 2 min or 24 h. `seconds` must not be negative.
[[nodiscard]] std::string duration(double seconds);

/// Three significant digits where there is room for them, at most seven characters for any ratio
/// from 1e-99 to 1e99: 0.00763, 0.5, 1234, 7.6e-04.
[[nodiscard]] std::string ratio_text(double ratio);

}  // namespace bench::present
