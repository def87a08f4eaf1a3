#include "stress/shapes.hpp"

#include <string>

namespace bench::stress {
namespace {

constexpr std::array kGroups = {
    Group{"producers", Choice::one, Shape::one_producer, Shape::many_producers},
    Group{"rings", Choice::one, Shape::tiny_ring, Shape::huge_ring},
    Group{"layout", Choice::one, Shape::celled, Shape::dense},
    Group{"payload", Choice::one, Shape::payload_8, Shape::payload_throwing},
    Group{"writing", Choice::some, Shape::push, Shape::deferred},
    Group{"reading", Choice::some, Shape::consume_each, Shape::try_recv},
    Group{"producer", Choice::one, Shape::producer_busy_spin, Shape::producer_blocking},
    Group{"consumer", Choice::one, Shape::consumer_busy_spin, Shape::consumer_blocking},
    Group{"pace", Choice::one, Shape::greedy_consumer, Shape::stalling_consumer},
    Group{"ending", Choice::one, Shape::end, Shape::leave},
    Group{"cpus", Choice::one, Shape::free_cpus, Shape::wandering},
    Group{"events", Choice::any, Shape::rejoin, Shape::metrics}};

constexpr std::array kEntries = {
    ShapeEntry{Shape::one_producer, "one-producer", "one producing thread", true},
    ShapeEntry{Shape::several_producers, "several-producers", "2 to 8 producing threads", true},
    ShapeEntry{Shape::many_producers, "many-producers", "9 to 128 producing threads", true},
    ShapeEntry{Shape::tiny_ring, "tiny-ring", "rings of 2 or 4 slots", true},
    ShapeEntry{Shape::small_ring, "small-ring", "rings of 8 to 128 slots", true},
    ShapeEntry{Shape::large_ring, "large-ring", "rings of 256 to 16,384 slots", true},
    ShapeEntry{Shape::huge_ring, "huge-ring", "rings of 32,768 to 1,048,576 slots", true},
    ShapeEntry{Shape::celled, "celled", "rings of cells that tell what is published of them"},
    ShapeEntry{Shape::dense, "dense", "rings that are arrays with a tail"},
    ShapeEntry{Shape::payload_8, "payload-8", "messages of 8 bytes", true},
    ShapeEntry{Shape::payload_24, "payload-24", "messages of 24 bytes; of 32 in other queues",
               true},
    ShapeEntry{Shape::payload_64, "payload-64", "messages of 64 bytes", true},
    ShapeEntry{Shape::payload_256, "payload-256", "messages of 256 bytes", true},
    ShapeEntry{Shape::payload_1024, "payload-1024", "messages of 1,024 bytes"},
    ShapeEntry{Shape::payload_heap, "payload-heap", "move-only messages that own memory"},
    ShapeEntry{Shape::payload_throwing, "payload-throwing", "messages whose constructors throw"},
    ShapeEntry{Shape::push, "push", "single pushes", true},
    ShapeEntry{Shape::emplace, "emplace", "messages built in their slot"},
    ShapeEntry{Shape::push_waiting, "push-waiting", "pushes that wait for room"},
    ShapeEntry{Shape::reserve, "reserve", "reservations, committed whole", true},
    ShapeEntry{Shape::reserve_part, "reserve-part", "reservations, committed in part"},
    ShapeEntry{Shape::reserve_dropped, "reserve-dropped", "reservations that are dropped"},
    ShapeEntry{Shape::reserve_up_to, "reserve-up-to", "reservations of what is free"},
    ShapeEntry{Shape::reserve_backoff, "reserve-backoff", "reservations that wait for room"},
    ShapeEntry{Shape::send, "send", "batches that are copied in", true},
    ShapeEntry{Shape::deferred, "deferred", "pushes that are published later", true},
    ShapeEntry{Shape::consume_each, "consume-each", "handlers of one message", true},
    ShapeEntry{Shape::consume_runs, "consume-runs", "handlers of a run of messages"},
    ShapeEntry{Shape::consume_limited, "consume-limited", "limits that change from call to call"},
    ShapeEntry{Shape::recv, "recv", "messages moved into an array"},
    ShapeEntry{Shape::try_recv, "try-recv", "one message at a time"},
    ShapeEntry{Shape::producer_busy_spin, "producer-busy-spin", "producers wait by busy-spin"},
    ShapeEntry{Shape::producer_yielding, "producer-yielding", "producers wait by yielding"},
    ShapeEntry{Shape::producer_adaptive, "producer-adaptive", "producers wait by adaptive"},
    ShapeEntry{Shape::producer_backoff, "producer-backoff", "producers wait by backoff"},
    ShapeEntry{Shape::producer_blocking, "producer-blocking", "producers sleep until notified"},
    ShapeEntry{Shape::consumer_busy_spin, "consumer-busy-spin", "the consumer waits by busy-spin"},
    ShapeEntry{Shape::consumer_yielding, "consumer-yielding", "the consumer waits by yielding"},
    ShapeEntry{Shape::consumer_adaptive, "consumer-adaptive", "the consumer waits by adaptive"},
    ShapeEntry{Shape::consumer_backoff, "consumer-backoff", "the consumer waits by backoff"},
    ShapeEntry{Shape::consumer_blocking, "consumer-blocking", "the consumer sleeps until notified"},
    ShapeEntry{Shape::greedy_consumer, "greedy-consumer", "a consumer that never rests", true},
    ShapeEntry{Shape::slow_consumer, "slow-consumer", "a consumer that lets rings fill up", true},
    ShapeEntry{Shape::stalling_consumer, "stalling-consumer", "a consumer that sleeps now and then",
               true},
    ShapeEntry{Shape::end, "end", "all producers end", true},
    ShapeEntry{Shape::close_consumer, "close-consumer",
               "the consumer closes at a random moment, or its handler does"},
    ShapeEntry{Shape::close_producer, "close-producer", "a producer closes the channel"},
    ShapeEntry{Shape::leave, "leave", "the consumer leaves, and messages with it"},
    ShapeEntry{Shape::free_cpus, "free-cpus", "threads run where the system puts them", true},
    ShapeEntry{Shape::one_cpu, "one-cpu", "all threads are bound to one CPU", true},
    ShapeEntry{Shape::wandering, "wandering", "threads bind themselves to another CPU now and then",
               true},
    ShapeEntry{Shape::rejoin, "rejoin", "producers end and register again"},
    ShapeEntry{Shape::crowd, "crowd", "more producers than may be registered"},
    ShapeEntry{Shape::move_producer, "move-producer", "producers move to another thread"},
    ShapeEntry{Shape::move_consumer, "move-consumer", "the consumer moves to another thread"},
    ShapeEntry{Shape::throwing_handler, "throwing-handler", "handlers that throw"},
    ShapeEntry{Shape::pauses, "pauses", "yields and sleeps between two steps of a call", true},
    ShapeEntry{Shape::freeze_producer, "freeze-producer", "a producer stands still for a while",
               true},
    ShapeEntry{Shape::freeze_consumer, "freeze-consumer", "the consumer stands still for a while",
               true},
    ShapeEntry{Shape::metrics, "metrics", "counters that must agree with what happened"}};

static_assert(kEntries.size() == kShapes);
static_assert([] {
  for (std::size_t i = 0; i < kShapes; ++i) {
    if (kEntries[i].shape != static_cast<Shape>(i)) return false;
  }
  std::size_t next = 0;
  for (const Group& group : kGroups) {
    if (static_cast<std::size_t>(group.first) != next) return false;
    next = static_cast<std::size_t>(group.last) + 1;
  }
  return next == kShapes;
}());

}  // namespace

std::span<const Group> groups() noexcept { return kGroups; }
std::span<const ShapeEntry> shapes() noexcept { return kEntries; }

ShapeSet shapes_named(std::string_view name) {
  ShapeSet found;
  for (const Group& group : kGroups) {
    if (group.name != name) continue;
    for (auto i = static_cast<std::size_t>(group.first); i <= static_cast<std::size_t>(group.last);
         ++i) {
      found.add(static_cast<Shape>(i));
    }
  }
  const std::string prefix = std::string(name) + "-";
  for (const ShapeEntry& entry : kEntries) {
    if (entry.name == name || entry.name.starts_with(prefix)) found.add(entry.shape);
  }
  return found;
}

}  // namespace bench::stress
