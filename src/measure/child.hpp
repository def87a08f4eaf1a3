// A program that runs beside this one, and with which this one exchanges lines.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench::measure {

/// The child has a process group of its own, so that Ctrl-C is for its parent alone, and its
/// standard input, output and error are pipes. Use it on one thread.
class Child {
 public:
  /// `program` is a path, or a name that is looked for in PATH unless there is such a file. Throws
  /// machine::CannotMeasure if it cannot be started.
  Child(const std::string& program, const std::vector<std::string>& arguments);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Closes its input, and gives it kGoodbye to end, as it should. Then it kills what is left of
  /// its group.
  ~Child();
  static constexpr std::chrono::milliseconds kGoodbye{50};

  /// False if it does not read, within `time`.
  [[nodiscard]] bool write(std::string_view line, std::chrono::milliseconds time);

  enum class Heard : std::uint8_t {
    line,
    nothing,   ///< within the time
    end,       ///< it has closed its output, as it does when it ends
    too_much,  ///< a line of more than kMostLineBytes
  };
  /// Waits at most `time` for a line.
  [[nodiscard]] Heard hear(std::chrono::milliseconds time);
  /// The line that was heard last, without its end; after Heard::end, what came after the last one.
  [[nodiscard]] const std::string& line() const noexcept { return line_; }
  static constexpr std::size_t kMostLineBytes = std::size_t{1} << 24;

  /// Waits at most `time` for its end, and then kills it. Tells how it ended, as part of a
  /// sentence: "ended with exit status 3", "was killed by SIGSEGV", "did not end".
  [[nodiscard]] std::string end_within(std::chrono::milliseconds time);
  /// The last line that it wrote to its standard error; empty if none.
  [[nodiscard]] std::string last_words();

 private:
  /// Reads what is there. False at the end.
  static bool take(int from, std::string& into);
  [[nodiscard]] bool take_line();
  /// Waits at most `time` for its end, and then kills its group.
  siginfo_t end_group(std::chrono::milliseconds time) noexcept;

  pid_t pid_ = -1;
  bool reaped_ = false;
  int input_ = -1;  ///< its standard input, and so on
  int output_ = -1;
  int error_ = -1;
  std::string heard_;  ///< read and not yet given out
  std::string said_;   ///< the end of its standard error
  std::string line_;
};

}  // namespace bench::measure
