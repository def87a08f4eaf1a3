// The command show: the page of a result again, or the result in another form.

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/kept_result.hpp"
#include "cli/output.hpp"
#include "measure/plan.hpp"
#include "present/console.hpp"
#include "present/format.hpp"
#include "present/topology_page.hpp"
#include "results/json.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

constexpr const char* kShowFooter =
    R"(FILE is JSON that run, sweep, latency or topology wrote. A report of topology
has no other form.

Exit status: 0 shown; 1 the result says that a message was lost, duplicated,
reordered or corrupted, that the queue failed, or that a --require was missed;
2 FILE cannot be read; 3 no message was received, or the output could not be
written. So a gate can ask a kept result what it would have asked the
measurement, except for --strict, which is not kept. An interrupted result is
shown, says so, and ends with 0 unless there is a reason for 1.

Examples:
  ringmpsc-bench show result.json
  ringmpsc-bench show result.json --output result.csv
  ringmpsc-bench show result.json --quiet || echo failed
  ssh host ringmpsc-bench --output - | ringmpsc-bench show -)";

int show_report(const results::TopologyReport& report, const std::string& path,
                const OutputOptions& options) {
  for (const Output& output : options.outputs) {
    if (output.format == present::formats().data()) continue;
    throw BadRequest(
        fmt::format("--output {}: {} is a report of topology, which has no form {}; "
                    "say --format json",
                    output.path, path, output.format->name));
  }
  const auto delivered =
      deliver([&report](const present::Format&) { return results::to_json(report); },
              present::render(report, style(options.color)), options);
  return exit_code(true, delivered, std::nullopt);
}

int execute_show(Arguments arguments, const std::string& /*command_line*/) {
  Flags flags("ringmpsc-bench show",
              "Shows a result again as it was shown when it was measured, or writes it in\n"
              "another form.",
              kShowFooter);
  OutputOptions output;
  std::optional<std::string> path;
  flags.add_word("FILE", path, "The result to show; - is stdin");
  if (const auto help = read(flags, output, std::move(arguments))) return show(*help);
  if (!path) throw BadRequest("show: needs the FILE of a result, or - for stdin");
  prepare(output);
  const results::AnyDocument document = kept_result(*path, results::any_from_json);
  if (const auto* const report = std::get_if<results::TopologyReport>(&document)) {
    return show_report(*report, *path, output);
  }
  return deliver(std::get<results::Document>(document), output, std::nullopt);
}

}  // namespace

const Command kShow{.name = "show",
                    .summary = "a result again, on the page or in another form",
                    .execute = execute_show};

}  // namespace bench::cli
