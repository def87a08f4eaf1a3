#include "cli/run_command.hpp"

#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "machine/cannot_measure.hpp"
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

present::Style style(ColorWhen when) {
  const bool terminal = isatty(STDOUT_FILENO) == 1;
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

/// A result that was measured and cannot be kept is worth an exit code of its own kind.
void keep(const std::expected<void, std::string>& written) {
  if (!written) throw machine::CannotMeasure(written.error());
}

int exit_code(const results::Document& document, const measure::Interrupt& interrupt) {
  const bool verified = std::ranges::all_of(
      document.series, [](const results::Series& s) { return s.verification.passed(); });
  if (!verified) return 1;
  if (interrupt.signal() == SIGINT) return 130;
  if (interrupt.signal() == SIGTERM) return 143;
  return 0;
}

}  // namespace

int run(const RunOptions& options, const std::string& command_line) {
  const bool to_stdout = options.output == "-";
  if (options.output && !to_stdout) {
    if (auto writable = results::check_writable(*options.output); !writable) {
      throw measure::BadRequest("--output " + writable.error());
    }
  }
  spdlog::set_level(spdlog::level::from_str(options.log_level));

  measure::Interrupt interrupt;
  const machine::Topology& topology = machine::this_machine();
  const measure::Plan plan = measure::make_plan(options.request, topology);
  results::Document document;
  {
    measure::Progress progress(!options.quiet);
    document = measure::run(plan, topology, command_line, interrupt, progress);
  }

  // The file first: should nobody read stdout any more, it is still written.
  if (options.output && !to_stdout) {
    keep(results::write_whole_or_not(*options.output, results::to_json(document)));
  }
  if (to_stdout) {
    keep(results::write_stdout(results::to_json(document)));
  } else if (!options.quiet) {
    keep(results::write_stdout(present::render(document, style(options.color))));
  }

  const int code = exit_code(document, interrupt);
  // An abandoned trial's threads may still be at work on memory that ordinary exit would destroy.
  if (interrupt.signal()) std::_Exit(code);
  return code;
}

}  // namespace bench::cli
