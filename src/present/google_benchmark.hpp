// Writes a result document in Google Benchmark's form, for the programs that read it: compare.py,
// and dashboards of continuous measurement.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

/// JSON as Google Benchmark 1.7 writes it with --benchmark_format=json. It holds less than the JSON
/// of to_json, and from_json does not read it.
///
/// Each sample is a repetition of its series, and each message is an iteration, so `real_time` is
/// in nanoseconds per message. `cpu_time` repeats `real_time`, because the tool does not measure
/// how long the threads had a CPU; do not take it for CPU time. `threads` counts the producers and
/// the consumer. If there are two or more repetitions, they are followed by their mean, median,
/// standard deviation (of a sample, with n - 1) and coefficient of variation, computed separately
/// for the times and for the rates.
///
/// `name` is the series' name followed by its whole spec and its placement policy, like
/// "ringmpsc/producers:2/ring_bits:16/.../wait:adaptive/placement:near". It leaves out what is off
/// (null, false, 0), and the queue if that is the series' name. Equal series of two documents have
/// equal names, but no two series of one document do: if their parameters are the same, the name of
/// the later one ends in its number, "/series:1".
///
/// Samples without a message have no time per message and are left out. A series whose verification
/// failed has `error_occurred` and `error_message` in its repetitions, and no aggregates. In the
/// context, `load_avg` holds only the average of the last minute. Values that are not known are 0
/// or empty, with two exceptions: `cpu_scaling_enabled` is then left out, and `mhz_per_cpu`, which
/// the tool never looks up, is always left out. `library_build_type` is "debug" if the document has
/// the caveat unoptimized_build.
[[nodiscard]] std::string to_google_benchmark(const results::Document& document);

}  // namespace bench::present
