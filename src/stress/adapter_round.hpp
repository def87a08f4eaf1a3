// A round of any queue, through its adapter: as far as its promises go.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "stress/ledger.hpp"
#include "stress/round.hpp"
#include "workload/any_queue.hpp"

namespace bench::stress {

/// The queue is made and destroyed on the consumer's thread, so that a hang of its constructor or
/// destructor is seen too.
class AdapterRound final : public Round {
 public:
  explicit AdapterRound(const RoundPlan& plan);

 private:
  /// A producing thread between its first and its last message.
  struct Sending {
    std::unique_ptr<workload::AnyProducer> end;
    std::uint32_t id;
    std::uint64_t written = 0;  ///< messages that are sent or staged
    bool defers = false;
    bool had_room = true;
  };

  void produce(unsigned thread, Worker& worker) override;
  void consume(Worker& worker) override;
  void check_end() override {}

  [[nodiscard]] bool made_in_time(Worker& worker);
  /// Whether a producer may end, now that the time of the round is over.
  [[nodiscard]] bool may_end(const Sending& sending) const;
  void step(Sending& sending, Worker& worker);
  [[nodiscard]] std::size_t write(Shape way, std::size_t count, Sending& sending, Worker& worker);
  void read(workload::AnyConsumer& consumer, Worker& worker);

  std::unique_ptr<workload::AnyQueue> queue_;
  std::atomic<bool> made_{false};
  std::atomic<bool> never_made_{false};
  std::atomic<bool> some_sent_{false};  ///< a producer had room
  std::vector<Shape> ways_;
  /// Messages that each producing thread has sent; written by that thread only.
  std::vector<std::uint64_t> sent_;
  Ledger ledger_;
  std::uint64_t wrong_ = 0;
};

}  // namespace bench::stress
