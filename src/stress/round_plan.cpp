#include "stress/round_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "ringmpsc/config.hpp"
#include "stress/random.hpp"

namespace bench::stress {
namespace {

using workload::Wait;

/// JSON readers that keep numbers as doubles keep every seed up to here exactly.
constexpr std::uint64_t kSeedMask = (std::uint64_t{1} << 53) - 1;

constexpr std::array kProducerWaits = {std::pair{Shape::producer_busy_spin, Wait::busy_spin},
                                       std::pair{Shape::producer_yielding, Wait::yielding},
                                       std::pair{Shape::producer_adaptive, Wait::adaptive},
                                       std::pair{Shape::producer_backoff, Wait::backoff},
                                       std::pair{Shape::producer_blocking, Wait::blocking}};
constexpr std::array kConsumerWaits = {std::pair{Shape::consumer_busy_spin, Wait::busy_spin},
                                       std::pair{Shape::consumer_yielding, Wait::yielding},
                                       std::pair{Shape::consumer_adaptive, Wait::adaptive},
                                       std::pair{Shape::consumer_backoff, Wait::backoff},
                                       std::pair{Shape::consumer_blocking, Wait::blocking}};

/// Numbers that a shape stands for; both ends belong to it.
struct Span {
  Shape shape;
  unsigned least;
  unsigned most;
};
constexpr std::array kProducerCounts = {Span{Shape::one_producer, 1, 1},
                                        Span{Shape::several_producers, 2, 8},
                                        Span{Shape::many_producers, 9, ringmpsc::kMaxProducers}};
constexpr std::array kRingBits = {Span{Shape::tiny_ring, 1, 2}, Span{Shape::small_ring, 3, 7},
                                  Span{Shape::large_ring, 8, 14},
                                  Span{Shape::huge_ring, 15, ringmpsc::kMaxRingBits}};

struct Payload {
  Shape shape;
  std::size_t bytes;
  std::size_t of_other_queues;  ///< 0: they have no such messages
};
constexpr std::array kPayloads = {
    Payload{Shape::payload_8, 8, 8},        Payload{Shape::payload_24, 24, 32},
    Payload{Shape::payload_64, 64, 64},     Payload{Shape::payload_256, 256, 256},
    Payload{Shape::payload_1024, 1024, 0},  Payload{Shape::payload_heap, 16, 0},
    Payload{Shape::payload_throwing, 32, 0}};

/// The largest limit of the messages that a producer sends in one life.
constexpr std::uint64_t kMostMessages = 4'000'000;
constexpr unsigned kMostLives = 8;

bool in_span(const Span& span, unsigned value) { return value >= span.least && value <= span.most; }

/// Whether this queue can have the shape, whatever else is asked for.
bool can(const workload::QueueEntry& queue, Shape shape) {
  if (queue.name == workload::kOurQueue) return true;
  if (!entry_of(shape).of_any_queue) return false;
  if (queue.kind == workload::QueueKind::spsc &&
      (shape == Shape::several_producers || shape == Shape::many_producers)) {
    return false;
  }
  if (shape == Shape::reserve) return queue.in_place;
  if (shape == Shape::deferred) return queue.deferred;
  for (const Payload& payload : kPayloads) {
    if (payload.shape != shape) continue;
    return std::ranges::find(queue.payloads, payload.of_other_queues) != queue.payloads.end();
  }
  return true;
}

/// Whether rounds of the queue have wait strategies.
bool waits(const workload::QueueEntry& queue) { return can(queue, Shape::consumer_blocking); }

/// Whether what the user fixed allows the shape of this queue.
bool allows(const Narrowing& narrowing, const workload::QueueEntry& queue, Shape shape) {
  for (const Span& span : kProducerCounts) {
    if (span.shape == shape && narrowing.producers) return in_span(span, *narrowing.producers);
  }
  for (const Span& span : kRingBits) {
    if (span.shape == shape && narrowing.ring_bits) return in_span(span, *narrowing.ring_bits);
  }
  for (const Payload& payload : kPayloads) {
    if (payload.shape != shape || !narrowing.payload_bytes) continue;
    const bool plain = shape != Shape::payload_heap && shape != Shape::payload_throwing;
    const bool ours = queue.name == workload::kOurQueue;
    return plain && (ours ? payload.bytes : payload.of_other_queues) == *narrowing.payload_bytes;
  }
  for (const auto& side : {kProducerWaits, kConsumerWaits}) {
    for (const auto& [of_wait, wait] : side) {
      if (of_wait == shape && narrowing.wait) return wait == *narrowing.wait;
    }
  }
  if (shape == Shape::celled || shape == Shape::dense) {
    const auto of_shape =
        shape == Shape::celled ? workload::Layout::celled : workload::Layout::dense;
    return narrowing.layout.value_or(of_shape) == of_shape;
  }
  if (shape == Shape::wandering) return narrowing.cpus.size() > 1;
  return true;
}

/// Plain messages can be copied into a batch or a stage; those that only move cannot. A stage
/// belongs to a dense ring, or to a queue that has no layouts.
bool fit(Shape layout, Shape payload, Shape way) {
  if (way == Shape::deferred) {
    return layout != Shape::celled && payload != Shape::payload_heap &&
           payload != Shape::payload_throwing;
  }
  return way != Shape::send || payload != Shape::payload_heap;
}

std::vector<Shape> of_group(const Group& group) {
  std::vector<Shape> all;
  for (auto i = static_cast<std::size_t>(group.first); i <= static_cast<std::size_t>(group.last);
       ++i) {
    all.push_back(static_cast<Shape>(i));
  }
  return all;
}

/// The shapes of the group that a round of this queue can have.
std::vector<Shape> candidates(const Group& group, const Narrowing& narrowing,
                              const workload::QueueEntry& queue) {
  std::vector<Shape> all = of_group(group);
  const bool chosen = group.choice != Choice::any && std::ranges::any_of(all, [&](Shape shape) {
                        return narrowing.only.has(shape);
                      });
  std::erase_if(all, [&](Shape shape) {
    if (chosen && !narrowing.only.has(shape)) return true;
    return !can(queue, shape) || !allows(narrowing, queue, shape);
  });
  return all;
}

const Group& group_of(Shape shape) {
  for (const Group& group : groups()) {
    if (shape >= group.first && shape <= group.last) return group;
  }
  std::unreachable();
}

/// The layouts that a round of this queue can have. For a queue that has none of its own, a shape
/// that no way of writing minds.
std::vector<Shape> layouts_of(const Narrowing& narrowing, const workload::QueueEntry& queue) {
  std::vector<Shape> layouts = candidates(group_of(Shape::celled), narrowing, queue);
  if (layouts.empty() && !queue.layouts) layouts.push_back(Shape::dense);
  return layouts;
}

/// The payloads that can be written in one of the ways.
std::vector<Shape> payloads_of(Shape layout, const std::vector<Shape>& ways,
                               const Narrowing& narrowing, const workload::QueueEntry& queue) {
  std::vector<Shape> payloads = candidates(group_of(Shape::payload_8), narrowing, queue);
  std::erase_if(payloads, [&](Shape payload) {
    return std::ranges::none_of(ways, [&](Shape way) { return fit(layout, payload, way); });
  });
  return payloads;
}

/// Whether a round of this queue can write in this way.
bool writes_in(Shape way, const Narrowing& narrowing, const workload::QueueEntry& queue) {
  return std::ranges::any_of(layouts_of(narrowing, queue), [&](Shape layout) {
    return !payloads_of(layout, {way}, narrowing, queue).empty();
  });
}

/// Whether the queue can have rounds with all that is asked for.
bool possible_for(const Narrowing& narrowing, const workload::QueueEntry& queue) {
  if (narrowing.wait && !waits(queue)) return false;
  if (narrowing.layout && !queue.layouts) return false;
  for (const Group& group : groups()) {
    if (group.choice == Choice::any) {
      for (const Shape shape : of_group(group)) {
        if (narrowing.only.has(shape) && !can(queue, shape)) return false;
      }
      continue;
    }
    // Other queues have no waits and no shapes of their own in these groups.
    const std::vector<Shape> all = of_group(group);
    const bool any_queue_can =
        std::ranges::any_of(all, [&](Shape shape) { return can(queue, shape); });
    const bool chosen =
        std::ranges::any_of(all, [&](Shape shape) { return narrowing.only.has(shape); });
    if (!any_queue_can && !chosen) continue;
    if (candidates(group, narrowing, queue).empty()) return false;
  }
  const auto ways = candidates(group_of(Shape::push), narrowing, queue);
  return std::ranges::any_of(layouts_of(narrowing, queue), [&](Shape layout) {
    return !payloads_of(layout, ways, narrowing, queue).empty();
  });
}

std::vector<workload::QueueEntry> possible_queues(const Narrowing& narrowing) {
  std::vector<workload::QueueEntry> queues;
  for (const workload::QueueEntry& queue : narrowing.queues) {
    if (possible_for(narrowing, queue)) queues.push_back(queue);
  }
  return queues;
}

/// Draws a plan, group by group.
class Drawing {
 public:
  Drawing(std::uint64_t seed, const Narrowing& narrowing) : narrowing_(narrowing), random_(seed) {
    const std::vector<workload::QueueEntry> queues = possible_queues(narrowing);
    plan_.seed = seed;
    plan_.cpus = narrowing.cpus;
    plan_.queue = queues[random_.below(queues.size())];
  }

  RoundPlan drawn() && {
    for (const Group& group : groups()) draw_shapes(group);
    draw_sizes();
    draw_lengths();
    plan_.producers_wait = wait_of(kProducerWaits);
    plan_.consumer_wait = wait_of(kConsumerWaits);
    return std::move(plan_);
  }

 private:
  /// The shapes of a group that go with those that were drawn before.
  [[nodiscard]] std::vector<Shape> fitting(const Group& group) const {
    const auto ways = candidates(group_of(Shape::push), narrowing_, plan_.queue);
    if (group.first == Shape::payload_8) {
      return payloads_of(layout_, ways, narrowing_, plan_.queue);
    }
    std::vector<Shape> all = candidates(group, narrowing_, plan_.queue);
    if (group.first == Shape::celled) {
      std::erase_if(all, [&](Shape layout) {
        return payloads_of(layout, ways, narrowing_, plan_.queue).empty();
      });
    }
    if (group.first == Shape::push) {
      std::erase_if(all, [&](Shape way) { return !fit(layout_, payload_, way); });
    }
    return all;
  }

  void draw_shapes(const Group& group) {
    const std::vector<Shape> all = fitting(group);
    if (all.empty()) return;
    switch (group.choice) {
      case Choice::one: {
        const Shape shape = all[random_.below(all.size())];
        plan_.shapes.add(shape);
        if (group.first == Shape::celled) layout_ = shape;
        if (group.first == Shape::payload_8) payload_ = shape;
        break;
      }
      case Choice::some:
        plan_.shapes.add(all[random_.below(all.size())]);
        for (const Shape shape : all) {
          if (random_.once_in(3)) plan_.shapes.add(shape);
        }
        break;
      case Choice::any:
        for (const Shape shape : all) {
          const bool drawn = random_.once_in(4);
          if (drawn || narrowing_.only.has(shape)) plan_.shapes.add(shape);
        }
        break;
    }
  }

  unsigned in_shape(const auto& spans, std::optional<unsigned> fixed) {
    for (const Span& span : spans) {
      if (!plan_.has(span.shape)) continue;
      const auto drawn = static_cast<unsigned>(random_.spread(span.least, span.most));
      return fixed.value_or(drawn);
    }
    std::unreachable();
  }

  void draw_sizes() {
    plan_.threads = in_shape(kProducerCounts, narrowing_.producers);
    plan_.limit = plan_.threads;
    if (plan_.has(Shape::crowd)) {
      plan_.limit = static_cast<unsigned>(random_.between(1, std::max(1U, plan_.threads - 1)));
    }
    for (const Payload& payload : kPayloads) {
      if (payload.shape == payload_) {
        plan_.payload_bytes = plan_.ours() ? payload.bytes : payload.of_other_queues;
      }
    }
    plan_.ring_bits = in_shape(kRingBits, narrowing_.ring_bits);
    // Rings that together take too much memory are made smaller, unless the user fixed them.
    const auto too_large = [this] { return plan_.ring_bytes() > narrowing_.most_ring_bytes; };
    const bool asked_for_rings = std::ranges::any_of(
        kRingBits, [&](const Span& span) { return narrowing_.only.has(span.shape); });
    while (!narrowing_.ring_bits && !asked_for_rings && plan_.ring_bits > 1 && too_large()) {
      --plan_.ring_bits;
    }
    while (!narrowing_.producers && plan_.threads > 1 && too_large()) {
      plan_.threads = (plan_.threads + 1) / 2;
      plan_.limit = std::min(plan_.limit, plan_.threads);
    }
    plan_.most_at_once = narrowing_.batch.value_or(
        static_cast<std::size_t>(random_.spread(1, std::uint64_t{1} << plan_.ring_bits)));
    name_sizes();
  }

  /// The shapes of the sizes that were made smaller.
  void name_sizes() {
    for (const Span& span : kProducerCounts) {
      plan_.shapes.remove(span.shape);
      if (in_span(span, plan_.threads)) plan_.shapes.add(span.shape);
    }
    for (const Span& span : kRingBits) {
      plan_.shapes.remove(span.shape);
      if (in_span(span, plan_.ring_bits)) plan_.shapes.add(span.shape);
    }
  }

  void draw_lengths() {
    plan_.time = std::chrono::milliseconds(random_.spread(16, 255));
    plan_.messages = random_.spread(1, kMostMessages);
    if (plan_.has(Shape::rejoin)) {
      plan_.lives = static_cast<unsigned>(random_.between(2, kMostLives));
      plan_.messages = random_.spread(1, kMostMessages / 64);
    }
  }

  [[nodiscard]] Wait wait_of(const auto& waits) const {
    for (const auto& [shape, wait] : waits) {
      if (plan_.has(shape)) return wait;
    }
    return Wait::yielding;
  }

  const Narrowing& narrowing_;
  Random random_;
  RoundPlan plan_;
  Shape layout_ = Shape::dense;
  Shape payload_ = Shape::payload_8;
};

}  // namespace

std::uint64_t next_seed(std::uint64_t seed) noexcept { return Random(seed).next() & kSeedMask; }

RoundPlan draw(std::uint64_t seed, const Narrowing& narrowing) {
  return Drawing(seed, narrowing).drawn();
}

ShapeSet possible(const Narrowing& narrowing) {
  ShapeSet found;
  for (const workload::QueueEntry& queue : possible_queues(narrowing)) {
    for (const Group& group : groups()) {
      for (const Shape shape : candidates(group, narrowing, queue)) {
        if (group.first != Shape::push || writes_in(shape, narrowing, queue)) found.add(shape);
      }
    }
  }
  return found;
}

std::string why_impossible(const Narrowing& narrowing) {
  if (!possible_queues(narrowing).empty()) return {};
  for (const ShapeEntry& entry : shapes()) {
    if (!narrowing.only.has(entry.shape)) continue;
    const auto has = [&](const workload::QueueEntry& queue) { return can(queue, entry.shape); };
    if (std::ranges::none_of(narrowing.queues, has)) {
      return fmt::format("{} ({}) does not exist for {}", entry.name, entry.meaning,
                         narrowing.queues.front().name);
    }
  }
  if (narrowing.wait && std::ranges::none_of(narrowing.queues, waits)) {
    return fmt::format("--wait does not exist for {}, whose rounds try again and again",
                       narrowing.queues.front().name);
  }
  if (narrowing.layout && std::ranges::none_of(narrowing.queues, &workload::QueueEntry::layouts)) {
    return fmt::format("--layout does not exist for {}, which has one of its own",
                       narrowing.queues.front().name);
  }
  return "the shapes and sizes that were asked for exclude each other";
}

std::string describe(const RoundPlan& plan) {
  std::string text =
      fmt::format("{}, {} thread{}, at most {} producer{}, 2^{} slots, {} bytes", plan.queue.name,
                  plan.threads, plan.threads == 1 ? "" : "s", plan.limit,
                  plan.limit == 1 ? "" : "s", plan.ring_bits, plan.payload_bytes);
  text += fmt::format(", at most {} at once, {} li{} of at most {} messages or {} ms together",
                      plan.most_at_once, plan.lives, plan.lives == 1 ? "fe" : "ves", plan.messages,
                      plan.time.count());
  return text;
}

}  // namespace bench::stress
