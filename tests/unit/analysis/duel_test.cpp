// Tests of the verdict on a series of a duel, on made-up blocks.

#include "analysis/duel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace bench::testing {
namespace {

using analysis::DuelRule;
using analysis::kLooks;
using analysis::Look;
using results::Block;
using results::BlockOrder;
using results::Verdict;

/// A machine whose speed wanders and is now and then half of what it was.
class MadeUpMachine {
 public:
  MadeUpMachine(std::uint64_t seed, double noise, double outliers)
      : random_(seed), noise_(noise), outliers_(outliers) {}

  /// A block of a candidate that is so much faster.
  Block block(double ratio) {
    Block block{.order = random_() % 2 == 0 ? BlockOrder::abba : BlockOrder::baab,
                .base = {},
                .candidate = {}};
    for (int i = 0; i < 4; ++i) {
      const bool outside = i == 0 || i == 3;
      const bool base = outside == (block.order == BlockOrder::abba);
      (base ? block.base : block.candidate).push_back(speed() * (base ? 1 : ratio));
    }
    return block;
  }

 private:
  double speed() {
    wandered_ += noise_ / 2 * normal_(random_);
    const bool slow = std::uniform_real_distribution(0.0, 1.0)(random_) < outliers_;
    return 100e6 * std::exp(wandered_ + noise_ * normal_(random_)) * (slow ? 0.5 : 1);
  }

  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  double noise_;
  double outliers_;
  double wandered_ = 0;
};

/// How a duel of one series ended.
struct Ended {
  Verdict verdict = Verdict::inconclusive;
  bool ever_missed = false;  ///< an interval on the way did not hold the true ratio
};

Ended fought(MadeUpMachine machine, double ratio, const DuelRule& rule, std::size_t most = 110) {
  Ended ended;
  std::vector<Block> blocks;
  for (const Look& look : kLooks) {
    while (static_cast<double>(blocks.size()) < look.at * static_cast<double>(most)) {
      blocks.push_back(machine.block(ratio));
    }
    const auto judged = analysis::judge(blocks, rule, look, most);
    ended.verdict = judged.verdict;
    if (ended.verdict != Verdict::inconclusive) break;
    if (!judged.interval) continue;
    ended.ever_missed =
        ended.ever_missed || judged.interval->lo > ratio || judged.interval->hi < ratio;
  }
  return ended;
}

analysis::DuelJudgement judged_at_end(const std::vector<Block>& blocks, const DuelRule& rule,
                                      std::size_t most) {
  return analysis::judge(blocks, rule, kLooks.back(), most);
}

/// The share of duels that end with the verdict.
double share(Verdict verdict, double noise, double ratio, const DuelRule& rule,
             std::size_t most = 110) {
  constexpr int kDuels = 200;
  int found = 0;
  for (std::uint64_t seed = 0; seed < kDuels; ++seed) {
    found += fought({seed, noise, 0.02}, ratio, rule, most).verdict == verdict ? 1 : 0;
  }
  return static_cast<double>(found) / kDuels;
}

TEST(DuelVerdict, NeedsBlocks) {
  EXPECT_FALSE(judged_at_end({}, {}, 100).ratio);
  MadeUpMachine machine(1, 0.01, 0);
  std::vector<Block> blocks;
  for (int i = 0; i < 5; ++i) blocks.push_back(machine.block(0.5));
  const auto early = judged_at_end(blocks, {}, 100);
  EXPECT_NEAR(early.ratio.value(), 0.5, 0.02);
  EXPECT_FALSE(early.interval) << "five signs may be alike by chance";
  EXPECT_EQ(early.verdict, Verdict::inconclusive);
}

TEST(DuelVerdict, IsNotGivenWhileAnIntervalReachesAcrossTheMargin) {
  const DuelRule rule{.margin = 0.05};
  for (const auto& [ratio, verdict] : {std::pair{0.80, Verdict::regressed},
                                       {0.93, Verdict::regressed},
                                       {0.97, Verdict::no_change},
                                       {1.0, Verdict::no_change},
                                       {1.03, Verdict::no_change},
                                       {1.08, Verdict::improved},
                                       {3.0, Verdict::improved}}) {
    EXPECT_EQ(fought({1, 0.005, 0}, ratio, rule).verdict, verdict) << ratio;
  }
  for (const double ratio : {0.95, 1.05}) {
    EXPECT_EQ(fought({1, 0.02, 0}, ratio, rule).verdict, Verdict::inconclusive) << ratio;
  }
}

// The risk is 5 %, and if it is kept, 22 or more of 200 duels miss with a probability of 0.0005.
TEST(DuelVerdict, HoldsTheTrueRatioAtEveryLookButForTheRisk) {
  for (const double noise : {0.002, 0.05, 0.5}) {
    for (const double outliers : {0.0, 0.1}) {
      int missed = 0;
      for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const DuelRule never_ends{.margin = 1e-9};
        missed += fought({seed, noise, outliers}, 1, never_ends, 60).ever_missed ? 1 : 0;
      }
      EXPECT_LT(missed, 22) << noise << " " << outliers;
    }
  }
}

TEST(DuelVerdict, SpendsItsRiskOnce) {
  double spent = 0;
  for (const Look& look : kLooks) spent += look.share_of_risk;
  EXPECT_DOUBLE_EQ(spent, 1);
  EXPECT_EQ(kLooks.back().at, 1);
}

TEST(DuelVerdict, IsHarderToGiveAtAnEarlyLook) {
  MadeUpMachine machine(3, 0.03, 0);
  std::vector<Block> blocks;
  for (int i = 0; i < 40; ++i) blocks.push_back(machine.block(1));
  double width = 1;
  for (const Look& look : kLooks) {
    const auto interval = analysis::judge(blocks, {}, look, 40).interval.value();
    EXPECT_LE(interval.hi - interval.lo, width) << look.at;
    width = interval.hi - interval.lo;
  }
}

TEST(DuelVerdict, IsOftenGivenWhereItIsDue) {
  EXPECT_GE(share(Verdict::regressed, 0.03, 0.93, {.margin = 0.05}), 0.95);
  EXPECT_GE(share(Verdict::regressed, 0.03, 0.96, {.margin = 0.02}), 0.9);
  EXPECT_GE(share(Verdict::no_change, 0.03, 1, {.margin = 0.05, .series = 10}), 0.95);
  EXPECT_GE(share(Verdict::improved, 0.03, 1.1, {.margin = 0.05, .series = 10}), 0.95);
}

TEST(DuelVerdict, IsHarderToGiveInADuelOfMoreSeries) {
  MadeUpMachine machine(3, 0.03, 0);
  std::vector<Block> blocks;
  for (int i = 0; i < 40; ++i) blocks.push_back(machine.block(1));
  double width = 0;
  for (const std::size_t series : {1U, 2U, 10U, 1000U}) {
    const auto interval = judged_at_end(blocks, {.series = series}, 40).interval.value();
    EXPECT_GT(interval.hi - interval.lo, width);
    width = interval.hi - interval.lo;
  }
}

TEST(DuelVerdict, IsTheOppositeIfTheSidesAreSwapped) {
  MadeUpMachine machine(5, 0.03, 0.05);
  std::vector<Block> blocks;
  std::vector<Block> swapped;
  for (int i = 0; i < 40; ++i) {
    blocks.push_back(machine.block(0.85));
    swapped.push_back(blocks.back());
    std::swap(swapped.back().base, swapped.back().candidate);
  }
  const auto judged = judged_at_end(blocks, {}, 40);
  const auto other = judged_at_end(swapped, {}, 40);
  EXPECT_EQ(judged.verdict, Verdict::regressed);
  EXPECT_EQ(other.verdict, Verdict::improved);
  EXPECT_NEAR(*judged.ratio * *other.ratio, 1, 1e-9);
  EXPECT_NEAR(judged.interval->lo * other.interval->hi, 1, 1e-9);
  EXPECT_NEAR(judged.interval->hi * other.interval->lo, 1, 1e-9);
}

TEST(DuelVerdict, IsHardlyMovedByABlockInWhichTheMachineChanged) {
  MadeUpMachine machine(7, 0.01, 0);
  std::vector<Block> blocks;
  for (int i = 0; i < 40; ++i) blocks.push_back(machine.block(1));
  const double before = judged_at_end(blocks, {}, 40).ratio.value();
  blocks.push_back(blocks.back());
  for (double& rate : blocks.back().candidate) rate /= 7;
  const double after = judged_at_end(blocks, {}, 41).ratio.value();
  EXPECT_LT(std::abs(after / before - 1), 0.002);
  blocks.back().marks = {results::Disturbance::probe};
  const double marked = judged_at_end(blocks, {}, 41).ratio.value();
  EXPECT_LT(std::abs(marked / before - 1), 0.3 * std::abs(after / before - 1));
}

TEST(DuelVerdict, DoesNotDependOnMarksThatAllBlocksHave) {
  MadeUpMachine machine(9, 0.03, 0);
  std::vector<Block> blocks;
  for (int i = 0; i < 30; ++i) blocks.push_back(machine.block(0.9));
  const auto quiet = judged_at_end(blocks, {}, 30);
  for (Block& block : blocks) block.marks = {results::Disturbance::preempted};
  const auto loud = judged_at_end(blocks, {}, 30);
  EXPECT_EQ(loud.ratio, quiet.ratio);
  EXPECT_EQ(loud.interval, quiet.interval);
}

/// Blocks of processes of which so many of the candidate's are 20 % slower.
std::vector<Block> of_two_kinds(std::uint64_t seed, double slow) {
  MadeUpMachine machine(seed, 0.01, 0);
  std::mt19937_64 random(seed);
  std::vector<Block> blocks;
  for (int i = 0; i < 60; ++i) {
    const bool one = std::uniform_real_distribution(0.0, 1.0)(random) < slow;
    blocks.push_back(machine.block(one ? 0.8 : 1));
  }
  return blocks;
}

TEST(DuelVerdict, IsNotThatNothingChangedIfAThirdOfTheProcessesAreSlower) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto judged = judged_at_end(of_two_kinds(seed, 0.33), {.margin = 0.05}, 60);
    EXPECT_NE(judged.verdict, Verdict::no_change) << *judged.ratio;
    EXPECT_NE(judged.verdict, Verdict::improved);
  }
}

TEST(DuelVerdict, SaysWhichSlowdownItWouldFind) {
  const DuelRule rule{.margin = 0.05};
  constexpr int kSets = 20;
  double told = 0;
  double told_of_more = 0;
  for (std::uint64_t seed = 0; seed < kSets; ++seed) {
    MadeUpMachine machine(seed, 0.06, 0.02);
    std::vector<Block> blocks;
    for (int i = 0; i < 60; ++i) blocks.push_back(machine.block(1));
    told += judged_at_end(blocks, rule, 60).detectable.value() / kSets;
    told_of_more += judged_at_end(blocks, rule, 240).detectable.value() / kSets;
  }
  const double found = share(Verdict::regressed, 0.06, 1 - told, rule, 60);
  EXPECT_GT(found, 0.65) << told;
  EXPECT_LT(found, 0.95) << told;
  EXPECT_LT(told_of_more, told);
}

TEST(DuelVerdict, IsGivenForASideThatReceivesNothing) {
  MadeUpMachine machine(13, 0.03, 0);
  std::vector<Block> blocks;
  for (int i = 0; i < 30; ++i) {
    blocks.push_back(machine.block(1));
    blocks.back().candidate = {0, 0};
  }
  EXPECT_EQ(judged_at_end(blocks, {}, 30).verdict, Verdict::regressed);
  for (Block& block : blocks) block.base = {0, 0};
  EXPECT_TRUE(std::isfinite(judged_at_end(blocks, {}, 30).ratio.value()));
}

}  // namespace
}  // namespace bench::testing
