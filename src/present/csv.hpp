// A result document as a table for spreadsheets and data frames.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

/// Comma-separated values as in RFC 4180, except that lines end in LF alone, as line tools expect.
/// The first line names the columns. Each other line is one sample, so a series without samples has
/// no line. The columns are:
///
///   series                        its name
///   queue ... latency             everything in its spec, named as in JSON
///   policy, consumer_cpu          where its threads were
///   producer_cpus                 in the producers' order, separated by semicolons: "0;2;0"
///   sample                        number of the sample in its series, from 0
///   round, messages, seconds, messages_per_second
///   sent, received, lost, duplicated, reordered, corrupted
///                                 of the whole series, warm-ups included; the same in each row of
///                                 the series
///
/// A value that is null in JSON (unknown, not asked for, or not looked at) is an empty cell.
/// Numbers have a decimal point whatever the locale, and the fewest digits that give exactly the
/// same value back.
[[nodiscard]] std::string to_csv(const results::Document& document);

}  // namespace bench::present
