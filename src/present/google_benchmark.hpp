// Writes a result document in Google Benchmark's form, for the programs that read it: compare.py,
// and dashboards of continuous measurement (github-action-benchmark's tool googlecpp, Bencher's
// adapter cpp_google).
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

/// JSON as Google Benchmark 1.7 writes it with --benchmark_format=json. It holds less than the JSON
/// of to_json, and from_json does not read it.
///
/// Each sample of a series that is not timed is a repetition, and each message is an iteration, so
/// `real_time` is in nanoseconds per message (or per round trip). If there are two or more
/// repetitions, they are followed by their mean, median, standard deviation (of a sample, with
/// n - 1) and coefficient of variation, computed separately for the times and for the rates.
///
/// A series whose messages were timed is one repetition, and `real_time` is the median time of all
/// its messages. The percentiles are counters: p50_ns, p90_ns, p99_ns, p99_9_ns, p99_99_ns, max_ns.
/// On a schedule there are offered_rate and achieved_rate too.
///
/// Every entry has a time, which is a finite number. A series without one (it is saturated, it
/// failed before its first sample, or too few of its messages were timed) has no entry: Bencher
/// refuses a whole file for one entry without a time, github-action-benchmark keeps the entry
/// without a value, and any number in its place would be compared. The context then has `errors`, a
/// list of `name` and `error_message`, which none of these programs reads. That a series failed is
/// also in the tool's exit code. Bencher refuses a file without any entry.
///
/// `cpu_time` repeats `real_time`, because the tool does not measure how long the threads had a
/// CPU; do not take it for CPU time. `threads` counts the producers and the consumer.
///
/// `name` is the queue and those settings that differ from the program's defaults, as they are
/// typed, like "ringmpsc/producers:2/batch:1/duration:0.05s". A preset is named by what it sets.
/// Equal series of two documents have equal names, but no two series of one document do: if their
/// settings are the same, the name of the later one ends in its number, "/series:1". With --rate
/// auto the rates follow from what was achieved, and with them the names change from run to run.
///
/// Samples without a message or a time have no time per message and are left out. A series whose
/// verification failed, or in which the measurement failed (it hung, threw, crashed or could not be
/// measured), has `error_occurred` and `error_message` in its repetitions, and no aggregates. In
/// the context, `load_avg` holds only the average of the last minute. Values that are not known are
/// 0 or empty, with two exceptions: `cpu_scaling_enabled` is then left out, and `mhz_per_cpu`,
/// which the tool never looks up, is always left out. `library_build_type` is "debug" if the
/// document has the caveat unoptimized_build.
[[nodiscard]] std::string to_google_benchmark(const results::Document& document);

}  // namespace bench::present
