// A queue of one's own under the tool's loops: the adapter and the table's line that the README
// shows, and a trial in which every message must arrive.
#include <chrono>
#include <iostream>
#include <optional>

#include "queues/my_queue.hpp"
#include "queues/try_queue.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload {

template <class M>  // a message, trivially copyable
class Mine {
 public:
  explicit Mine(const queues::QueueOptions& options)
      : queue_(std::size_t{1} << options.ring_bits) {}

  struct Producer {
    MyQueue<M>* queue;
    bool push(const M& message) { return queue->try_push(message); }  // false: there is no room
  };
  struct Consumer {
    MyQueue<M>* queue;
    std::size_t consume(auto&& read) {  // how many messages were read, 0 if nothing was there
      return queues::pop_each<M>(read, [this](M& message) { return queue->try_pop(message); });
    }
  };
  Producer producer() { return {&queue_}; }
  Consumer consumer() { return {&queue_}; }

 private:
  MyQueue<M> queue_;
};

Started start_mine(const Spec& spec, const machine::Placement& placement) {
  return start_trial_of<Mine>(spec, placement);
}

}  // namespace bench::workload

namespace {

using namespace bench::workload;
using enum QueueKind;

// In the program it is one line more of a table.
constexpr QueueEntry kQueues[] = {
    {"mine", spsc, "total", "wait-free", "1.0", start_mine},
};

}  // namespace

int main() {
  using namespace std::chrono_literals;
  const bench::machine::Placement anywhere{.policy = bench::machine::PlacementPolicy::none,
                                           .consumer_cpu = std::nullopt,
                                           .producer_cpus = {std::nullopt}};
  Spec spec;
  spec.batch = 1;
  spec.duration_s = std::nullopt;
  spec.messages_per_producer = 1'000'000;

  const Started trial = kQueues[0].start(spec, anywhere);
  while (!trial->finished_within(1s)) {
  }
  const Verification seen = trial->sample().verification;
  std::cout << seen.received << " of " << seen.sent << " messages, " << seen.lost << " lost, "
            << seen.duplicated << " duplicated, " << seen.reordered << " reordered, "
            << seen.corrupted << " corrupted\n";
  return seen.passed() && seen.received == spec.messages_per_producer ? 0 : 1;
}
