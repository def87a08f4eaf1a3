#include "cli/run_command.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <expected>
#include <optional>
#include <string_view>
#include <utility>

#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/plan.hpp"
#include "measure/progress.hpp"
#include "measure/run.hpp"
#include "present/console.hpp"
#include "results/file.hpp"
#include "results/json.hpp"

namespace bench::cli {
namespace {

bool is_stdout(std::string_view output) { return output == "-" || output == "/dev/stdout"; }

bool dumb_terminal() {
  const char* const term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) == "dumb";
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
  }
  return style;
}

void complain(const std::string& what) { fmt::print(stderr, "ringmpsc-bench: {}\n", what); }

/// The result document, and the signal that interrupted its measurement.
struct Measured {
  results::Document document;
  std::optional<int> signal;
};

Measured measure_it(const RunOptions& options, const std::string& command_line) {
  measure::Interrupt interrupt;
  const machine::Topology& topology = machine::this_machine();
  const measure::Plan plan = measure::make_plan(options.request, topology);
  for (const std::string& queue : plan.left_out) {
    if (!options.quiet) complain("left out " + queue);
  }
  measure::Progress progress(!options.quiet);
  results::Document document = measure::run(plan, topology, command_line, interrupt, progress);
  return {.document = std::move(document), .signal = interrupt.signal()};
}

/// Writes and shows the result. The file first: should nobody read stdout any more, it is still
/// written; and what cannot be written is still shown. Returns what went wrong.
std::optional<std::string> deliver(const results::Document& document, const RunOptions& options) {
  std::optional<std::string> error;
  const auto note = [&error](const std::expected<void, std::string>& written) {
    if (!written && !error) error = written.error();
  };
  if (options.output && !is_stdout(*options.output)) {
    note(results::write_whole_or_not(*options.output, results::to_json(document)));
  }
  if (options.output && is_stdout(*options.output)) {
    note(results::write_stdout(results::to_json(document)));
  } else if (!options.quiet) {
    note(results::write_stdout(present::render(document, style(options.color))));
  }
  return error;
}

/// 1 outranks the rest: nothing is as important as a message that went wrong.
int exit_code(const Measured& measured, bool delivered) {
  bool verified = true;
  for (const results::Series& series : measured.document.series) {
    const workload::Verification& seen = series.verification;
    if (results::verified(series)) continue;
    verified = false;
    complain(
        fmt::format("{}: {} sent, {} received: {} lost, {} duplicated, {} reordered, {} "
                    "corrupted",
                    series.name, seen.sent, seen.received, seen.lost, seen.duplicated,
                    seen.reordered, seen.corrupted));
  }
  if (!verified) return 1;
  if (!delivered) return 3;
  if (measured.signal == SIGINT) return 130;
  if (measured.signal == SIGTERM) return 143;
  return 0;
}

}  // namespace

int run(const RunOptions& options, const std::string& command_line) {
  if (options.output && !is_stdout(*options.output)) {
    if (auto writable = results::check_writable(*options.output); !writable) {
      throw measure::BadRequest("--output " + writable.error());
    }
  }
  spdlog::set_level(spdlog::level::from_str(options.log_level));

  const Measured measured = measure_it(options, command_line);
  const auto error = deliver(measured.document, options);
  if (error) complain(*error);
  const int code = exit_code(measured, !error);
  // An abandoned trial's threads may still be at work on memory that ordinary exit would destroy.
  if (measured.signal) std::_Exit(code);
  return code;
}

}  // namespace bench::cli
