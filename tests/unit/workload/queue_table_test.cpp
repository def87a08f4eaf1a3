// The table of queues: its order, and what an entry requires.

#include "workload/queue_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "machine/cannot_measure.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload {
namespace {

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const QueueEntry& entry : queue_table()) all.emplace_back(entry.name);
  return all;
}

TEST(QueueTable, HasOursFirstAndTheLimitsLast) {
  const std::vector<QueueEntry> table = queue_table();
  EXPECT_EQ(table.front().name, kOurQueue);
  EXPECT_EQ(table.back().kind, QueueKind::limit);
  EXPECT_TRUE(std::ranges::is_sorted(
      table, {}, [](const QueueEntry& entry) { return entry.kind == QueueKind::limit; }));
}

TEST(QueueTable, HasAQueueForAsLongAsItsEntryExists) {
  const std::vector<std::string> before = names();
  {
    const InTable entry({.name = "one-more"});
    EXPECT_TRUE(find_queue("one-more").has_value());
    EXPECT_EQ(names().size(), before.size() + 1);
  }
  EXPECT_FALSE(find_queue("one-more").has_value());
  EXPECT_EQ(names(), before);
}

TEST(QueueTable, RefusesTwoQueuesOfOneName) {
  const InTable first({.name = "twin"});
  const InTable second({.name = "twin"});
  EXPECT_THROW(static_cast<void>(queue_table()), machine::CannotMeasure);
}

TEST(QueueEntry, ThatRequiresAPowerOfTwoGetsSlotsThatAreOne) {
  const InTable rounded({.name = "rounded", .power_of_two_slots = true});
  const InTable exact({.name = "exact"});
  Spec spec;
  spec.producers = 2;
  spec.idle_producers = 1;
  spec.ring_bits = 4;
  spec.queue = "exact";
  EXPECT_EQ(queue_options(spec).slots, 48U);
  EXPECT_EQ(queue_options(spec).producers, 3U);
  spec.queue = "rounded";
  EXPECT_EQ(queue_options(spec).slots, 64U);
}

/// A queue that cannot do more than it must.
template <class M>
struct Plainest {
  explicit Plainest(const QueueOptions& /*options*/) {}
  struct Producer {
    bool push(const M& /*message*/) { return false; }
  };
  struct Consumer {
    bool filled = false;
    std::size_t consume(auto&& read) {
      if (filled) read(M{});
      return 0;
    }
  };
  Producer producer() { return {}; }
  Consumer consumer() { return {}; }
};

TEST(QueueEntry, SaysWhatItsAdapterCanDo) {
  const QueueEntry plainest = entry_of<Plainest, 8, 128>({.name = "plainest"});
  EXPECT_TRUE(std::ranges::equal(plainest.payloads, std::vector<std::size_t>{8, 128}));
  EXPECT_FALSE(plainest.in_place);
  EXPECT_FALSE(plainest.deferred);
  EXPECT_FALSE(plainest.layouts);
  const auto ours = find_queue(kOurQueue);
  ASSERT_TRUE(ours.has_value());
  EXPECT_TRUE(ours->in_place);
  EXPECT_TRUE(ours->deferred);
  EXPECT_TRUE(ours->layouts);
  EXPECT_TRUE(std::ranges::equal(ours->payloads, kPayloadBytes));
}

}  // namespace
}  // namespace bench::workload
