// The verdict on a series of a duel, after any number of blocks.
//
// Each block has two trials of either side, and gives the logarithm of the candidate's rate over
// the base's. Which of the two orders it has, ABBA or BAAB, is drawn at random: had the other been
// drawn, whatever the machine did in the meantime would have changed the ratio by the same factor
// the other way (R. Fisher, "The Design of Experiments", 1935). Each trial has a new process, and
// each process is faster or slower than the next of the same program. So the ratio is that of two
// typical processes, and the deviations of the blocks from it are symmetric if the processes of
// both programs differ alike, as those of two builds do that are not a different design. All error
// rates rest on that symmetry, and on no distribution.
//
// A duel looks at its blocks a few times only, which are fixed before it begins, and at its end.
// Each look may use a share of the risk (group-sequential, after K. Lan, D. DeMets, "Discrete
// Sequential Boundaries for Clinical Trials", Biometrika 70, 1983), so that what was spent on early
// answers leaves the last one nearly as sharp as if it were the only one.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "results/verdict_report.hpp"

namespace bench::analysis {

/// What the verdicts of one duel share.
struct DuelRule {
  double margin = 0.05;    ///< a smaller change than this part of the base's rate is none
  double risk = 0.05;      ///< how likely any interval at any look may miss its true ratio
  std::size_t series = 1;  ///< how many series the duel has
};

struct DuelJudgement {
  results::Verdict verdict = results::Verdict::inconclusive;
  std::optional<double> ratio;  ///< none without a block
  /// None while no ratio at all is excluded: after too few blocks.
  std::optional<results::Interval> interval;
  std::optional<double> detectable;  ///< as in results::JudgedSeries
};

/// How much of another block's weight a marked one has: the machine changed in its middle, so that
/// it tells less. On a machine that is never quiet all blocks have the same weight again.
inline constexpr double kWeightOfMarked = 0.25;

/// When a duel looks at its blocks.
struct Look {
  double at;             ///< once this part of the budget is used
  double share_of_risk;  ///< of the risk of its series
};

/// All looks, of which the last is the duel's end, whatever ends it. The shares add up to 1.
inline constexpr std::array<Look, 7> kLooks = {{{1.0 / 64, 1.0 / 64},
                                                {1.0 / 32, 1.0 / 64},
                                                {1.0 / 16, 1.0 / 32},
                                                {1.0 / 8, 1.0 / 16},
                                                {1.0 / 4, 1.0 / 8},
                                                {1.0 / 2, 1.0 / 4},
                                                {1, 1.0 / 2}}};

/// The verdict at one look, of which each may come once. The intervals of all looks together hold
/// the true ratio but for the risk. `most_blocks` is how many blocks there would be if the whole
/// budget were used.
[[nodiscard]] DuelJudgement judge(std::span<const results::Block> blocks, const DuelRule& rule,
                                  const Look& look, std::size_t most_blocks);

/// What judge() does, in sentences for people.
[[nodiscard]] std::string describe(const DuelRule& rule);

}  // namespace bench::analysis
