#include "report/forest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "present/quantity.hpp"

namespace bench::report {

Table forest(std::string title, std::string x_title, const std::vector<std::string>& columns,
             std::vector<RatioRow> rows) {
  std::ranges::sort(rows, std::ranges::greater(),
                    [](const RatioRow& one) { return std::pair(one.ratio, one.name); });
  Table table{
      .title = std::move(title),
      .columns = {{.title = columns.front(), .is_number = false},
                  {.title = "ratio"},
                  {.title = "95 % interval"}},
      .rows = {},
      .chart = Chart{
          .kind = ChartKind::forest, .x_title = std::move(x_title), .y_title = {}, .log_x = true}};
  for (std::size_t i = 1; i < columns.size(); ++i) table.columns.push_back({.title = columns[i]});
  for (RatioRow& one : rows) {
    std::string interval = one.interval
                               ? fmt::format("{} to {}", present::ratio_text(one.interval->lo),
                                             present::ratio_text(one.interval->hi))
                               : "none";
    std::vector<Cell> row = {
        {.text = std::move(one.name)},
        {.text = present::ratio_text(one.ratio), .value = one.ratio, .interval = one.interval},
        {.text = std::move(interval)}};
    for (std::string& text : one.further) row.push_back({.text = std::move(text)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace bench::report
