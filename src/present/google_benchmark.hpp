// A result document in the form that Google Benchmark writes, for what reads that: its compare.py,
// and dashboards of continuous measurement.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

/// JSON as Google Benchmark 1.7 writes it with --benchmark_format=json. It holds less than to_json,
/// and from_json does not read it.
///
/// Each sample is a repetition of its series, an iteration is a message: `real_time` is nanoseconds
/// a message. `cpu_time` repeats it, since nobody measures how long the threads had a CPU: do not
/// take it for that. `threads` are the producers and the consumer. After the repetitions, if there
/// are two or more, come their mean, median, standard deviation (of a sample, with n - 1) and
/// coefficient of variation, each of the times and of the rates for themselves.
///
/// `name` is the series' name with all that its spec and placement policy say, like
/// "ringmpsc/producers:2/ring_bits:16/.../wait:adaptive/placement:near", without what is off (null,
/// false, 0) and without the queue where the name is just that. Equal series of two documents have
/// equal names, and no two series of one document do: should their parameters be the same, the
/// later one's end in its number, "/series:1".
///
/// Samples without a message have no time for one and are left out. A series whose verification
/// failed has `error_occurred` and `error_message` in its repetitions, and no aggregates. In the
/// context, `load_avg` has the last minute's only, and what is not known is 0 or empty, but for
/// `mhz_per_cpu`, which nobody asks for, and `cpu_scaling_enabled`: they are left out.
/// `library_build_type` is "debug" if the document has the caveat unoptimized_build.
[[nodiscard]] std::string to_google_benchmark(const results::Document& document);

}  // namespace bench::present
