// Finds the rate that saturates a queue, which is where its throughput-latency curve ends.
#pragma once

#include <vector>

#include "measure/plan.hpp"
#include "results/document.hpp"

namespace bench::measure {

/// The same request with a few short trials, in which more messages are due than any queue can
/// take. The rate that is achieved then is the one that saturates the queue.
[[nodiscard]] Request overloaded(Request request);

/// The rates of a curve, after the queues of `document` were overloaded: from a hundredth of what
/// the slowest queue achieved to a little more than what the fastest achieved, so that each curve
/// reaches its end. None if nothing was achieved.
[[nodiscard]] std::vector<Rate> rates_up_to_saturation(const results::Document& document);

}  // namespace bench::measure
