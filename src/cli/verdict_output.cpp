#include "cli/verdict_output.hpp"

#include <cstdlib>

#include "cli/values.hpp"
#include "results/json.hpp"
namespace bench::cli {
std::optional<std::string> read(Flags& flags, VerdictOptions& options, Arguments arguments) {
  flags.add("Verdict", "--fail-on", "P", "margin",
            [&](auto, auto v) { options.margin = std::atof(std::string(v).c_str()) / 100; });
  return read(flags, options.output, std::move(arguments), present::formats().first(1));
}
void prepare(const VerdictOptions& options) { prepare(options.output); }
int deliver(const results::VerdictReport& report, const VerdictOptions& options,
            std::optional<int> signal) {
  std::string text;
  for (auto& s : report.series)
    text += std::string(results::kVerdictNames[(int)s.verdict].first) + " " + s.name + " " +
            std::to_string(s.ratio.value_or(0)) + " [" +
            std::to_string(s.interval ? s.interval->lo : 0) + ", " +
            std::to_string(s.interval ? s.interval->hi : 0) + "] " +
            std::to_string(s.blocks.size()) + " blocks " + s.why + "\n";
  for (auto& u : report.unmatched) text += "unmatched " + u.name + ": " + u.why + "\n";
  auto d = deliver([&](const present::Format&) { return results::to_json(report); }, text,
                   options.output);
  return exit_code(verdict(report) != results::Verdict::regressed, d, signal);
}
}  // namespace bench::cli
