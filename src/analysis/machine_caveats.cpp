#include "analysis/machine_caveats.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace bench::analysis {
namespace {

using results::Caveat;
using results::CaveatCode;
using results::PairProbe;

Caveat virtualized(std::string_view hypervisor) {
  return {
      CaveatCode::virtualized,
      fmt::format("a hypervisor ({}) may move or stop the CPUs, and the same program then runs "
                  "several times faster or slower; compare only figures that were measured side "
                  "by side",
                  hypervisor)};
}

bool close_by_report(const PairProbe& pair) {
  return pair.shared == machine::Distance::same_core || pair.shared == machine::Distance::same_l3;
}

/// For cores that reportedly share a cache and yet are as slow as distant ones.
std::optional<Caveat> topology_contradicted(const results::Probes& probes) {
  const auto worst = std::ranges::max_element(probes.core_to_core, {}, [](const PairProbe& pair) {
    return close_by_report(pair) ? pair.p50_ns : 0;
  });
  if (worst == probes.core_to_core.end() || !close_by_report(*worst) ||
      worst->p50_ns <= kFarRoundTripNs) {
    return std::nullopt;
  }
  const std::string_view shared =
      worst->shared == machine::Distance::same_core ? "a core" : "an L3 cache";
  return Caveat{CaveatCode::topology_contradicted,
                fmt::format("CPUs {} and {} are reported to share {}, but a cache line took {:.0f} "
                            "ns there and back, as between distant cores; trust the probe, not the "
                            "names near and far",
                            worst->from, worst->to, shared, worst->p50_ns)};
}

std::optional<Caveat> frequency_scaling(const machine::HostFacts& host) {
  std::vector<std::string> what;
  std::vector<std::string> advice;
  if (host.governor && *host.governor != "performance") {
    what.push_back(fmt::format("the governor is {}", *host.governor));
    advice.emplace_back("set the governor to performance");
  }
  if (host.turbo == true) {
    what.emplace_back("turbo is on");
    advice.emplace_back("turn turbo off");
  }
  if (what.empty()) return std::nullopt;
  return Caveat{CaveatCode::frequency_scaling,
                fmt::format("the processor changes its speed with load and heat ({}); {} to get "
                            "repeatable figures",
                            fmt::join(what, ", "), fmt::join(advice, " and "))};
}

}  // namespace

std::vector<Caveat> machine_caveats(const machine::HostFacts& host, const results::Probes& probes) {
  std::vector<Caveat> caveats;
  if (host.virtualization && *host.virtualization != "none") {
    caveats.push_back(virtualized(*host.virtualization));
  }
  if (auto wrong = topology_contradicted(probes)) caveats.push_back(std::move(*wrong));
  if (auto scaling = frequency_scaling(host)) caveats.push_back(std::move(*scaling));
  return caveats;
}

bool throttled(const machine::Activity& activity) noexcept {
  return activity.throttling && activity.throttling->throttled_periods > 0 &&
         static_cast<double>(activity.throttling->throttled_periods) >=
             kThrottledShare * static_cast<double>(activity.throttling->periods);
}

std::vector<Caveat> activity_caveats(const machine::Activity& activity) {
  std::vector<Caveat> caveats;
  // A quota keeps the threads from the CPUs, and whoever else runs there then is not in their way.
  if (!throttled(activity) && activity.foreign_cpu_share.value_or(0) >= kForeignShare) {
    caveats.push_back({CaveatCode::foreign_load,
                       fmt::format("other processes and the kernel used {:.0f} % of the CPUs' time "
                                   "during the measurement; stop the processes, or measure on "
                                   "other CPUs (--cpus)",
                                   100 * *activity.foreign_cpu_share)});
  }
  if (activity.steal_share.value_or(0) >= kStealShare) {
    caveats.push_back({CaveatCode::steal,
                       fmt::format("the hypervisor took {:.1f} % of the CPUs' time for something "
                                   "else; use a machine with CPUs of its own",
                                   100 * *activity.steal_share)});
  }
  return caveats;
}

}  // namespace bench::analysis
