#include "cli/markdown_output.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "measure/plan.hpp"
#include "report/markdown.hpp"
#include "report/report.hpp"

namespace bench::cli {
namespace {

constexpr std::string_view kFlag = "--markdown";

/// The report of a single result.
std::string result_as_markdown(const results::Document& document) {
  std::vector<analysis::Named<results::AnyDocument>> documents;
  documents.push_back({.file = "this result", .document = document});
  return report::to_markdown(
      report::make_report(analysis::sorted_by_machine(std::move(documents)), document.created_utc));
}

constexpr present::Format kMarkdown = {
    .name = "markdown", .ending = ".md", .render = result_as_markdown};

}  // namespace

Output markdown_output(const std::string& path) {
  return {.path = path, .format = &kMarkdown, .flag = kFlag};
}

void add_markdown_flag(Flags& flags, OutputOptions& options) {
  flags.add("Output", kFlag, "FILE", "Write a report in Markdown to FILE, or to stdout if -",
            [&options](auto flag, auto value) {
              if (value.empty()) {
                throw measure::BadRequest(fmt::format("{} '': needs a file name, or -", flag));
              }
              options.outputs.push_back(markdown_output(std::string(value)));
            });
}

}  // namespace bench::cli
