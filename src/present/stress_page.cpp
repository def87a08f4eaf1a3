#include "present/stress_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "present/blocks.hpp"
#include "present/page.hpp"
#include "present/quantity.hpp"

namespace bench::present {
namespace {

using results::Coverage;
using results::StressReport;

void show_result(Page& page, const StressReport& report) {
  const std::string done =
      fmt::format("{} round{} in {}, {} message{}", grouped(report.rounds), plural(report.rounds),
                  duration(report.seconds), grouped(report.messages), plural(report.messages));
  if (report.failure) {
    const results::StressFailure& failure = *report.failure;
    page.line(
        "FAILED",
        fmt::format("{}, round {}: {}", failure.queue, grouped(failure.round), failure.reason),
        Page::kRed);
    page.line("repeat", failure.command, Page::kBold);
    page.line("round", failure.plan);
    page.line("", fmt::format("shapes {}", fmt::join(failure.shapes, ", ")));
    for (const std::string& line : thread_lines(failure)) page.line("", line);
    page.line("before", done);
    return;
  }
  if (report.rounds == 0) {
    page.line("stressed", "nothing: no round ended", Page::kYellow);
    return;
  }
  page.line(report.complete ? "passed" : "interrupted", done,
            report.complete ? Page::kGreen : Page::kYellow);
  if (report.skipped > 0) {
    page.line("left out",
              fmt::format("{} round{}, for which there was no memory or no thread",
                          grouped(report.skipped), plural(report.skipped)),
              Page::kYellow);
  }
  page.line("",
            "every byte of every message was checked: nothing was lost, repeated, damaged or out "
            "of order, nothing came after a close, and no object was left or destroyed twice");
}

void show_queues(Page& page, const StressReport& report) {
  if (report.queues.size() == 1) {
    page.line("queue",
              fmt::format("{}; order {}", report.queues.front().name, report.queues.front().order));
    return;
  }
  for (const results::StressedQueue& queue : report.queues) {
    page.line(
        &queue == report.queues.data() ? "queues" : "",
        fmt::format("{}: {} round{}, {} messages; order {}", queue.name, grouped(queue.rounds),
                    plural(queue.rounds), grouped(queue.messages), queue.order));
  }
}

/// A row for each shape: in how many rounds it was drawn, and in how many of them it happened.
void show_coverage(Page& page, const StressReport& report) {
  if (report.rounds == 0) return;
  constexpr std::size_t kMostColumns = 24;  // names of a damaged document may be longer
  std::size_t group = 0;
  std::size_t shape = 0;
  std::size_t meaning = 0;
  for (const Coverage& row : report.coverage) {
    group = std::clamp(row.group.size(), group, kMostColumns);
    shape = std::clamp(row.shape.size(), shape, kMostColumns);
    meaning = std::max(meaning, row.meaning.size());
  }
  constexpr std::size_t kCountColumns = 11;
  const std::size_t columns = 2 + group + 2 + shape + 2 * kCountColumns;
  const bool has_meanings = columns + 2 + meaning <= page.width();
  page.row(fmt::format("{:<{}}{:>{}}{:>{}}", "rounds with each shape", columns - 2 * kCountColumns,
                       "drawn", kCountColumns, "happened", kCountColumns),
           Page::kBold);
  std::vector<std::string> never;
  std::string_view above;
  for (const Coverage& row : report.coverage) {
    std::string text = fmt::format(
        "  {:<{}}  {:<{}}{:>{}}{:>{}}", row.group == above ? "" : row.group, group, row.shape,
        shape, grouped(row.drawn), kCountColumns, grouped(row.rounds), kCountColumns);
    if (has_meanings) text += "  " + row.meaning;
    page.row(text, row.rounds == 0 ? Page::kYellow : std::string_view());
    if (row.rounds == 0) never.push_back(row.shape);
    above = row.group;
  }
  if (never.empty()) return;
  page.line(
      "NEVER",
      fmt::format("{}; give it more time, or ask for them with --only", fmt::join(never, ", ")),
      Page::kYellow);
}

void show_memory(Page& page, const results::StressMemory& memory) {
  if (!memory.resident_last || !memory.resident_first) return;
  const auto bytes = [](std::uint64_t count) { return si(static_cast<double>(count), "B"); };
  std::string text = fmt::format("{} resident after the first rounds, {} at the end",
                                 bytes(*memory.resident_first), bytes(*memory.resident_last));
  if (memory.resident_most) text += fmt::format(", {} at most", bytes(*memory.resident_most));
  if (memory.allocated_first && memory.allocated_last) {
    text += fmt::format("; {} allocated after the first rounds, {} at the end",
                        bytes(*memory.allocated_first), bytes(*memory.allocated_last));
  }
  page.line("memory", text);
}

}  // namespace

std::vector<std::string> thread_lines(const results::StressFailure& failure) {
  results::Failure threads;
  threads.threads = failure.threads;
  return thread_lines(threads);
}

std::string render(const StressReport& report, const Style& style) {
  Page page(style);
  page.headline(machine_text(report.host));
  show_result(page, report);
  show_queues(page, report);
  show_coverage(page, report);
  show_memory(page, report.memory);
  page.line("seed", fmt::format("{}", report.seed));
  if (!report.tool.sanitizer.empty()) {
    page.line("sanitizer", report.tool.sanitizer);
  }
  show_caveats(page, report.caveats);
  return page.take();
}

}  // namespace bench::present
