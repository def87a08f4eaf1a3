#include "workload/queue_table.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "machine/cannot_measure.hpp"

namespace bench::workload {
namespace {

/// The head of the list of all entries. Constant-initialised, so that it exists before any entry,
/// whatever the order of the files.
constinit InTable* newest = nullptr;

}  // namespace

InTable::InTable(const QueueEntry& entry) noexcept
    : entry_(entry), next_(std::exchange(newest, this)) {}

InTable::~InTable() {
  InTable** place = &newest;
  while (*place != this) place = &(*place)->next_;
  *place = next_;
}

std::vector<QueueEntry> queue_table() {
  std::vector<QueueEntry> table;
  for (const InTable* one = newest; one != nullptr; one = one->next_) table.push_back(one->entry_);
  std::ranges::sort(table, {}, [](const QueueEntry& entry) {
    return std::tuple(entry.name != kOurQueue, entry.kind == QueueKind::limit, entry.name);
  });
  const auto twice = std::ranges::adjacent_find(table, {}, &QueueEntry::name);
  if (twice != table.end()) {
    throw machine::CannotMeasure("two queues are named " + std::string(twice->name) +
                                 ": rename one of them in its file");
  }
  return table;
}

std::optional<QueueEntry> find_queue(std::string_view name) {
  for (const InTable* one = newest; one != nullptr; one = one->next_) {
    if (one->entry_.name == name) return one->entry_;
  }
  return std::nullopt;
}

QueueOptions queue_options(const Spec& spec) {
  const unsigned producers = spec.producers + spec.idle_producers;
  const std::size_t slots = (std::size_t{1} << spec.ring_bits) * producers;
  const auto entry = find_queue(spec.queue);
  return {.producers = producers,
          .ring_bits = spec.ring_bits,
          .slots = entry && entry->power_of_two_slots ? std::bit_ceil(slots) : slots,
          .batch = spec.batch,
          .metrics = spec.metrics,
          .layout = spec.layout.value_or(Layout::celled)};
}

std::string_view limit_of(Pattern pattern) noexcept {
  return pattern == Pattern::round_trip ? "bounce" : "hand-off";
}

bool is_limit(const Spec& spec) noexcept { return spec.queue == limit_of(spec.pattern); }

Started start_trial(const Spec& spec, const machine::Placement& placement) {
  const auto entry = find_queue(spec.queue);
  if (!entry || entry->start == nullptr) {
    throw std::invalid_argument("queue " + spec.queue + ": not built in");
  }
  return entry->start(spec, placement);
}

}  // namespace bench::workload
