// A report of the command topology for tests.
#pragma once

#include "machine/topology.hpp"
#include "results/topology_report.hpp"
#include "unit/result_document.hpp"

namespace bench::testing {

/// A machine with four CPUs, one of which may not be used; one pair was not probed.
[[nodiscard]] inline results::TopologyReport report() {
  const auto topology = machine::Topology::synthetic("package:1 l3:2 core:2 pu:1", {0, 1, 2});
  results::TopologyReport report;
  report.created_utc = "2026-01-31T12:00:00Z";
  report.command_line = "ringmpsc-bench topology";
  report.label = document().label;
  report.notes = document().notes;
  report.tool = document().tool;
  report.host = document().host;
  report.tree = topology.tree();
  report.allowed_cpus = {0, 1, 2};
  report.placements = {{.policy = machine::PlacementPolicy::near,
                        .consumer_cpu = 1,
                        .producer_cpus = {0, 2},
                        .oversubscribed = false},
                       {.policy = machine::PlacementPolicy::none,
                        .consumer_cpu = std::nullopt,
                        .producer_cpus = {std::nullopt, std::nullopt},
                        .oversubscribed = false}};
  const auto pair = [](unsigned from, unsigned to, double ns) {
    return results::PairProbe{.from = from,
                              .to = to,
                              .shared = machine::Distance::same_package,
                              .p10_ns = ns,
                              .p50_ns = ns,
                              .p90_ns = ns,
                              .readings = 9};
  };
  report.probes = {
      .core_to_core = {pair(0, 1, 101), pair(0, 2, 512)}, .seconds = 0.04, .share_of_time = 1};
  report.pairs = 3;
  return report;
}

}  // namespace bench::testing
