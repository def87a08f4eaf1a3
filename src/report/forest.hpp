// Ratios as a table, and as a chart that shows each with its interval beside the ratio 1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/blocks.hpp"

namespace bench::report {

struct RatioRow {
  std::string name;
  double ratio = 1;  ///< more than 0
  std::optional<results::Interval> interval = {};
  std::vector<std::string> further = {};  ///< texts of further columns
};

/// The largest ratio comes first. `columns` are the titles of the names and of the further columns.
[[nodiscard]] Table forest(std::string title, std::string x_title,
                           const std::vector<std::string>& columns, std::vector<RatioRow> rows);

}  // namespace bench::report
