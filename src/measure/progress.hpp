// The line on stderr that shows how far a measurement is, if stderr is a terminal.
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
  /// Erases the line.
  ~Progress() { clear(); }

  /// Counts the time taken from now on.
  void restart() { begin_ = std::chrono::steady_clock::now(); }
  /// Redraws the line. `done` is the part that is done, 0 to 1; the time left is estimated from the
  /// time taken so far.
  void show(double done, const std::string& what);
  void clear();

 private:
  bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace bench::measure
