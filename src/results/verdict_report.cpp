#include "results/verdict_report.hpp"

#include <algorithm>

namespace bench::results {

Verdict verdict(const VerdictReport& report) noexcept {
  const auto worst = std::ranges::min_element(report.series, {}, &JudgedSeries::verdict);
  return worst == report.series.end() ? Verdict::inconclusive : worst->verdict;
}

bool verified(const JudgedSeries& series) noexcept {
  const auto passed = [&](workload::Verification faults) {
    if (!series.keeps_order) faults.reordered = 0;
    return faults.passed();
  };
  return passed(series.base.verification) && passed(series.candidate.verification);
}

bool verified(const Unmatched& series) noexcept { return series.faults.empty(); }

}  // namespace bench::results
