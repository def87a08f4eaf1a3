// The command show: the page of a result again, or the result in another form.

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/kept_result.hpp"
#include "cli/markdown_output.hpp"
#include "cli/output.hpp"
#include "cli/series_files.hpp"
#include "cli/stress_output.hpp"
#include "cli/verdict_output.hpp"
#include "measure/plan.hpp"
#include "present/console.hpp"
#include "present/format.hpp"
#include "present/topology_page.hpp"
#include "results/json.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

constexpr const char* kShowFooter =
    R"(FILE is JSON that run, sweep, latency, topology, stress, duel or compare wrote.
Reports of topology have the form csv too, those of stress no other. The flags
under "Verdict" are for the documents of duel and compare, of which --output
writes JSON only. The names of files are filled in with what the result says.

Exit status: 0 shown; 1 the result says that a series regressed (or, with
--inconclusive fail, is inconclusive), that a message was lost, duplicated,
reordered or corrupted, that the queue failed, or that a --require was missed;
2 FILE cannot be read; 3 no message was received, nothing was compared, or the
output could not be written. So a gate can ask a kept result what it would have
asked the measurement, except for --strict, which is not kept. An interrupted
result is shown, says so, and ends with 0 unless there is a reason for 1.

Examples:
  ringmpsc-bench show result.json
  ringmpsc-bench show result.json --output '{hostname}-{date}.csv'
  ringmpsc-bench show result.json --quiet || echo failed
  ringmpsc-bench show verdict.json --markdown comment.md
  ssh host ringmpsc-bench --output - | ringmpsc-bench show -)";

/// Refuses outputs in another form than those `offered`. `what` is like "a report of topology".
void refuse_other_forms(const std::string& path, std::string_view what,
                        const OutputOptions& options,
                        std::span<const present::Format> offered = present::formats().first(1)) {
  for (const Output& output : options.outputs) {
    if (std::ranges::find(offered, output.format->name, &present::Format::name) != offered.end()) {
      continue;
    }
    throw BadRequest(fmt::format("--output {}: {} is {}, which has no form {}; say --format json",
                                 output.path, path, what, output.format->name));
  }
}

void refuse_verdict_flags(const std::string& path, const VerdictOptions& options) {
  const std::string_view flag = options.markdown             ? "--markdown"
                                : options.junit              ? "--junit"
                                : options.inconclusive_fails ? "--inconclusive"
                                                             : "";
  if (flag.empty()) return;
  throw BadRequest(fmt::format(
      "{}: {} has no verdict; only what duel and compare wrote with --output has one", flag, path));
}

/// Those of the shown document. Only documents about one machine have its label.
PlaceholderValues placeholders_of(const auto& document) {
  const std::string hostname = document.host.hostname.value_or("");
  if constexpr (requires { document.label; }) {
    return placeholder_values(document.created_utc, hostname, document.label);
  } else {
    return placeholder_values(document.created_utc, hostname, {});
  }
}

int show_report(const results::TopologyReport& report, const OutputOptions& options) {
  const auto delivered =
      deliver([&report](const Output& output) { return output.format->render_topology(report); },
              present::render(report, style(options.color)), options);
  return exit_code(true, delivered, std::nullopt);
}

int show_result(const results::Document& result, const std::string& path, VerdictOptions options) {
  if (options.markdown) {
    options.output.outputs.push_back(markdown_output(*std::exchange(options.markdown, {})));
  }
  refuse_verdict_flags(path, options);
  check_series_files(options.output, result);
  return deliver(result, options.output, std::nullopt);
}

int execute_show(Arguments arguments, const std::string& /*command_line*/) {
  Flags flags("ringmpsc-bench show",
              "Shows a result again as it was shown when it was measured, or writes it in\n"
              "another form.",
              kShowFooter);
  VerdictOptions options;
  std::optional<std::string> path;
  flags.add_word("FILE", path, "The result to show; - is stdin");
  add_verdict_output(flags, options);
  results::AnyDocument document;
  const auto read_document = [&] {
    if (!path) throw BadRequest("show: needs the FILE of a result, or - for stdin");
    document = kept_result(*path, results::any_from_json);
    return std::visit([](const auto& any) { return placeholders_of(any); }, document);
  };
  if (const auto help =
          read(flags, options.output, std::move(arguments), present::formats(), read_document)) {
    return show(*help);
  }
  fill_in_names(options);
  refuse_same_file(options);
  refuse_inputs(options, {&*path, 1});
  prepare(options);
  if (const auto* const report = std::get_if<results::VerdictReport>(&document)) {
    refuse_other_forms(*path, "a verdict", options.output);
    return deliver(*report, options, std::nullopt);
  }
  if (const auto* const result = std::get_if<results::Document>(&document)) {
    return show_result(*result, *path, std::move(options));
  }
  refuse_verdict_flags(*path, options);
  if (const auto* const report = std::get_if<results::TopologyReport>(&document)) {
    refuse_other_forms(*path, "a report of topology", options.output, present::topology_formats());
    return show_report(*report, options.output);
  }
  if (const auto* const report = std::get_if<results::StressReport>(&document)) {
    refuse_other_forms(*path, "a report of stress", options.output);
    return deliver(*report, options.output, std::nullopt);
  }
  std::unreachable();
}

}  // namespace

const Command kShow{.name = "show",
                    .summary = "a result again, on the page or in another form",
                    .execute = execute_show};

}  // namespace bench::cli
