#include "measure/progress.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "results/series_names.hpp"

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
  return fmt::format("[{}{}] ", std::string(full, '#'), std::string(kBarCells - full, '.'));
}

bool can_redraw() {
  const char* const term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) != "dumb";
}

/// The terminal on stderr, opened once more so that writing to it never waits: a terminal that is
/// paused (Ctrl-S) or that nobody reads must not stop the measurement. Stays open.
int terminal() {
  static const int file = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return file;
}

/// Ignores errors, because nothing depends on this line.
void redraw(const std::string& line) {
  const std::string text = "\r" + line + "\x1b[K";
  static_cast<void>(!write(terminal(), text.data(), text.size()));
}

/// A sink of the log that stands before another one.
class Around final : public spdlog::sinks::sink {
 public:
  Around(spdlog::sink_ptr inner, const std::string& shown)
      : inner_(std::move(inner)), shown_(shown) {}

  void log(const spdlog::details::log_msg& message) override {
    if (!shown_.empty()) redraw("");
    inner_->log(message);
    inner_->flush();
    if (!shown_.empty()) redraw(shown_);
  }
  void flush() override { inner_->flush(); }
  void set_pattern(const std::string& pattern) override { inner_->set_pattern(pattern); }
  void set_formatter(std::unique_ptr<spdlog::formatter> formatter) override {
    inner_->set_formatter(std::move(formatter));
  }

 private:
  spdlog::sink_ptr inner_;
  const std::string& shown_;
};

}  // namespace

/// Puts the log's sinks behind others that know of the line, for as long as it exists.
class Progress::Logging {
 public:
  explicit Logging(const std::string& shown)
      : logger_(spdlog::default_logger()), before_(logger_->sinks()) {
    for (spdlog::sink_ptr& sink : logger_->sinks()) sink = std::make_shared<Around>(sink, shown);
  }
  Logging(const Logging&) = delete;
  Logging& operator=(const Logging&) = delete;
  ~Logging() { logger_->sinks() = std::move(before_); }

 private:
  std::shared_ptr<spdlog::logger> logger_;
  std::vector<spdlog::sink_ptr> before_;
};

std::string progress_line(double done, std::optional<double> seconds_left, std::string_view step,
                          std::string_view name, std::size_t columns) {
  constexpr std::size_t kLeastName = 8;  // fewer letters tell nothing
  const std::size_t room = std::max<std::size_t>(columns, 1) - 1;
  const std::string left =
      seconds_left ? fmt::format("{:.0f} s left", std::ceil(*seconds_left)) : std::string();
  const std::string drawn = bar(done);
  const auto line = [&](std::string_view before, std::string_view named) {
    std::string text(before);
    for (const std::string_view part : {step, named, std::string_view(left)}) {
      if (!part.empty()) text += fmt::format("{}{}", text.size() > before.size() ? ", " : "", part);
    }
    return text;
  };
  for (const std::string_view before : {std::string_view(drawn), std::string_view()}) {
    const std::size_t whole = line(before, name).size();
    if (whole <= room) return line(before, name);
    const std::size_t excess = whole - room;
    if (name.size() >= excess + kLeastName) {
      return line(before, results::abbreviated(name, name.size() - excess));
    }
  }
  std::string text = line({}, {});
  if (text.size() > room && !left.empty()) text = left;
  return text.substr(0, room);
}

Progress::Progress(bool enabled) : enabled_(enabled && isatty(STDERR_FILENO) == 1 && can_redraw()) {
  if (enabled_) logging_ = std::make_unique<Logging>(shown_);
}

Progress::~Progress() { clear(); }

void Progress::show(double done, std::string_view step, std::string_view name) {
  if (!enabled_) return;
  done = std::clamp(done, 0.0, 1.0);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin_;
  // When too little is done, the estimate is noise.
  const auto left =
      done < 0.02 ? std::nullopt : std::optional<double>(taken.count() * (1 - done) / done);
  shown_ = progress_line(done, left, step, name, columns());
  redraw(shown_);
}

void Progress::clear() {
  if (shown_.empty()) return;
  redraw("");
  shown_.clear();
}

}  // namespace bench::measure
