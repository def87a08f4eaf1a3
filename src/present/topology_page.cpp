#include "present/topology_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/round_trips.hpp"
#include "present/blocks.hpp"
#include "present/page.hpp"
#include "present/quantity.hpp"
#include "present/round_trips_words.hpp"

namespace bench::present {
namespace {

using results::PairProbe;
using results::TopologyReport;

std::string bytes(std::uint64_t count) {
  constexpr std::array<std::string_view, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(count);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.3g} {}", value, kUnits[unit]);
}

std::string_view kind_text(std::string_view kind) {
  return kind == "PU" ? "CPU" : kind == "NUMANode" ? "NUMA node" : kind;
}

/// Shows an object that is its parent's only child on the line of its parent:
/// "L2Cache 1 MiB, Core 0, CPU 0".
void show_tree(Page& page, const std::vector<machine::TopologyNode>& tree) {
  const auto only_child = [&](std::size_t i) {
    // A later node at this depth, before any shallower one, is a sibling. If the node before this
    // one is not its parent, there is an earlier sibling.
    const unsigned depth = tree[i].depth;
    for (std::size_t j = i + 1; j < tree.size() && tree[j].depth >= depth; ++j) {
      if (tree[j].depth == depth) return false;
    }
    return i > 0 && tree[i - 1].depth + 1 == depth;
  };
  std::string line;
  std::size_t indent = 0;
  std::map<unsigned, std::size_t> indent_at;  // of the objects at each depth
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const machine::TopologyNode& node = tree[i];
    std::string text(kind_text(node.kind));
    if (node.os_index && node.depth > 0) text += fmt::format(" {}", *node.os_index);
    if (node.size_bytes) text += " " + bytes(*node.size_bytes);
    // Only CPUs are marked, so that a line of several objects says it once.
    if (!node.allowed && node.kind == "PU") text += " (not allowed)";
    if (!line.empty() && only_child(i)) {
      line += ", " + text;
      indent_at[node.depth + 1] = indent + 2;
      continue;
    }
    if (!line.empty()) page.hanging(indent, line);
    indent = node.depth == 0 ? 2 : indent_at[node.depth];
    indent_at[node.depth + 1] = indent + 2;
    line = std::move(text);
  }
  if (!line.empty()) page.hanging(indent, line);
}

void show_placements(Page& page, const TopologyReport& report) {
  const std::size_t producers =
      report.placements.empty() ? 0 : report.placements.front().producer_cpus.size();
  page.headline(
      fmt::format("placement of {} producer{} and the consumer", producers, plural(producers)));
  constexpr std::size_t kMostListed = 16;
  for (const results::PlacementPreview& preview : report.placements) {
    const std::string_view shared = preview.oversubscribed ? "; threads share CPUs" : "";
    if (!preview.consumer_cpu) {
      page.line(name(preview.policy), fmt::format("left to the kernel{}", shared));
      continue;
    }
    std::vector<unsigned> cpus(std::min(producers, kMostListed));
    for (std::size_t i = 0; i < cpus.size(); ++i) cpus[i] = preview.producer_cpus[i].value();
    page.line(name(preview.policy),
              fmt::format("consumer on CPU {}, producer{} on {}{}{}", *preview.consumer_cpu,
                          plural(producers), fmt::join(cpus, ", "),
                          producers > kMostListed ? ", ..." : "", shared));
  }
}

/// Four shades from the quickest pair to the slowest, by the logarithm of the time.
class Shades {
 public:
  explicit Shades(const std::vector<PairProbe>& pairs) {
    const auto [low, high] = std::ranges::minmax(pairs, {}, &PairProbe::p50_ns);
    low_ = std::log(low.p50_ns);
    high_ = std::log(high.p50_ns);
  }
  /// If the slowest pair takes less than 1.25 times as long as the quickest, all pairs count as
  /// alike and none is dark.
  [[nodiscard]] std::string_view of(double ns) const {
    constexpr std::array<std::string_view, 4> kShades = {"░", "▒", "▓", "█"};
    if (high_ - low_ < std::log(1.25)) return kShades.front();
    const double part = (std::log(ns) - low_) / (high_ - low_);
    const auto last = static_cast<double>(kShades.size() - 1);
    return kShades[static_cast<std::size_t>(std::lround(std::clamp(part, 0.0, 1.0) * last))];
  }

 private:
  double low_ = 0;
  double high_ = 0;
};

void show_matrix(Page& page, const TopologyReport& report) {
  const std::vector<PairProbe>& pairs = report.probes.core_to_core;
  page.headline("round trip of a cache line between two CPUs, median in ns");
  if (pairs.empty()) {
    page.line("", report.pairs == 0 ? "there is one CPU, so there is no pair to measure"
                                    : "no pair could be measured");
    return;
  }
  const Shades shades(pairs);
  std::map<std::pair<unsigned, unsigned>, double> ns;
  for (const PairProbe& pair : pairs) {
    ns[{pair.from, pair.to}] = ns[{pair.to, pair.from}] = pair.p50_ns;
  }
  const std::vector<unsigned>& cpus = report.allowed_cpus;
  // Where numbers do not fit, shades stand alone, in as many blocks of columns as it takes.
  constexpr std::size_t kLabel = 6;
  constexpr std::size_t kNumber = 7;
  const bool numbers = kLabel + kNumber * cpus.size() <= page.width();
  const std::size_t across = numbers ? cpus.size() : page.width() - kLabel;
  for (std::size_t begin = 0; begin < cpus.size(); begin += across) {
    const std::span columns = std::span(cpus).subspan(begin, std::min(across, cpus.size() - begin));
    if (numbers) {
      std::string head = fmt::format("  {:>4}", "CPU");
      for (const unsigned cpu : columns) head += fmt::format("{:>7}", cpu);
      page.row(head);
    } else if (columns.size() < cpus.size()) {
      page.row(fmt::format("  CPU  {} to {}", columns.front(), columns.back()));
    }
    for (const unsigned from : cpus) {
      std::string row = fmt::format("  {:>4}", from);
      for (const unsigned to : columns) {
        const auto found = ns.find({from, to});
        if (found != ns.end()) {
          const std::string_view shade = shades.of(found->second);
          row += numbers ? fmt::format("{:>5.0f} {}", found->second, shade) : std::string(shade);
        } else {
          row += numbers ? fmt::format("{:>5}  ", from == to ? "-" : "?") : from == to ? "-" : "?";
        }
      }
      page.row(row);
    }
  }
  const auto [low, high] = std::ranges::minmax(pairs, {}, &PairProbe::p50_ns);
  page.line("", fmt::format("{:.0f} ns (CPUs {} and {}) to {:.0f} ns (CPUs {} and {})", low.p50_ns,
                            low.from, low.to, high.p50_ns, high.from, high.to));
  std::string count = fmt::format("{} of {} pair{} measured", grouped(pairs.size()),
                                  grouped(report.pairs), plural(report.pairs));
  if (pairs.size() < report.pairs && report.complete) {
    // A tenth more, because no two probes take the same time.
    const double all_s = 1.1 * report.probes.seconds * static_cast<double>(report.pairs) /
                         static_cast<double>(pairs.size());
    count += fmt::format("; all of them need about --time {:.0f}s", std::ceil(all_s));
  } else if (!report.complete) {
    count += "; it was interrupted";
  }
  page.line("", count);
  for (const std::string& line : round_trips_lines(analysis::round_trips_by_part(report))) {
    page.line("", line);
  }
}

}  // namespace

std::string render(const TopologyReport& report, const Style& style) {
  Page page(style);
  page.headline(machine_text(report.host, report.label));
  for (const std::string& line : note_lines(report.notes)) page.hanging(2, line);
  show_tree(page, report.tree);
  show_placements(page, report);
  show_matrix(page, report);
  page.line("", fmt::format("probing took {}", duration(report.probes.seconds)));
  show_caveats(page, report.caveats);
  return page.take();
}

}  // namespace bench::present
