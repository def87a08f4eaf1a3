#include "present/verdict_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "present/blocks.hpp"
#include "present/marks.hpp"
#include "present/page.hpp"
#include "present/spec_words.hpp"
#include "present/verdict_words.hpp"

namespace bench::present {
namespace {

using results::JudgedSeries;
using results::Verdict;
using results::VerdictReport;

constexpr std::size_t kScreenful = 24;
constexpr std::size_t kLeastAxis = 11;  // cells
constexpr std::size_t kMostAxis = 31;

std::string_view paint_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::regressed:
      return Page::kRed;
    case Verdict::inconclusive:
      return Page::kYellow;
    case Verdict::improved:
      return Page::kGreen;
    case Verdict::no_change:
      break;
  }
  return {};
}

/// The common axis of all bars: changes from -reach() to +reach(), with 0 in the middle.
class ChangeAxis {
 public:
  explicit ChangeAxis(const VerdictReport& report) : margin_(report.margin) {
    double widest = 0;
    for (const JudgedSeries& series : report.series) {
      const auto note = [&](double ratio) { widest = std::max(widest, std::abs(ratio - 1)); };
      if (series.ratio) note(*series.ratio);
      if (!series.interval) continue;
      note(series.interval->lo);
      note(series.interval->hi);
    }
    // A change of ten times the margin is large, however large it is.
    const double margin = std::clamp(margin_, 0.001, 0.5);
    reach_ = std::clamp(widest, 2 * margin, 10 * margin);
  }

  [[nodiscard]] double reach() const noexcept { return reach_; }

  /// Brackets enclose the interval, a bar is the ratio, colons are the margin on both sides, and an
  /// arrow points at what lies beyond the axis.
  [[nodiscard]] std::string bar(const JudgedSeries& series, std::size_t cells) const {
    std::string line(cells, ' ');
    if (series.interval) {
      const std::size_t from = cell(series.interval->lo, cells);
      const std::size_t to = std::max(from, cell(series.interval->hi, cells));
      std::fill(line.begin() + static_cast<std::ptrdiff_t>(from),
                line.begin() + static_cast<std::ptrdiff_t>(to), '-');
      put_margins(line);
      put(line, series.interval->lo, '[');
      put(line, series.interval->hi, ']');
    } else {
      put_margins(line);
    }
    if (series.ratio) put(line, *series.ratio, '|');
    return line;
  }

  /// Its ends and its middle, above the bars.
  [[nodiscard]] std::string head(std::size_t cells) const {
    const std::string low = fmt::format("-{}", percent(reach_));
    const std::string high = fmt::format("+{}", percent(reach_));
    if (low.size() + high.size() + 5 > cells) return fmt::format("{:^{}}", "0", cells);
    std::string line = fmt::format("{:^{}}", "0", cells);
    line.replace(0, low.size(), low);
    line.replace(cells - high.size(), high.size(), high);
    return line;
  }

 private:
  [[nodiscard]] std::size_t cell(double ratio, std::size_t cells) const {
    const double part = std::clamp((ratio - 1 + reach_) / (2 * reach_), 0.0, 1.0);
    return static_cast<std::size_t>(std::lround(part * static_cast<double>(cells - 1)));
  }
  void put(std::string& line, double ratio, char mark) const {
    const double change = ratio - 1;
    line[cell(ratio, line.size())] = change < -reach_ ? '<' : change > reach_ ? '>' : mark;
  }
  void put_margins(std::string& line) const {
    line[cell(1 - margin_, line.size())] = ':';
    line[cell(1 + margin_, line.size())] = ':';
  }

  double margin_;
  double reach_ = 0;
};

/// The cells of a series.
struct VerdictRow {
  const JudgedSeries* series = nullptr;
  std::string title;
  std::string change;
  std::string interval;
  std::string base;
  std::string candidate;
  std::string marks;
};

class VerdictTable {
 public:
  VerdictTable(const VerdictReport& report, const std::vector<const JudgedSeries*>& all,
               std::size_t width)
      : axis_(report), evidence_(report.evidence), heads_(side_heads(report, kMostOfHead)) {
    const std::vector<results::Series> names = named(all);
    const Marks marks(names);
    const std::vector<std::string> shorter = short_titles(names);
    std::vector<VerdictRow> whole;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const JudgedSeries& series = *all[i];
      whole.push_back({.series = &series,
                       .title = title(names[i]),
                       .change = series.ratio ? change_text(series.ratio) : "-",
                       .interval = change_text(series.interval),
                       .base = rate_text(series.base),
                       .candidate = rate_text(series.candidate),
                       .marks = marks.of(names[i])});
    }
    rows_ = whole;
    if (choose_columns(width)) return;
    for (std::size_t i = 0; i < all.size(); ++i) rows_[i].title = shorter[i];
    if (choose_columns(width)) return;
    rows_ = std::move(whole);
    layout_ = Layout::below;
    if (!choose_columns(width)) layout_ = Layout::list;
  }

  [[nodiscard]] const ChangeAxis& axis() const noexcept { return axis_; }

  void show(Page& page) const {
    if (layout_ != Layout::list && !rows_.empty()) {
      const std::string medians =
          fmt::format("{:>{}}  {:>{}}", heads_.base, base_, heads_.candidate, candidate_);
      page.row(columns(layout_ == Layout::beside ? "series" : "", "change", "interval",
                       axis_.head(cells_), medians));
    }
    for (auto first = rows_.begin(); first != rows_.end();) {
      const Verdict verdict = first->series->verdict;
      const bool sound = verified(*first->series);
      const auto last = std::find_if(first, rows_.end(), [&](const VerdictRow& row) {
        return row.series->verdict != verdict || verified(*row.series) != sound;
      });
      const std::string heading =
          verdict_word(verdict) + (sound ? "" : ", and messages went wrong");
      page.headline(heading, sound ? paint_of(verdict) : Page::kRed);
      if (verdict == Verdict::no_change && sound && rows_.size() > kScreenful) {
        sum_up(page, {first, last});
      } else {
        for (auto row = first; row != last; ++row) show(page, *row);
      }
      if (verdict == Verdict::inconclusive) {
        page.hanging(2, fmt::format("what helps: {}", remedy(evidence_)));
      }
      first = last;
    }
  }

 private:
  /// Where the figures of a series stand: beside its name, or in a row below it, or in a list below
  /// it.
  enum class Layout : std::uint8_t { beside, below, list };

  static constexpr std::size_t kIndent = 2;
  static constexpr std::size_t kMostOfHead = 16;  // bytes

  /// The columns of both medians.
  [[nodiscard]] std::size_t rates() const { return base_ + 2 + candidate_; }

  /// False if the rows do not fit.
  bool choose_columns(std::size_t width) {
    const auto longest = [this](std::string VerdictRow::* cell, std::size_t least) {
      for (const VerdictRow& row : rows_) least = std::max(least, (row.*cell).size());
      return least;
    };
    title_ = layout_ == Layout::beside ? longest(&VerdictRow::title, 6) : kIndent;
    change_ = longest(&VerdictRow::change, 6);
    interval_ = longest(&VerdictRow::interval, 8);
    base_ = longest(&VerdictRow::base, heads_.base.size());
    candidate_ = longest(&VerdictRow::candidate, heads_.candidate.size());
    const std::size_t marks = layout_ == Layout::beside ? longest(&VerdictRow::marks, 0) : 0;
    const std::size_t others = kIndent + title_ + 2 + change_ + 2 + interval_ + 1 + 2 + rates() +
                               (marks == 0 ? 0 : marks + 1);
    if (others + kLeastAxis > width) return false;
    // An odd number has a cell in the middle.
    cells_ = std::min(kMostAxis, width - others);
    cells_ -= cells_ % 2 == 0 ? 1 : 0;
    return true;
  }

  [[nodiscard]] std::string columns(std::string_view title, std::string_view change,
                                    std::string_view interval, std::string_view bar,
                                    std::string_view medians) const {
    return fmt::format("{:{}}{:<{}}  {:>{}}  {:<{}} {:<{}}  {:>{}}", "", kIndent, title, title_,
                       change, change_, interval, interval_, bar, cells_, medians, rates());
  }

  [[nodiscard]] std::string columns(std::string_view title, const VerdictRow& row) const {
    return columns(title, row.change, row.interval, axis_.bar(*row.series, cells_),
                   fmt::format("{:>{}}  {:>{}}", row.base, base_, row.candidate, candidate_));
  }

  void show(Page& page, const VerdictRow& row) const {
    const JudgedSeries& series = *row.series;
    const std::string_view paint = paint_of(series.verdict);
    const std::string marks = row.marks.empty() ? "" : fmt::format(" [{}]", row.marks);
    switch (layout_) {
      case Layout::beside:
        page.row(fmt::format("{} {}", columns(row.title, row), row.marks), paint);
        break;
      case Layout::below:
        page.hanging(kIndent, row.title + marks);
        page.row(columns("", row), paint);
        break;
      case Layout::list:
        page.hanging(kIndent, row.title + marks);
        page.line(
            "", row.interval.empty() ? row.change : fmt::format("{}, {}", row.change, row.interval),
            paint);
        if (series.ratio) {
          const std::size_t cells = std::min(kMostAxis, page.room());
          page.line("", axis_.bar(series, cells - (cells % 2 == 0 ? 1 : 0)));
        }
        page.line("", fmt::format("{} {}, {} {}", heads_.base, row.base, heads_.candidate,
                                  row.candidate));
        break;
    }
    for (const std::string& line : faults_of(series)) page.line("FAILED", line, Page::kRed);
    if (series.verdict == Verdict::inconclusive) page.hanging(4, reason_text(series));
  }

  /// Rows without a ratio come last.
  static void sum_up(Page& page, std::span<const VerdictRow> rows) {
    const auto count = rows.size();
    while (rows.size() > 1 && !rows.back().series->ratio) rows = rows.first(rows.size() - 1);
    page.hanging(2, fmt::format("{} series, from {} ({}) to {} ({}); the JSON (--output FILE) has "
                                "each of them",
                                count, rows.front().change, rows.front().series->name,
                                rows.back().change, rows.back().series->name));
  }

  ChangeAxis axis_;
  results::Evidence evidence_;
  SideHeads heads_;
  std::vector<VerdictRow> rows_;
  Layout layout_ = Layout::beside;
  // The columns' widths.
  std::size_t title_ = 0;
  std::size_t change_ = 0;
  std::size_t interval_ = 0;
  std::size_t cells_ = 0;
  std::size_t base_ = 0;
  std::size_t candidate_ = 0;
};

void tell_meaning(Page& page, const VerdictReport& report, const ChangeAxis& axis) {
  page.line(
      "change",
      fmt::format("of the messages/s, {}, and its interval; all "
                  "intervals together hold the true changes with {} confidence; the bars are "
                  "from -{} to +{}, with [-] for the interval, | for the change and : for the "
                  "margin of {}; last the medians of both sides; letters mark caveats",
                  from_side_to_side(report), percent(report.confidence), percent(axis.reach()),
                  percent(axis.reach()), percent(report.margin)));
}

/// Lists what has a name and a reason; names with the same reason share a line. Faults follow.
void show_unmatched(Page& page, const std::vector<results::Unmatched>& all) {
  std::map<std::string, std::vector<std::string_view>> by_reason;
  for (const results::Unmatched& one : all) by_reason[reason_text(one)].push_back(one.name);
  for (const auto& [reason, names] : by_reason) {
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), kScreenful); ++i) {
      list.append(i == 0 ? "" : ", ").append(names[i]);
    }
    if (names.size() > kScreenful) {
      list += fmt::format(" and {} more", names.size() - kScreenful);
    }
    page.line("unmatched", fmt::format("{} ({})", list, reason), Page::kYellow);
  }
  for (const results::Unmatched& one : all) {
    for (const std::string& fault : one.faults) {
      page.line("FAILED", fmt::format("{}: {}", one.name, fault), Page::kRed);
    }
  }
}

void show_sums_of_verification(Page& page, const VerdictReport& report) {
  std::map<workload::Consume, workload::Verification> sums;
  for (const JudgedSeries& series : report.series) {
    if (!verified(series)) continue;
    for (const results::JudgedSide* const side : {&series.base, &series.candidate}) {
      sums[side->spec.consume] += side->verification;
    }
  }
  for (const auto& [mode, sum] : sums) show_verification(page, mode, sum, true);
}

void show_side(Page& page, std::string_view label, const results::Side& side) {
  page.line(label, side_text(side));
  for (const std::string& line : note_lines(side.notes)) page.line("", line);
  page.line("", tool_text(side.tool));
}

}  // namespace

std::string render(const VerdictReport& report, const Style& style) {
  Page page(style);
  const Verdict verdict = results::verdict(report);
  page.headline(fmt::format("{}: {}; margin {}", verdict_word(verdict), counted(report),
                            percent(report.margin)),
                paint_of(verdict).empty() ? Page::kBold : paint_of(verdict));
  if (report.failure) show_failure(page, *report.failure);
  const std::vector<const JudgedSeries*> all = worst_first(report);
  const VerdictTable table(report, all, page.width());
  table.show(page);
  show_unmatched(page, report.unmatched);
  if (!all.empty()) {
    tell_meaning(page, report, table.axis());
    page.line("detectable", detectable_text(report));
    show_sums_of_verification(page, report);
  }
  for (const results::SideDifference& difference : report.differences) {
    page.line("differs", difference_text(difference), Page::kYellow);
  }
  if (const std::string marked = marked_text(report); !marked.empty()) {
    page.line(report.evidence == results::Evidence::duel ? "blocks" : "samples", marked);
  }
  if (!report.rule.empty()) page.line("rule", report.rule);
  Marks(named(all)).show(page);
  show_caveats(page, report.caveats);
  show_side(page, "base", report.base);
  show_side(page, "candidate", report.candidate);
  page.line("machine", machine_text(report.host));
  if (const std::string took = time_taken(report); !took.empty()) page.line("time", took);
  page.row(verdict_line(report), paint_of(verdict));
  return page.take();
}

}  // namespace bench::present
