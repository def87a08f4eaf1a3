#include "measure/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace bench::measure {
namespace {

constexpr std::size_t kBarCells = 24;

/// Columns of the terminal on stderr. They are asked for each time, because people resize
/// terminals.
std::size_t columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string bar(double done) {
  const auto full = static_cast<std::size_t>(std::lround(done * static_cast<double>(kBarCells)));
  return std::string(full, '#') + std::string(kBarCells - full, '.');
}

bool can_redraw() {
  const char* const term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) != "dumb";
}

/// Ignores errors, because nothing depends on this line.
void redraw(const std::string& line) {
  static_cast<void>(std::fputs(("\r" + line + "\x1b[K").c_str(), stderr));
  static_cast<void>(std::fflush(stderr));
}

}  // namespace

Progress::Progress(bool enabled)
    : enabled_(enabled && isatty(STDERR_FILENO) == 1 && can_redraw()) {}

void Progress::show(double done, const std::string& what) {
  if (!enabled_) return;
  done = std::clamp(done, 0.0, 1.0);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin_;
  // When too little is done, the estimate is noise.
  const std::string left =
      done < 0.02 ? std::string()
                  : fmt::format(", {:.0f} s left", std::ceil(taken.count() * (1 - done) / done));
  std::string line = fmt::format("[{}] {}{}", bar(done), what, left);
  // One column stays free: a full line would wrap and could not be redrawn.
  line.resize(std::min(line.size(), columns() - 1));
  redraw(line);
  shown_ = true;
}

void Progress::clear() {
  if (!shown_) return;
  redraw("");
  shown_ = false;
}

}  // namespace bench::measure
