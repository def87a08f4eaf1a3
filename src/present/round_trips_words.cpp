#include "present/round_trips_words.hpp"

#include <fmt/format.h>

#include <string_view>

#include "present/blocks.hpp"
#include "present/quantity.hpp"

namespace bench::present {
namespace {

using analysis::SharedPart;

std::string_view part_text(SharedPart part) {
  switch (part) {
    case SharedPart::core:
      return "core";
    case SharedPart::l3:
      return "L3";
    case SharedPart::numa_node:
      return "NUMA node";
    case SharedPart::package:
      return "package";
    case SharedPart::machine:
      break;
  }
  return "machine";
}

std::string line_of(const analysis::RoundTrips& trips) {
  const std::string time =
      trips.median_ns ? fmt::format("{:.0f} ns", *trips.median_ns) : "not measured";
  const std::string of =
      trips.measured < trips.pairs ? fmt::format("{} of ", grouped(trips.measured)) : std::string();
  return fmt::format("{}: {} ({}{} pair{})", where_text(trips), time, of, grouped(trips.pairs),
                     plural(trips.pairs));
}

}  // namespace

std::string where_text(const analysis::RoundTrips& trips) {
  const SharedPart between = trips.between.value_or(SharedPart::core);
  if (trips.shared == SharedPart::machine) return fmt::format("between {}s", part_text(between));
  if (between == SharedPart::core) {
    return fmt::format("within {} {}", trips.shared == SharedPart::l3 ? "an" : "a",
                       part_text(trips.shared));
  }
  return fmt::format("between {}s of one {}", part_text(between), part_text(trips.shared));
}

std::vector<std::string> round_trips_lines(const std::vector<analysis::RoundTrips>& all) {
  std::vector<std::string> lines;
  lines.reserve(all.size());
  for (const analysis::RoundTrips& trips : all) lines.push_back(line_of(trips));
  return lines;
}

}  // namespace bench::present
