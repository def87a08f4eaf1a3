// The formats in which a result document is written for other programs. Each format has a file of
// its own and a row in the table in format.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "results/document.hpp"
#include "results/topology_report.hpp"

namespace bench::present {

struct Format {
  std::string_view name;    ///< as --format takes it
  std::string_view ending;  ///< files with this ending get this format by default; may be empty
  /// Returns the whole text of a file, which ends in a newline. Null if a file of this format has
  /// one series.
  std::string (*render)(const results::Document& document) = nullptr;
  /// The same for a series that has times (latency_times.hpp). Null if a file has the document.
  std::string (*render_series)(const results::Series& series) = nullptr;
  /// The same for a report of the command topology. Null if it has no such form.
  std::string (*render_topology)(const results::TopologyReport& report) = nullptr;
};

/// All formats. The first is the default, JSON: it holds everything, and is the only format that is
/// read back.
[[nodiscard]] std::span<const Format> formats() noexcept;

/// The formats that a report of the command topology has. The first is JSON.
[[nodiscard]] std::span<const Format> topology_formats() noexcept;

/// The format whose ending the path has, or else the default.
[[nodiscard]] const Format& format_of_file(std::string_view path) noexcept;

}  // namespace bench::present
