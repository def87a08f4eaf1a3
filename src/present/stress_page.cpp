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

/// How many rounds had each shape, a line for each group of shapes.
void show_coverage(Page& page, const StressReport& report) {
  page.headline("rounds in which each shape happened");
  std::vector<std::string> never;
  for (auto row = report.coverage.begin(); row != report.coverage.end();) {
    const auto end = std::find_if(row, report.coverage.end(),
                                  [&](const Coverage& other) { return other.group != row->group; });
    std::string text;
    const std::string_view group = row->group;
    for (; row != end; ++row) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", row->shape, grouped(row->rounds));
      if (row->rounds < row->drawn) text += fmt::format(" of {} drawn", grouped(row->drawn));
      if (row->rounds == 0) never.push_back(row->shape);
    }
    page.line(group, text);
  }
  if (never.empty() || report.rounds == 0) return;
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
