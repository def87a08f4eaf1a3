#include "cli/carry_out.hpp"

#include <cstdlib>
#include <optional>

#include "cli/deliver.hpp"
#include "machine/topology.hpp"
#include "measure/interrupt.hpp"
#include "measure/progress.hpp"

namespace bench::cli {

int carry_out(const measure::Plan& plan, const OutputOptions& options,
              const std::string& command_line, const measure::Announce& announce) {
  std::optional<int> signal;
  const results::Document document = [&] {
    measure::Interrupt interrupt;
    measure::Progress progress(!options.quiet);
    results::Document measured =
        measure::run(plan, machine::this_machine(), command_line, interrupt, progress, announce);
    signal = interrupt.signal();
    return measured;
  }();
  const int code = deliver(document, options, signal);
  // An abandoned trial's threads may still be at work on memory that ordinary exit would destroy.
  if (signal) std::_Exit(code);
  return code;
}

}  // namespace bench::cli
