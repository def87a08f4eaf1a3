// The forms that a result document is written in for other programs.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "results/document.hpp"

namespace bench::present {

enum class Format : std::uint8_t {
  json,              ///< everything; the only one that is read back
  csv,               ///< a row for each sample
  google_benchmark,  ///< what compare.py and dashboards of Google Benchmark read
};

inline constexpr std::array kFormatNames = {
    workload::Named<Format>{"json", Format::json},
    workload::Named<Format>{"csv", Format::csv},
    workload::Named<Format>{"google-benchmark", Format::google_benchmark},
};

/// The whole file, which ends in a newline.
[[nodiscard]] std::string render(const results::Document& document, Format format);

}  // namespace bench::present
