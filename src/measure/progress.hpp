// The line on stderr that shows how far a measurement is, if stderr is a terminal.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bench::measure {

/// The line for a terminal of this many columns, one of which stays free: a full line would wrap
/// and could not be redrawn. Where the whole does not fit, the name is shortened in its middle,
/// then the bar is left out, then the name, and then the step. The time left is shown to the last.
[[nodiscard]] std::string progress_line(double done, std::optional<double> seconds_left,
                                        std::string_view step, std::string_view name,
                                        std::size_t columns);

/// While one exists, it takes the line away for every message that is logged, and draws it again
/// below. Only one may exist at a time, and only its thread may log.
class Progress {
 public:
  /// Shows nothing unless `enabled` and stderr is a terminal.
  explicit Progress(bool enabled);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Erases the line.
  ~Progress();

  /// Counts the time taken from now on.
  void restart() { begin_ = std::chrono::steady_clock::now(); }
  /// Redraws the line. `done` is the part that is done, 0 to 1; the time left is estimated from the
  /// time taken so far. `step` is like "trial 3 of 10", and `name` is what it is a trial of.
  void show(double done, std::string_view step, std::string_view name = {});
  void clear();

 private:
  class Logging;

  bool enabled_;
  std::string shown_;  ///< the line that the terminal shows; empty if none
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::unique_ptr<Logging> logging_;
};

}  // namespace bench::measure
