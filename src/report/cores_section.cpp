#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/round_trips.hpp"
#include "analysis/statistics.hpp"
#include "present/round_trips_words.hpp"
#include "report/sections.hpp"

namespace bench::report {
namespace {

/// More rows are neither read nor quickly shown.
constexpr std::size_t kMostRows = 48;

/// CPUs that stand together, as one row and one column.
using Group = std::vector<unsigned>;

/// The round trips of one machine, and the order in which its CPUs stand.
struct Matrix {
  std::string title;
  std::vector<Group> groups;
  std::map<std::pair<unsigned, unsigned>, double> median_ns;
  std::vector<std::string> words;  ///< the medians of its clusters
};

/// The CPUs in the order of the tree, so that those that share something stand together.
std::vector<unsigned> in_tree_order(const results::Survey& survey) {
  std::vector<unsigned> cpus;
  for (const machine::TopologyNode& node : survey.tree) {
    if (node.kind == "PU" && node.allowed && node.os_index) cpus.push_back(*node.os_index);
  }
  return cpus;
}

/// The scale of all matrices together.
struct Scale {
  double least = std::numeric_limits<double>::infinity();
  double most = 0;

  void add(const Matrix& matrix) {
    for (const auto& [pair, ns] : matrix.median_ns) {
      if (ns <= 0) continue;
      least = std::min(least, ns);
      most = std::max(most, ns);
    }
  }
  [[nodiscard]] unsigned shade(double ns) const {
    const double part = std::log(ns / least) / std::log(most / least);
    // Nor is there a shade where a document claims what cannot be.
    if (!(part > 0)) return 0;
    return static_cast<unsigned>(std::min(part * kShades, kShades - 1.0));
  }
};

/// Groups of one size, a power of two, that make no more rows than anyone reads.
std::vector<Group> grouped_cpus(const std::vector<unsigned>& cpus) {
  std::size_t size = 1;
  while (cpus.size() > kMostRows * size) size *= 2;
  std::vector<Group> groups;
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    if (i % size == 0) groups.emplace_back();
    groups.back().push_back(cpus[i]);
  }
  return groups;
}

Matrix matrix_of(const std::string& machine, const std::string& file,
                 const results::Survey& survey) {
  Matrix matrix{.title = fmt::format("{} ({}): {} of {} pairs", machine, file,
                                     survey.probes.core_to_core.size(), survey.pairs),
                .groups = grouped_cpus(in_tree_order(survey)),
                .median_ns = {},
                .words = present::round_trips_lines(analysis::round_trips_by_part(survey))};
  for (const results::PairProbe& probe : survey.probes.core_to_core) {
    matrix.median_ns[std::minmax(probe.from, probe.to)] = probe.p50_ns;
  }
  return matrix;
}

/// Like "4" or "4-7" or "0,64,1,65".
std::string group_name(const Group& group) {
  if (group.back() - group.front() + 1 == group.size() && std::ranges::is_sorted(group)) {
    return group.size() == 1 ? fmt::format("{}", group.front())
                             : fmt::format("{}-{}", group.front(), group.back());
  }
  return fmt::format("{}", fmt::join(group, ","));
}

/// The median over all pairs between the two groups, or within one; a single pair has its own.
std::optional<double> median_between(const Matrix& matrix, const Group& one, const Group& other) {
  std::vector<double> all;
  for (const unsigned a : one) {
    for (const unsigned b : other) {
      // Within a group, each pair is met twice, which leaves the median as it is.
      const auto found = matrix.median_ns.find(std::minmax(a, b));
      if (found != matrix.median_ns.end()) all.push_back(found->second);
    }
  }
  if (all.empty()) return std::nullopt;
  return analysis::median(all);
}

Table heatmap(const Matrix& matrix, const Scale& scale) {
  Table table{.title = matrix.title, .columns = {{.title = "CPU"}}, .rows = {}, .heatmap = true};
  for (const Group& group : matrix.groups) {
    table.columns.push_back({.title = fmt::format("{}", group.front())});
  }
  for (std::size_t i = 0; i < matrix.groups.size(); ++i) {
    std::vector<Cell> row = {{.text = group_name(matrix.groups[i])}};
    // A round trip is the same both ways, so that each stands once.
    for (std::size_t j = 0; j <= i; ++j) {
      const auto ns = median_between(matrix, matrix.groups[i], matrix.groups[j]);
      row.push_back(ns ? Cell{.text = fmt::format("{:.0f}", *ns), .shade = scale.shade(*ns)}
                       : Cell{});
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::vector<Matrix> matrices_of(const analysis::Evidence& evidence) {
  std::vector<Matrix> matrices;
  for (const analysis::MachineRuns& machine : evidence.machines) {
    for (const auto& [file, document] : machine.results) {
      if (document.survey) matrices.push_back(matrix_of(machine.name, file, *document.survey));
    }
    for (const auto& [file, report] : machine.topologies) {
      matrices.push_back(matrix_of(machine.name, file, report));
    }
  }
  std::erase_if(matrices, [](const Matrix& matrix) {
    return matrix.median_ns.empty() || matrix.groups.empty();
  });
  return matrices;
}

}  // namespace

Section cores_section(const Basis& basis) {
  Section section{.id = "cores", .title = "From core to core", .blocks = {}};
  const std::vector<Matrix> matrices = matrices_of(basis.evidence);
  if (matrices.empty()) return section;
  Scale scale;
  for (const Matrix& matrix : matrices) scale.add(matrix);
  section.blocks.emplace_back(Paragraph{
      .text = fmt::format("Median nanoseconds of a cache line's round trip between two CPUs, there "
                          "and back. One scale of colours holds for all machines: from {:.0f} ns, "
                          "the lightest, to {:.0f} ns. CPUs that share a cache stand together.",
                          scale.least, scale.most)});
  const bool grouped = std::ranges::any_of(
      matrices, [](const Matrix& matrix) { return matrix.groups.front().size() > 1; });
  if (grouped) {
    section.blocks.emplace_back(Paragraph{
        .text = fmt::format("Of a machine with more than {} CPUs, a row is several of them, and a "
                            "column is named by the first of its CPUs: each figure is the median "
                            "over the pairs between them. The documents have every pair.",
                            kMostRows)});
  }
  for (const Matrix& matrix : matrices) {
    section.blocks.emplace_back(heatmap(matrix, scale));
    if (!matrix.words.empty()) section.blocks.emplace_back(Items{matrix.words});
  }
  return section;
}

}  // namespace bench::report
