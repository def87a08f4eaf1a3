#include "results/caveat.hpp"

#include <algorithm>

namespace bench::results {

std::string_view name(CaveatCode code) noexcept {
  return std::ranges::find(kCaveatNames, code, &workload::Named<CaveatCode>::second)->first;
}

}  // namespace bench::results
