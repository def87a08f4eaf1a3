#include "present/requirements_block.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <string_view>
#include <vector>

#include "present/latency_table.hpp"
#include "present/quantity.hpp"
#include "results/fields.hpp"

namespace bench::present {
namespace {

using results::Judgement;
using results::Metric;
using results::Relation;
using results::RequirementOutcome;

using Judgements = std::vector<std::reference_wrapper<const Judgement>>;

/// More than any time that is measured: a document may have any number.
constexpr double kLongestNs = 1e18;

/// How bad a figure is: how many times its limit it is where less was wanted, and how many times it
/// fits into its limit where more was. A series without a single figure comes last.
double excess(const Judgement& judgement) {
  const double limit = judgement.requirement.limit;
  if (!judgement.value || limit <= 0) return 0;
  const bool wants_more = judgement.requirement.relation == Relation::above ||
                          judgement.requirement.relation == Relation::at_least;
  return wants_more ? (*judgement.value > 0 ? limit / *judgement.value : INFINITY)
                    : *judgement.value / limit;
}

std::string_view words(RequirementOutcome outcome) {
  switch (outcome) {
    case RequirementOutcome::met:
      return "met";
    case RequirementOutcome::missed:
      return "missed";
    case RequirementOutcome::cannot_tell:
      return "cannot tell";
  }
  return {};
}

std::string_view paint_of(RequirementOutcome outcome) {
  switch (outcome) {
    case RequirementOutcome::met:
      return Page::kGreen;
    case RequirementOutcome::missed:
      return Page::kRed;
    case RequirementOutcome::cannot_tell:
      return Page::kYellow;
  }
  return {};
}

/// Of this requirement's judgements, those with this outcome, the worst first.
Judgements with(RequirementOutcome outcome, const Judgements& all) {
  Judgements some;
  std::ranges::copy_if(all, std::back_inserter(some),
                       [&](const Judgement& judgement) { return judgement.outcome == outcome; });
  // Equal ones keep their order, which is that of their places in the document.
  std::ranges::sort(some, [](const Judgement& a, const Judgement& b) {
    return std::pair(-excess(a), &a) < std::pair(-excess(b), &b);
  });
  return some;
}

/// Shows one requirement of one or many series.
void show_requirement(Page& page, const Judgements& all) {
  using enum RequirementOutcome;
  const std::string& text = all.front().get().requirement.text;
  if (all.size() == 1) {
    const Judgement& only = all.front();
    page.line("required", fmt::format("{}: {}: {}", text, words(only.outcome), reason(only)),
              paint_of(only.outcome));
    return;
  }
  const Judgements worse = with(missed, all);
  const Judgements unclear = with(cannot_tell, all);
  const std::size_t fine = all.size() - worse.size() - unclear.size();
  page.line("required",
            fmt::format("{}: met by {} of {} series{}{}", text, fine, all.size(),
                        worse.empty() ? "" : fmt::format(", missed by {}", worse.size()),
                        unclear.empty() ? "" : fmt::format(", cannot tell for {}", unclear.size())),
            paint_of(!worse.empty()     ? missed
                     : !unclear.empty() ? cannot_tell
                                        : met));
  for (const Judgements& some : {worse, unclear}) {
    for (const Judgement& judgement : some) {
      page.line("", fmt::format("{}: {}: {}", words(judgement.outcome), judgement.series,
                                reason(judgement)));
    }
  }
}

}  // namespace

std::string figure(Metric metric, double value) {
  switch (metric) {
    case Metric::throughput:
      return si(value);
    case Metric::bandwidth:
      return si(value, "B/s");
    case Metric::round_trip:
      return fmt::format("{:.1f} ns", value);
    default:
      return time_text(static_cast<std::uint64_t>(std::llround(std::min(value, kLongestNs))));
  }
}

std::string reason(const Judgement& judgement) {
  const Metric metric = judgement.requirement.metric;
  std::vector<std::string> parts;
  if (judgement.value) {
    parts.push_back(fmt::format("{} is {}{}", results::word_of(metric),
                                figure(metric, *judgement.value),
                                metric == Metric::throughput ? " messages/s" : ""));
  }
  if (judgement.interval) {
    parts.push_back(fmt::format("95 % CI {} to {}", figure(metric, judgement.interval->lo),
                                figure(metric, judgement.interval->hi)));
  }
  if (judgement.why) parts.push_back(*judgement.why);
  return fmt::format("{}", fmt::join(parts, ", "));
}

void show_requirements(Page& page, const results::Document& document) {
  const std::vector<Judgement>& all = document.requirements;
  for (auto first = all.begin(); first != all.end();) {
    const auto last = std::find_if(first, all.end(), [&](const Judgement& judgement) {
      return judgement.requirement != first->requirement;
    });
    show_requirement(page, Judgements(first, last));
    first = last;
  }
}

}  // namespace bench::present
