#include "cli/stress_output.hpp"

#include <spdlog/spdlog.h>

#include <string>

#include "present/stress_page.hpp"
#include "results/json.hpp"

namespace bench::cli {

int deliver(const results::StressReport& report, const OutputOptions& options,
            std::optional<int> signal) {
  const auto delivered = deliver([&report](const Output&) { return results::to_json(report); },
                                 present::render(report, style(options.color)), options);
  if (report.failure) {
    spdlog::error("{}, round {}: {}", report.failure->queue, report.failure->round,
                  report.failure->reason);
    for (const std::string& line : present::thread_lines(*report.failure)) {
      spdlog::error("  {}", line);
    }
    spdlog::error("repeat it: {}", report.failure->command);
  }
  const int code = exit_code(!report.failure, delivered, signal);
  if (code != 0 || report.messages > 0) return code;
  spdlog::error("nothing was stressed: no message was received");
  return 3;
}

}  // namespace bench::cli
