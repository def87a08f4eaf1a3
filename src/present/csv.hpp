// A result document as a table for spreadsheets and data frames.
#pragma once

#include <string>

#include "results/document.hpp"

namespace bench::present {

/// Comma-separated values as in RFC 4180, but with lines that end in LF alone, as line tools expect
/// them. The first line names the columns; each of the others is one sample, so that a series
/// without samples has none:
///
///   series                        its name
///   queue ... metrics             everything in its spec, named as in JSON
///   policy, consumer_cpu          where its threads were
///   producer_cpus                 in the producers' order, between semicolons: "0;2;0"
///   sample                        number of the sample in its series, from 0
///   round, messages, seconds, messages_per_second
///   sent, received, lost, duplicated, reordered, corrupted
///                                 of the whole series with its warm-ups, the same in each of its
///                                 rows
///
/// What is null in JSON is an empty cell: unknown, not asked for, or not looked at. Numbers have a
/// decimal point whatever the locale, and the fewest digits that give exactly the same value back.
[[nodiscard]] std::string to_csv(const results::Document& document);

}  // namespace bench::present
