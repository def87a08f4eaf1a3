// A result document as a table for spreadsheets and data frames.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

/// Comma-separated values as in RFC 4180, except that lines end in LF alone, as line tools expect.
/// The first line names the columns. Each other line is one sample. A series without samples has no
/// line, unless it failed or a message went wrong: then it has one, in which the cells of a sample
/// are empty. The columns are:
///
///   series                        its name
///   queue ... rate                its spec, named as in JSON
///   policy                        how its threads were placed
///   consumer_cpu                  where the consumer was in this sample
///   producer_cpus                 in the producers' order, separated by semicolons: "0;2;0"
///   sample                        number of the sample in its series, from 0
///   round, regime, messages, seconds, messages_per_second
///   commits, refused_full, batches, empty_polls
///                                 of the sample; empty unless they were counted
///   p50_ns, p90_ns, p99_ns, p99_9_ns, p99_99_ns, max_ns
///                                 of all messages of the series, in nanoseconds; the same in each
///                                 row of the series; empty if they were not timed, and past
///                                 saturation, where they would show how long the trials were
///   offered_rate, achieved_rate, saturated
///                                 of the whole series; empty without a schedule
///   sent, received, lost, duplicated, reordered, corrupted
///                                 of the whole series, warm-ups included; the same in each row of
///                                 the series
///   failure                       of the series in which the measurement failed: the trial and the
///                                 reason; the same in each of its rows, empty in all others
///
/// A value that is null in JSON (unknown, not asked for, or not looked at) is an empty cell.
/// Numbers have a decimal point whatever the locale, and the fewest digits that give exactly the
/// same value back.
[[nodiscard]] std::string to_csv(const results::Document& document);

}  // namespace bench::present
