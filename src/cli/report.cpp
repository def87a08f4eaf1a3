// The command report: what one hands on, made of any number of results.

#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <future>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/kept_documents.hpp"
#include "cli/output.hpp"
#include "cli/placeholders.hpp"
#include "machine/host.hpp"
#include "measure/origin.hpp"
#include "measure/plan.hpp"
#include "present/page.hpp"
#include "report/html.hpp"
#include "report/markdown.hpp"
#include "results/enclosures.hpp"
#include "results/file.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

constexpr const char* kReportFooter =
    R"(FILEs are JSON that run, sweep, latency, topology, stress, duel or compare wrote
with --output, of one machine or many, or reports, whose documents count again.
Documents of the same --label, or without one of the same host, are several runs
of a machine; the first machine is the one that the others are compared with. To
compare machines, measure the same on each (ringmpsc-bench sweep hardware), three
times or more: one run cannot tell whether the next would be as fast.

A report is one HTML file, which needs no network and carries its documents. A
name that ends in .md gives Markdown, for a wiki or an issue.

Exit status: 0 written; 2 invalid request, or a FILE that cannot be read; 3 the
report could not be written.

Examples:
  ringmpsc-bench report results/*.json -o report.html
  ringmpsc-bench report old-*.json new-*.json -o report.md
  ringmpsc-bench report last-year.html new.json -o this-year.html)";

struct ReportRequest {
  std::vector<std::string> files;
  OutputOptions output;
};

bool wants_markdown(const Output& output) { return output.path.ends_with(".md"); }

/// The documents, and what the report carries of each.
struct Inputs {
  std::vector<analysis::Named<results::AnyDocument>> documents;
  std::vector<report::Enclosure> enclosures;
};

/// Reads all files. A document that was given before, under whatever name, is no further run. Texts
/// are packed while the next ones are read.
Inputs read_all(const std::vector<std::string>& files) {
  Inputs inputs;
  std::vector<std::future<std::string>> packed;
  for (const std::string& file : files) {
    for (KeptDocument& one : kept_documents(file)) {
      const bool known = std::ranges::any_of(
          inputs.documents, [&](const auto& other) { return other.document == one.document; });
      if (known) continue;
      inputs.enclosures.push_back({.name = one.name, .packed = {}});
      packed.push_back(std::async(std::launch::async,
                                  [json = std::move(one.json)] { return results::packed(json); }));
      inputs.documents.push_back(
          {.file = std::move(one.name), .document = std::move(one.document)});
    }
  }
  for (std::size_t i = 0; i < packed.size(); ++i) inputs.enclosures[i].packed = packed[i].get();
  return inputs;
}

/// A report is of many machines, so that it has no label.
void fill_in_names(ReportRequest& request) {
  const PlaceholderValues values =
      placeholder_values(measure::now_utc(), machine::hostname().value_or(""), {});
  for (Output& output : request.output.outputs) {
    output.path = filled_in(output.flag, output.path, values);
  }
}

void check(const ReportRequest& request) {
  if (request.files.empty()) throw BadRequest("report: needs at least one FILE of a result");
  if (request.output.outputs.empty()) {
    throw BadRequest("report: needs a file to write, like --output report.html");
  }
  for (const std::string& file : request.files) {
    if (file.empty()) throw BadRequest("report '': needs a file name, or - for stdin");
    for (const Output& output : request.output.outputs) {
      if (output.to_stdout() || file == "-" || whole_path(file) != whole_path(output.path))
        continue;
      throw BadRequest(fmt::format("--output {}: is also a FILE to read", output.path));
    }
  }
  refuse_same_file(request.output.outputs);
}

/// The sentences of the report's first section.
std::string page_of(const report::Report& made) {
  present::Page page(style(ColorWhen::automatic));
  page.headline(made.title);
  if (!made.sections.empty() && made.sections.front().id == "verdict") {
    for (const report::Block& block : made.sections.front().blocks) {
      if (const auto* const one = std::get_if<report::Paragraph>(&block)) {
        page.hanging(2, one->text);
      }
    }
  }
  return page.take();
}

/// Says where the report is, once it is there, unless stdout is a report itself.
std::expected<void, std::string> say_where(const OutputOptions& options) {
  const auto is_stdout = [](const Output& output) { return output.to_stdout(); };
  if (options.quiet || std::ranges::any_of(options.outputs, is_stdout)) return {};
  present::Page page(style(options.color));
  for (const Output& output : options.outputs) page.hanging(2, "Written to " + output.path);
  return results::write_stdout(page.take());
}

int execute_report(Arguments arguments, const std::string& /*command_line*/) {
  Flags flags("ringmpsc-bench report",
              "Makes a report of results, for people who have never heard of this tool.",
              kReportFooter);
  ReportRequest request;
  flags.add_words("FILE", request.files, "The results to report; - is stdin");
  flags.add(
      "Output", "-o,--output", "FILE", "Write the report to FILE, or to stdout if -; repeatable",
      [&request](auto flag, auto value) {
        if (value.empty()) {
          throw BadRequest(fmt::format("{} '': needs a file name, or -", flag));
        }
        request.output.outputs.push_back({.path = std::string(value)});
      },
      Repeated::all);
  flags.add_switch("Output", "-q,--quiet", request.output.quiet, "Show no summary");
  if (const auto help = flags.read(std::move(arguments))) return show(*help);
  fill_in_names(request);
  check(request);
  prepare(request.output);

  Inputs inputs = read_all(request.files);
  const analysis::Evidence evidence = analysis::sorted_by_machine(std::move(inputs.documents));
  report::Report made = report::make_report(evidence, measure::now_utc());
  made.enclosures = std::move(inputs.enclosures);
  auto delivered = deliver(
      [&made](const Output& output) {
        return wants_markdown(output) ? report::to_markdown(made) : report::to_html(made);
      },
      page_of(made), request.output);
  if (delivered) delivered = say_where(request.output);
  return exit_code(true, delivered, std::nullopt);
}

}  // namespace

const Command kReport{.name = "report",
                      .summary = "an HTML file that compares machines, to be handed on",
                      .execute = execute_report};

}  // namespace bench::cli
