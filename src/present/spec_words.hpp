// The settings of a series as people type them: the flag without its dashes, and its value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/document.hpp"

namespace bench::present {

struct SettingWords {
  std::string name;   ///< ring-bits, payload, duration
  std::string value;  ///< 16, 64, 0.3s

  friend bool operator==(const SettingWords&, const SettingWords&) = default;
};

/// The spec and the placement policy, in the order of the JSON. What is off (null, false, 0) is
/// left out, and so is what the pattern does not heed. A round trip that is timed has "timed",
/// which no flag has: the command latency sets it.
[[nodiscard]] std::vector<SettingWords> settings_of(const results::Series& series);

/// A key of the JSON or of a sweep file, like ring_bits, as the flag spells it.
[[nodiscard]] std::string spelled(std::string_view key);

/// The series' place on the axes of its sweep, "ring-bits=12 ringmpsc", or else its name.
[[nodiscard]] std::string title(const results::Series& series);

}  // namespace bench::present
