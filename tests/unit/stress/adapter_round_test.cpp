// Rounds of any queue: when a producer that is refused may end.

#include "stress/adapter_round.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>

#include "workload/trial_of.hpp"

namespace bench::stress {
namespace {

using std::chrono::milliseconds;

/// How many of the producers are let in; the others are refused.
std::atomic<unsigned> let_in{0};

template <class M>
class Choosy {
 public:
  explicit Choosy(const workload::QueueOptions& /*options*/) {}

  struct Producer {
    Choosy* queue;
    unsigned number;
    bool push(const M& message) {
      if (number >= let_in.load()) return false;
      const std::scoped_lock lock(queue->mutex_);
      queue->messages_.push_back(message);
      return true;
    }
  };
  struct Consumer {
    Choosy* queue;
    std::size_t consume(auto&& read) {
      const std::scoped_lock lock(queue->mutex_);
      for (const M& message : queue->messages_) read(message);
      const std::size_t count = queue->messages_.size();
      queue->messages_.clear();
      return count;
    }
  };

  Producer producer() { return {this, made_.fetch_add(1)}; }
  Consumer consumer() { return {this}; }

 private:
  std::mutex mutex_;
  std::deque<M> messages_;
  std::atomic<unsigned> made_{0};
};

class AdapterRoundOf : public ::testing::Test {
 protected:
  static RoundPlan plan(bool may_starve) {
    RoundPlan plan;
    plan.queue = workload::entry_of<Choosy>({.name = "choosy", .may_starve = may_starve});
    plan.shapes.add(Shape::push);
    plan.threads = 3;
    plan.limit = 3;
    plan.messages = 1000;
    plan.cpus = {0};
    return plan;
  }

  /// Whether the round ends once it is told to. It is let to its end then.
  static bool ends(const RoundPlan& plan, unsigned producers_let_in) {
    let_in = producers_let_in;
    AdapterRound round(plan);
    round.start();
    static_cast<void>(round.ended_within(milliseconds(50)));
    round.stop();
    const bool ended =
        round.ended_within(milliseconds(let_in == 0 || !plan.queue.may_starve ? 200 : 30'000));
    let_in = plan.threads;
    EXPECT_TRUE(round.ended_within(std::chrono::seconds(30)));
    round.settle();
    EXPECT_EQ(round.fault(), "");
    return ended;
  }
};

TEST_F(AdapterRoundOf, EndsOnlyOnceEachProducerHadRoom) {
  EXPECT_TRUE(ends(plan(true), 3));
  EXPECT_FALSE(ends(plan(false), 1));
  EXPECT_FALSE(ends(plan(false), 0));
}

TEST_F(AdapterRoundOf, LetsAProducerStarveWhereTheQueueSaysSo) {
  EXPECT_TRUE(ends(plan(true), 1));
  // A queue that lets nobody in hangs, whatever it says.
  EXPECT_FALSE(ends(plan(true), 0));
}

}  // namespace
}  // namespace bench::stress
