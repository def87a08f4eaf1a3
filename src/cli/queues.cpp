// The command queues: lists what can be measured.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "present/page.hpp"
#include "workload/queue_table.hpp"

namespace bench::cli {
namespace {

using workload::QueueEntry;

constexpr const char* kQueuesFooter =
    R"(To add a queue of your own, write one file: see README.md, "Your own queue".)";

std::string row(const QueueEntry& queue) {
  constexpr std::array<std::string_view, 4> kKinds = {"SPSC", "MPSC", "MPMC", "limit"};
  if (queue.start == nullptr) {
    return fmt::format("{:<22}not built in{}\n", queue.name,
                       queue.package.empty()
                           ? std::string()
                           : fmt::format("; its Debian package is {}", queue.package));
  }
  return fmt::format("{:<22}{:<7}{:<14}{:<13}{}\n", queue.name,
                     kKinds[static_cast<std::size_t>(queue.kind)], queue.order, queue.progress,
                     queue.version);
}

std::string table() {
  std::string text = fmt::format("{:<22}{:<7}{:<14}{:<13}{}\n", "queue", "kind", "order kept",
                                 "progress", "version");
  std::map<std::vector<std::size_t>, std::vector<std::string_view>> by_payloads;
  std::vector<std::string_view> rounded;
  for (const QueueEntry& queue : workload::queue_table()) {
    text += row(queue);
    if (queue.start == nullptr) continue;
    by_payloads[{queue.payloads.begin(), queue.payloads.end()}].push_back(queue.name);
    if (queue.power_of_two_slots) rounded.push_back(queue.name);
  }
  present::Page page({.color = false, .width = 80});
  for (const auto& [bytes, queues] : by_payloads) {
    page.line("messages",
              fmt::format("of {} bytes: {}", fmt::join(bytes, ", "), fmt::join(queues, ", ")));
  }
  if (!rounded.empty()) {
    page.line("slots", fmt::format("rounded up to a power of two: {}", fmt::join(rounded, ", ")));
  }
  return text + page.take();
}

int execute_queues(Arguments arguments, const std::string& /*command_line*/) {
  Flags flags("ringmpsc-bench queues",
              "Lists the queues that --queue can name: how many threads may use each end,\n"
              "which order is kept, the kind of progress (such as lock-free), and the version\n"
              "that is built in.",
              kQueuesFooter);
  if (const auto help = flags.read(std::move(arguments))) return show(*help);
  return show(table());
}

}  // namespace

const Command kQueues{
    .name = "queues", .summary = "the queues that can be measured", .execute = execute_queues};

}  // namespace bench::cli
