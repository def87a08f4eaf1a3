#include "present/matrix_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace bench::present {

std::string to_matrix_csv(const results::TopologyReport& report) {
  std::map<std::pair<unsigned, unsigned>, double> ns;
  for (const results::PairProbe& pair : report.probes.core_to_core) {
    ns[{pair.from, pair.to}] = ns[{pair.to, pair.from}] = pair.p50_ns;
  }
  std::vector<unsigned> cpus = report.allowed_cpus;
  std::ranges::sort(cpus);
  std::string text;
  for (const unsigned from : cpus) {
    for (const unsigned to : cpus) {
      if (to != cpus.front()) text += ',';
      if (const auto found = ns.find({from, to}); found != ns.end()) {
        text += fmt::format("{}", found->second);
      }
    }
    text += '\n';
  }
  return text;
}

}  // namespace bench::present
