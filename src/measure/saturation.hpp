// How much a queue can take: where a throughput-latency curve ends.
#pragma once

#include <vector>

#include "measure/plan.hpp"
#include "results/document.hpp"

namespace bench::measure {

/// The same request with more messages due than any queue can take, in a few short trials: what is
/// achieved then is what saturates it.
[[nodiscard]] Request overloaded(Request request);

/// Steps from a hundredth of what the slowest queue of `document` achieved, which was overloaded,
/// to a little more than what the fastest did, so that each curve has its end. None if nothing was
/// achieved.
[[nodiscard]] std::vector<Rate> rates_up_to_saturation(const results::Document& document);

}  // namespace bench::measure
