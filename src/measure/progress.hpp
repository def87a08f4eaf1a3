// The line that shows how far a measurement is: on a terminal only, on stderr.
#pragma once

#include <chrono>
#include <string>

namespace bench::measure {

class Progress {
 public:
  /// Shows nothing unless `enabled` and stderr is a terminal.
  explicit Progress(bool enabled);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Leaves no trace of the line.
  ~Progress() { clear(); }

  /// From now on counts the time taken.
  void restart() { begin_ = std::chrono::steady_clock::now(); }
  /// Redraws the line: `done` of 1 (0 to 1), the time left estimated from the time taken so far.
  void show(double done, const std::string& what);
  void clear();

 private:
  bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace bench::measure
