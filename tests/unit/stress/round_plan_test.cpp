// Which rounds are drawn.

#include "stress/round_plan.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <utility>

#include "workload/queue_table.hpp"

namespace bench::stress {
namespace {

Narrowing of_ours() {
  Narrowing narrowing;
  narrowing.queues = {workload::find_queue(workload::kOurQueue).value()};
  narrowing.cpus = {0, 1};
  narrowing.most_ring_bytes = std::uint64_t{1} << 26;
  return narrowing;
}

TEST(RoundPlan, IsTheSameForTheSameSeed) {
  const Narrowing narrowing = of_ours();
  for (const std::uint64_t seed : {0U, 1U, 77U}) {
    const RoundPlan plan = draw(seed, narrowing);
    const RoundPlan again = draw(seed, narrowing);
    EXPECT_EQ(plan.shapes, again.shapes);
    EXPECT_EQ(describe(plan), describe(again));
    EXPECT_EQ(plan.seed, seed);
  }
}

TEST(RoundPlan, HasEveryShapeAmongSomeHundredRounds) {
  const Narrowing narrowing = of_ours();
  std::set<Shape> seen;
  std::set<std::uint64_t> seeds;
  std::uint64_t seed = 1;
  for (int i = 0; i < 600; ++i, seed = next_seed(seed)) {
    seeds.insert(seed);
    const RoundPlan plan = draw(seed, narrowing);
    for (const ShapeEntry& entry : shapes()) {
      if (plan.has(entry.shape)) seen.insert(entry.shape);
    }
  }
  EXPECT_EQ(seen.size(), kShapes);
  EXPECT_EQ(seeds.size(), 600U);
  for (const ShapeEntry& entry : shapes()) EXPECT_TRUE(possible(narrowing).has(entry.shape));
}

TEST(RoundPlan, HasOneShapeOfEachGroupThatChoosesOne) {
  const Narrowing narrowing = of_ours();
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const RoundPlan plan = draw(seed, narrowing);
    for (const Group& group : groups()) {
      int count = 0;
      for (const ShapeEntry& entry : shapes()) {
        count += entry.shape >= group.first && entry.shape <= group.last && plan.has(entry.shape);
      }
      if (group.choice == Choice::one) {
        EXPECT_EQ(count, 1) << group.name;
      } else if (group.choice == Choice::some) {
        EXPECT_GE(count, 1) << group.name;
      }
    }
    EXPECT_GE(plan.limit, 1U);
    EXPECT_LE(plan.limit, plan.threads);
    EXPECT_GE(plan.most_at_once, 1U);
    EXPECT_LE(plan.ring_bytes(), narrowing.most_ring_bytes);
  }
}

TEST(RoundPlan, IsNarrowed) {
  Narrowing narrowing = of_ours();
  narrowing.producers = 5;
  narrowing.ring_bits = 3;
  narrowing.payload_bytes = 64;
  narrowing.batch = 2;
  narrowing.wait = workload::Wait::blocking;
  narrowing.only = shapes_named("close");
  narrowing.only.add(Shape::metrics);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const RoundPlan plan = draw(seed, narrowing);
    EXPECT_EQ(plan.threads, 5U);
    EXPECT_EQ(plan.ring_bits, 3U);
    EXPECT_EQ(plan.payload_bytes, 64U);
    EXPECT_EQ(plan.most_at_once, 2U);
    EXPECT_EQ(plan.producers_wait, workload::Wait::blocking);
    EXPECT_TRUE(plan.has(Shape::close_consumer) || plan.has(Shape::close_producer));
    EXPECT_TRUE(plan.has(Shape::metrics));
    EXPECT_TRUE(plan.has(Shape::several_producers));
  }
}

TEST(RoundPlan, NeverCopiesWhatOnlyMoves) {
  Narrowing narrowing = of_ours();
  narrowing.only = shapes_named("deferred");
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const RoundPlan plan = draw(seed, narrowing);
    EXPECT_TRUE(plan.has(Shape::deferred));
    EXPECT_FALSE(plan.has(Shape::payload_heap));
    EXPECT_FALSE(plan.has(Shape::payload_throwing));
    EXPECT_FALSE(plan.has(Shape::celled)) << "its pushes are published at once";
  }
  narrowing.only.add(Shape::payload_heap);
  EXPECT_NE(why_impossible(narrowing), "");
}

TEST(RoundPlan, HasTheLayoutThatIsAskedFor) {
  Narrowing narrowing = of_ours();
  for (const auto& [layout, shape] : {std::pair(workload::Layout::celled, Shape::celled),
                                      std::pair(workload::Layout::dense, Shape::dense)}) {
    narrowing.layout = layout;
    for (std::uint64_t seed = 0; seed < 50; ++seed) EXPECT_TRUE(draw(seed, narrowing).has(shape));
  }
  narrowing.layout = workload::Layout::celled;
  EXPECT_FALSE(possible(narrowing).has(Shape::deferred));
  EXPECT_FALSE(possible(narrowing).has(Shape::dense));
  narrowing.only = shapes_named("deferred");
  EXPECT_NE(why_impossible(narrowing), "");
  narrowing.only = {};
  workload::QueueEntry other = narrowing.queues.front();
  other.name = "other";
  other.layouts = false;
  narrowing.queues = {other};
  EXPECT_EQ(why_impossible(narrowing),
            "--layout does not exist for other, which has one of its own");
}

TEST(RoundPlan, SaysWhyThereIsNone) {
  Narrowing narrowing = of_ours();
  EXPECT_EQ(why_impossible(narrowing), "");
  narrowing.producers = 1;
  narrowing.only = shapes_named("many-producers");
  EXPECT_NE(why_impossible(narrowing), "");
}

TEST(Shapes, AreFoundByNameByPrefixAndByGroup) {
  EXPECT_TRUE(shapes_named("close").has(Shape::close_consumer));
  EXPECT_TRUE(shapes_named("close").has(Shape::close_producer));
  EXPECT_FALSE(shapes_named("close").has(Shape::end));
  EXPECT_TRUE(shapes_named("push").has(Shape::push));
  EXPECT_TRUE(shapes_named("rings").has(Shape::huge_ring));
  EXPECT_TRUE(shapes_named("nothing").empty());
}

}  // namespace
}  // namespace bench::stress
