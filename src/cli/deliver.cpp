#include "cli/deliver.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cli/commands.hpp"
#include "measure/plan.hpp"
#include "results/file.hpp"
#include "results/json.hpp"

namespace bench::cli {
namespace {

bool dumb_terminal() {
  const char* const term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) == "dumb";
}

/// Tells of each series that has a fault. True if there is none.
bool all_verified(const results::Document& document) {
  bool all = true;
  for (const results::Series& series : document.series) {
    const workload::Verification& seen = series.verification;
    if (results::verified(series)) continue;
    all = false;
    complain(
        fmt::format("{}: {} sent, {} received: {} lost, {} duplicated, {} reordered, {} "
                    "corrupted",
                    series.name, seen.sent, seen.received, seen.lost, seen.duplicated,
                    seen.reordered, seen.corrupted));
  }
  return all;
}

}  // namespace

void complain(std::string_view what) { fmt::print(stderr, "ringmpsc-bench: {}\n", what); }

void prepare(const OutputOptions& options) {
  for (const Output& output : options.outputs) {
    if (output.to_stdout()) continue;
    if (auto writable = results::check_writable(output.path); !writable) {
      throw measure::BadRequest("--output " + writable.error());
    }
  }
  spdlog::set_level(spdlog::level::from_str(options.log_level));
}

int execute(const TextOnly& options, const std::string& /*command_line*/) {
  const auto written = results::write_stdout(options.text);
  if (!written) complain(written.error());
  return written ? 0 : 3;
}

present::Style style(ColorWhen when) {
  const bool terminal = isatty(STDOUT_FILENO) == 1 && !dumb_terminal();
  const char* const no_color = std::getenv("NO_COLOR");  // https://no-color.org
  const bool wanted = no_color == nullptr || *no_color == '\0';
  present::Style style;
  style.color = when == ColorWhen::always || (when == ColorWhen::automatic && terminal && wanted);
  winsize size{};
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::clamp<unsigned>(size.ws_col, 40, 120);
  } else if (const char* const columns = std::getenv("COLUMNS"); columns != nullptr) {
    unsigned width = 0;  // and so it stays for what is no number
    std::from_chars(columns, columns + std::strlen(columns), width);
    if (width > 0) style.width = std::clamp<unsigned>(width, 40, 120);
  }
  return style;
}

std::expected<void, std::string> deliver(const Written& written, const std::string& text,
                                         const OutputOptions& options) {
  std::expected<void, std::string> outcome;
  const auto note = [&outcome](std::expected<void, std::string> one) {
    if (outcome) outcome = std::move(one);
  };
  bool stdout_taken = false;
  for (const Output& output : options.outputs) {
    if (output.to_stdout()) {
      stdout_taken = true;
    } else {
      note(results::write_whole_or_not(output.path, written(output.format)));
    }
  }
  for (const Output& output : options.outputs) {
    if (output.to_stdout()) note(results::write_stdout(written(output.format)));
  }
  if (!stdout_taken && !options.quiet) note(results::write_stdout(text));
  return outcome;
}

int deliver(const results::Document& document, const OutputOptions& options,
            std::optional<int> signal) {
  const auto delivered =
      deliver([&document](present::Format format) { return present::render(document, format); },
              present::render(document, style(options.color)), options);
  return exit_code(all_verified(document), delivered, signal);
}

int exit_code(bool verified, const std::expected<void, std::string>& delivered,
              std::optional<int> signal) {
  if (!delivered) complain(delivered.error());
  if (!verified) return 1;
  if (!delivered) return 3;
  if (signal == SIGINT) return 130;
  if (signal == SIGTERM) return 143;
  return 0;
}

}  // namespace bench::cli
