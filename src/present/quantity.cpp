#include "present/quantity.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace bench::present {

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  }
  return digits;
}

std::string si(double value, std::string_view unit) {
  constexpr std::array<std::string_view, 7> kPrefixes = {"", "k", "M", "G", "T", "P", "E"};
  std::size_t prefix = 0;
  // From 999.95 on, four digits would round to 1000.
  while (value >= 999.95 && prefix + 1 < kPrefixes.size()) {
    value /= 1000;
    ++prefix;
  }
  const int decimals = value >= 99.995 ? 1 : value >= 9.9995 ? 2 : 3;
  std::string number = fmt::format("{:.{}f}", value, decimals);
  if (unit.empty() && prefix == 0) return number;
  return fmt::format("{} {}{}", number, kPrefixes[prefix], unit);
}

std::string ratio_text(double ratio) {
  const bool extreme = ratio >= 1e6 || (ratio > 0 && ratio < 0.001);
  if (extreme) return fmt::format("{:.1e}", ratio);
  return ratio >= 99.95 ? fmt::format("{:.0f}", ratio) : fmt::format("{:.3g}", ratio);
}

std::string duration(double seconds) {
  if (seconds < 1) return fmt::format("{:.3g} ms", seconds * 1e3);
  if (seconds < 120) return fmt::format("{:.3g} s", seconds);
  if (seconds < 7200) return fmt::format("{:.3g} min", seconds / 60);
  return fmt::format("{:.3g} h", seconds / 3600);
}

}  // namespace bench::present
