#include "measure/duel.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <iterator>
#include <random>
#include <utility>

#include "analysis/caveats.hpp"
#include "analysis/duel.hpp"
#include "analysis/machine_caveats.hpp"
#include "analysis/side_differences.hpp"
#include "analysis/statistics.hpp"
#include "machine/activity.hpp"
#include "machine/cannot_measure.hpp"
#include "machine/host.hpp"
#include "measure/observed.hpp"
#include "measure/opponent.hpp"
#include "measure/origin.hpp"
#include "measure/prober.hpp"

namespace bench::measure {
namespace {

using analysis::kLooks;
using analysis::Look;
using results::Block;
using results::BlockOrder;
using results::Disturbance;
using std::chrono::duration;
using std::chrono::steady_clock;

/// The round trip changed in the middle of a block if it differs by this factor.
constexpr double kProbeChange = 1.25;
/// The time that the hypervisor took is seen in ticks of 10 ms. This is the share of a block's that
/// is more than one tick of a long one.
constexpr double kStolenShare = 0.05;

/// A series while it is measured.
struct Contest {
  const DuelPair* pair;
  results::JudgedSeries judged;
  std::vector<workload::Sample> base;
  std::vector<workload::Sample> candidate;
  std::size_t looks = 0;  ///< how many of them there were
  bool open = true;
};

/// A side and the process that it has at the moment. Where a process's memory happens to lie makes
/// it faster or slower than the next one of the same program, by some per cent in round trips, for
/// as long as it lives, and the second trial of a process is not like its first. Each trial has a
/// process of its own, so that this is a part of the noise which the blocks show, and no difference
/// between the sides.
struct Corner {
  std::string name;
  std::string program;
  std::optional<Opponent> worker;
  std::optional<results::Tool> tool;

  void start(Interrupt& interrupt) {
    worker.emplace(name, program, interrupt);
    if (!tool) tool = worker->tool();
    if (*tool == worker->tool()) return;
    throw machine::CannotMeasure(
        fmt::format("{} {}: it is another build than when the duel began", name, program));
  }
};

/// The state of a duel between its start and its end.
class Duel {
 public:
  Duel(DuelPlan plan, const machine::Topology& topology, Interrupt& interrupt, Progress& progress)
      : plan_(std::move(plan)),
        topology_(topology),
        interrupt_(interrupt),
        progress_(progress),
        base_{.name = "BASE", .program = plan_.base.program, .worker = {}, .tool = {}},
        candidate_{
            .name = "CANDIDATE", .program = plan_.candidate.program, .worker = {}, .tool = {}},
        random_(plan_.seed) {}

  results::VerdictReport run() {
    const machine::CpuTimes before = machine::cpu_times(topology_);
    try {
      base_.start(interrupt_);
      candidate_.start(interrupt_);
      drop_unknown();
      begin();
      run_blocks();
      progress_.clear();
    } catch (const Interrupted&) {
      progress_.clear();  // what was measured until then is reported
    }
    return report(before);
  }

 private:
  void begin() {
    const auto count = static_cast<double>(contests_.size());
    budget_s_ = plan_.budget_s.value_or(kSecondsPerSeries * count);
    rule_ = {.margin = plan_.margin, .series = std::max<std::size_t>(1, contests_.size())};
    if (contests_.empty()) return;
    spdlog::info("{} series, at most {:.3g} s; it ends earlier where the answer is clear",
                 contests_.size(), budget_s_);
    begin_ = steady_clock::now();
    progress_.restart();
    // A guess until the first block: its trials, and half as much again for all else.
    constexpr double kTrials = 4;
    constexpr double kAllElse = 1.5;
    block_s_ = kTrials * kAllElse * *contests_.front().pair->base.spec.duration_s;
  }

  /// 0 before the first block, as long as the workers are only asked what they know.
  [[nodiscard]] double elapsed() const {
    return begin_ ? duration<double>(steady_clock::now() - *begin_).count() : 0;
  }

  [[nodiscard]] std::size_t open() const {
    return static_cast<std::size_t>(std::ranges::count(contests_, true, &Contest::open));
  }

  /// Asks both sides what they know.
  void drop_unknown() {
    for (DuelPair& pair : plan_.series) {
      bool kept_by_base = true;
      bool kept_by_candidate = true;
      const std::string in_base =
          base_.worker->unknown(pair.base.spec, pair.base.placement, kept_by_base);
      const std::string in_candidate = candidate_.worker->unknown(
          pair.candidate.spec, pair.candidate.placement, kept_by_candidate);
      if (in_base.empty() && in_candidate.empty()) {
        Contest& contest = contests_.emplace_back(
            Contest{.pair = &pair, .judged = {}, .base = {}, .candidate = {}});
        contest.judged.name = pair.name;
        contest.judged.parameters = pair.parameters;
        contest.judged.keeps_order = kept_by_base && kept_by_candidate;
        contest.judged.base.spec = pair.base.spec;
        contest.judged.candidate.spec = pair.candidate.spec;
        continue;
      }
      plan_.unmatched.push_back({.name = pair.name,
                                 .known_to = !in_base.empty() && !in_candidate.empty()
                                                 ? results::KnownTo::neither
                                             : in_base.empty() ? results::KnownTo::base
                                                               : results::KnownTo::candidate,
                                 .why = in_base.empty() ? in_candidate : in_base});
    }
  }

  /// Nothing after a failure.
  std::optional<workload::Sample> run_trial(Contest& contest, bool of_base) {
    Corner& corner = of_base ? base_ : candidate_;
    corner.start(interrupt_);
    const DuelPair::Side& side = of_base ? contest.pair->base : contest.pair->candidate;
    results::JudgedSide& judged = of_base ? contest.judged.base : contest.judged.candidate;
    TrialOutcome outcome = corner.worker->trial(side.spec, side.placement, contest.pair->name);
    judged.verification += outcome.sample ? outcome.sample->verification : outcome.verification;
    if (outcome.failure) {
      failure_ = std::move(outcome.failure);
      failure_->series = contest.pair->name;
      failure_->trial = of_base ? "a trial of the base" : "a trial of the candidate";
    }
    return std::move(outcome.sample);
  }

  void run_blocks() {
    std::vector<Contest*> order(contests_.size());
    std::ranges::transform(contests_, order.begin(), [](Contest& contest) { return &contest; });
    while (open() > 0) {
      std::ranges::shuffle(order, random_);
      for (Contest* const contest : order) {
        if (!contest->open) continue;
        if (interrupt_.requested()) throw Interrupted();
        if (elapsed() + block_s_ > budget_s_) return;
        progress_.show(elapsed() / budget_s_,
                       fmt::format("{} of {} series open", open(), contests_.size()),
                       contest->pair->name);
        if (!run_block(*contest)) return;
        if (look_is_due(*contest)) judge(*contest, kLooks[contest->looks - 1]);
      }
    }
  }

  /// False if a trial failed; nothing of the block is kept then.
  bool run_block(Contest& contest) {
    const auto begin = steady_clock::now();
    const bool base_outside = random_() % 2 == 0;
    const std::array<bool, 4> of_base = {base_outside, !base_outside, !base_outside, base_outside};
    const machine::Placement& placement = contest.pair->base.placement;
    const auto before = probe(placement);
    const machine::CpuTimes cpu_before = machine::cpu_times(topology_);
    std::vector<workload::Sample> samples;
    for (const bool base : of_base) {
      auto sample = run_trial(contest, base);
      if (!sample) return false;
      samples.push_back(*std::move(sample));
    }
    const machine::CpuTimes cpu_after = machine::cpu_times(topology_);
    Block block{.order = base_outside ? BlockOrder::abba : BlockOrder::baab,
                .base = {},
                .candidate = {},
                .core_to_core_before_ns = before,
                .core_to_core_after_ns = probe(placement)};
    block.marks = marks(block, contest, samples, cpu_before, cpu_after);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      (of_base[i] ? block.base : block.candidate).push_back(samples[i].messages_per_second());
      (of_base[i] ? contest.base : contest.candidate).push_back(std::move(samples[i]));
    }
    contest.judged.blocks.push_back(std::move(block));
    const double taken_s = duration<double>(steady_clock::now() - begin).count();
    constexpr double kForgetting = 0.1;
    block_s_ = blocks_++ == 0 ? taken_s : block_s_ + kForgetting * (taken_s - block_s_);
    return true;
  }

  /// The median round trip between the CPUs of a block, before or after it.
  std::optional<double> probe(const machine::Placement& placement) {
    std::vector<double> found;
    for (const auto& [pair, ns] : prober_.between(nullptr, &placement, block_s_ / 2)) {
      found.push_back(ns);
    }
    return found.empty() ? std::nullopt : std::optional(analysis::median(found));
  }

  /// None of them depends on which trials are whose.
  [[nodiscard]] static std::vector<Disturbance> marks(const Block& block, const Contest& contest,
                                                      const std::vector<workload::Sample>& samples,
                                                      const machine::CpuTimes& before,
                                                      const machine::CpuTimes& after) {
    std::vector<Disturbance> found;
    if (block.core_to_core_before_ns && block.core_to_core_after_ns &&
        std::abs(std::log(*block.core_to_core_after_ns / *block.core_to_core_before_ns)) >
            std::log(kProbeChange)) {
      found.push_back(Disturbance::probe);
    }
    bool throttled = false;
    bool stopped = false;
    for (const workload::Sample& sample : samples) {
      throttled = throttled || sample.throttled_s > analysis::kThrottledShare * sample.seconds;
      stopped = stopped || sample.stopped_s > 0;
    }
    if (!contest.pair->base.placement.oversubscribed && analysis::lost_cpus(samples)) {
      found.push_back(Disturbance::preempted);
    }
    if (before.steal_s && after.steal_s && before.total_s && after.total_s &&
        *after.steal_s - *before.steal_s > kStolenShare * (*after.total_s - *before.total_s)) {
      found.push_back(Disturbance::steal);
    }
    if (throttled) found.push_back(Disturbance::throttled);
    if (stopped) found.push_back(Disturbance::stopped);
    return found;
  }

  /// The last look is not due before the end. One that no block came in time for is not made up.
  bool look_is_due(Contest& contest) const {
    const auto begun = std::ranges::find_if(
        kLooks, [&](const Look& look) { return elapsed() < look.at * budget_s_; });
    const auto due =
        static_cast<std::size_t>(std::min(begun, std::prev(kLooks.end())) - kLooks.begin());
    return std::exchange(contest.looks, due) < due;
  }

  void judge(Contest& contest, const Look& look) const {
    results::JudgedSeries& judged = contest.judged;
    const double each_s = block_s_ * static_cast<double>(open());
    const double left_s = std::max(0.0, budget_s_ - elapsed());
    const std::size_t most = judged.blocks.size() + static_cast<std::size_t>(left_s / each_s);
    const analysis::DuelJudgement now = analysis::judge(judged.blocks, rule_, look, most);
    judged.verdict = now.verdict;
    judged.ratio = now.ratio;
    judged.interval = now.interval;
    judged.detectable = now.detectable;
    contest.open = now.verdict == results::Verdict::inconclusive;
  }

  void finish(Contest& contest) const {
    results::JudgedSeries& judged = contest.judged;
    if (contest.open && !judged.blocks.empty()) judge(contest, kLooks.back());
    for (const bool base : {true, false}) {
      std::vector<double> rates;
      for (const Block& block : judged.blocks) {
        std::ranges::copy(base ? block.base : block.candidate, std::back_inserter(rates));
      }
      if (rates.empty()) continue;
      (base ? judged.base : judged.candidate).messages_per_second = analysis::median(rates);
    }
    judged.base.placement = observed(contest.pair->base.placement, contest.base);
    judged.candidate.placement = observed(contest.pair->candidate.placement, contest.candidate);
    results::Series all;
    all.spec = judged.candidate.spec;
    all.placement = judged.candidate.placement;
    all.placement.pinned = all.placement.pinned && judged.base.placement.pinned;
    all.samples = std::move(contest.candidate);
    std::ranges::move(contest.base, std::back_inserter(all.samples));
    judged.caveats = contest.pair->caveats;
    std::ranges::move(analysis::series_caveats(all), std::back_inserter(judged.caveats));
    if (judged.verdict != results::Verdict::inconclusive) return;
    const auto marked = std::ranges::count_if(
        judged.blocks, [](const Block& block) { return !block.marks.empty(); });
    if (judged.blocks.empty()) {
      judged.why = "no block of trials was run";
    } else if (!judged.interval) {
      judged.why = fmt::format("{} blocks are too few for an interval", judged.blocks.size());
    } else if (2 * marked > std::ssize(judged.blocks)) {
      judged.why = fmt::format("the machine changed in the middle of {} of {} blocks", marked,
                               judged.blocks.size());
    } else if (judged.interval->lo <= 1 - plan_.margin && judged.interval->hi >= 1 - plan_.margin &&
               judged.interval->hi < 1) {
      judged.why = "it is slower, by about the margin";
    } else if (judged.interval->hi >= 1 + plan_.margin && judged.interval->lo <= 1 + plan_.margin &&
               judged.interval->lo > 1) {
      judged.why = "it is faster, by about the margin";
    } else {
      judged.why = fmt::format("{} blocks are too few for its noise", judged.blocks.size());
    }
  }

  [[nodiscard]] std::vector<results::Caveat> caveats(const results::VerdictReport& report) const {
    results::Document document;
    document.failure = report.failure;
    document.tool = report.base.tool;
    document.host = report.host;
    document.activity = *report.activity;
    document.probes = *report.probes;
    for (const Contest& contest : contests_) {
      document.series.emplace_back().spec = contest.pair->base.spec;
    }
    std::vector<results::Caveat> all = analysis::document_caveats(document);
    document.tool = report.candidate.tool;
    for (results::Caveat& caveat : analysis::document_caveats(document)) {
      const auto same = [&](const results::Caveat& other) { return other.code == caveat.code; };
      if (std::ranges::none_of(all, same)) all.push_back(std::move(caveat));
    }
    if (interrupt_.signal()) {
      std::size_t blocks = 0;
      for (const results::JudgedSeries& series : report.series) blocks += series.blocks.size();
      all.insert(all.begin(), {.code = results::CaveatCode::interrupted,
                               .text = fmt::format(
                                   "the duel was interrupted after {} blocks of trials; what was "
                                   "not clear by then is inconclusive: repeat it",
                                   blocks)});
    }
    return all;
  }

  results::VerdictReport report(const machine::CpuTimes& before) {
    if (blocks_ == 0 && !contests_.empty() && !failure_ && !interrupt_.signal()) {
      throw machine::CannotMeasure(fmt::format(
          "--budget {:.3g}s: is too short for the first block of trials, which takes about "
          "{:.2g} s; give more",
          budget_s_, block_s_));
    }
    results::VerdictReport report;
    report.evidence = results::Evidence::duel;
    report.failure = std::move(failure_);
    report.complete = !interrupt_.signal() && !report.failure;
    report.created_utc = now_utc();
    report.seed = plan_.seed;
    report.margin = plan_.margin;
    report.confidence = 1 - rule_.risk;
    report.rule = describe(rule_);
    report.budget_s = begin_ ? std::optional(budget_s_) : plan_.budget_s;
    report.seconds = elapsed();
    report.base = {.name = plan_.base.program,
                   .arguments = plan_.base.arguments,
                   .files = {},
                   .tool = base_.tool.value_or(results::Tool())};
    report.candidate = {.name = plan_.candidate.program,
                        .arguments = plan_.candidate.arguments,
                        .files = {},
                        .tool = candidate_.tool.value_or(results::Tool())};
    report.host = machine::host_facts(topology_);
    base_.worker.reset();  // the time that a worker used is known once it has ended
    candidate_.worker.reset();
    report.activity = machine::activity_between(before, machine::cpu_times(topology_));
    report.probes = prober_.probes(topology_, *report.seconds);
    report.differences = analysis::build_differences(report.base.tool, report.candidate.tool);
    report.unmatched = std::move(plan_.unmatched);
    for (Contest& contest : contests_) {
      finish(contest);
      report.series.push_back(std::move(contest.judged));
    }
    report.caveats = caveats(report);
    return report;
  }

  DuelPlan plan_;
  const machine::Topology& topology_;
  Interrupt& interrupt_;
  Progress& progress_;
  Corner base_;
  Corner candidate_;
  std::mt19937_64 random_;
  Prober prober_;
  std::vector<Contest> contests_;
  analysis::DuelRule rule_;
  double budget_s_ = 0;
  double block_s_ = 0;  ///< how long a block takes
  std::size_t blocks_ = 0;
  std::optional<steady_clock::time_point> begin_;
  std::optional<results::Failure> failure_;
};

}  // namespace

results::VerdictReport duel(DuelPlan plan, const machine::Topology& topology,
                            const std::string& command_line, Interrupt& interrupt,
                            Progress& progress) {
  results::VerdictReport report = Duel(std::move(plan), topology, interrupt, progress).run();
  report.command_line = command_line;
  return report;
}

}  // namespace bench::measure
