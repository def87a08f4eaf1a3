// Outputs of formats whose files have one series each, like HdrHistogram's.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"
#include "measure/plan.hpp"
#include "results/document.hpp"

namespace bench::cli {

/// Throws measure::BadRequest if such an output has no series, because none is timed, or if several
/// would be written to the same file. A name with {series} gives each a file; any other is for the
/// only queue, and the machine's limit beside it has no file.
void check_series_files(const OutputOptions& options, const measure::Plan& plan);
void check_series_files(const OutputOptions& options, const results::Document& document);
/// The same for a curve whose rates must still be found, which has several series.
void check_series_files_of_curve(const OutputOptions& options);

/// The outputs, with those that have one series a file in its place once for each series. They
/// point into the document.
struct SeriesFiles {
  std::vector<Output> outputs;
  /// Outputs for which no series has times, because all were saturated or none was measured.
  std::vector<Output> without_times;
};

/// Names on stderr each series that has no times and so no file.
[[nodiscard]] SeriesFiles with_series_files(const OutputOptions& options,
                                            const results::Document& document);

}  // namespace bench::cli
