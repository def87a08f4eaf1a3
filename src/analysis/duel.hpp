// The verdict on a series of a duel, after any number of blocks.
//
// Each block has two trials of either side, and gives the logarithm of the candidate's rate over
// the base's. Which of the two orders it has, ABBA or BAAB, is drawn at random: had the other been
// drawn, whatever the machine did in the meantime would have changed the ratio by the same factor
// the other way (R. Fisher, "The Design of Experiments", 1935). Each block has new processes, and
// each process is faster or slower than the next of the same program. So the ratio is that of two
// typical processes, and the deviations of the blocks from it are symmetric if the processes of
// both programs differ alike, as those of two builds do that are not a different design. All error
// rates rest on that symmetry, and on no distribution.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "results/verdict_report.hpp"

namespace bench::analysis {

/// What the verdicts of one duel share.
struct DuelRule {
  double margin = 0.05;    ///< a smaller change than this part of the base's rate is none
  double risk = 0.05;      ///< how likely any interval of the duel may miss its true ratio
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

/// The verdict after these blocks. It may be asked for after each block, and the duel may stop at
/// any of them: the interval holds the true ratio at all of them together but for the risk.
/// `most_blocks` is how many there would be if the whole budget were used.
[[nodiscard]] DuelJudgement judge(std::span<const results::Block> blocks, const DuelRule& rule,
                                  std::size_t most_blocks);

/// What judge() does, in sentences for people.
[[nodiscard]] std::string describe(const DuelRule& rule);

}  // namespace bench::analysis
