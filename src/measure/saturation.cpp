#include "measure/saturation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

namespace bench::measure {
namespace {

constexpr unsigned kTrials = 3;
constexpr double kTrialSeconds = 0.1;

/// The rates of a curve, as fractions of the rate that saturates. Towards that rate the curve gets
/// steeper.
constexpr std::array kSteps = {0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0, 1.2};

/// Queues whose saturating rates differ by no more than this factor have their steps in common.
constexpr double kAlike = 1.5;
constexpr double kUpperSteps = 0.3;

/// The rate rounded to two digits, and as a person would write it: 13M, 1300k.
Rate rounded(double per_second) {
  const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(per_second)) - 1));
  const auto whole = static_cast<std::uint64_t>(std::round(per_second / unit) * unit);
  std::string text = whole % 1'000'000 == 0 ? fmt::format("{}M", whole / 1'000'000)
                     : whole % 1'000 == 0   ? fmt::format("{}k", whole / 1'000)
                                            : fmt::format("{}", whole);
  return {.text = std::move(text), .per_second = static_cast<double>(whole)};
}

}  // namespace

Request overloaded(Request request) {
  request.up_to_saturation = false;
  request.rates.clear();
  request.spec.rate = static_cast<double>(kHighestRate);
  request.spec.messages_per_producer.reset();
  request.spec.duration_s =
      std::min(request.spec.duration_s.value_or(kTrialSeconds), kTrialSeconds);
  request.trials = kTrials;
  request.warmup = 1;
  return request;
}

std::vector<Rate> rates_up_to_saturation(const results::Document& document) {
  std::vector<double> achieved;
  achieved.reserve(document.series.size());
  for (const results::Series& series : document.series) {
    if (!series.latency || !series.latency->load) continue;
    achieved.push_back(series.latency->load->achieved_rate);
  }
  if (achieved.empty()) return {};
  const auto [least, most] = std::ranges::minmax(achieved);
  std::vector<double> wanted;
  wanted.reserve(2 * kSteps.size());
  for (const double step : kSteps) {
    wanted.push_back(least * step);
    // Where the queues differ, the slowest and the fastest each have steps near their end.
    if (most > kAlike * least && step >= kUpperSteps) wanted.push_back(most * step);
  }
  std::ranges::sort(wanted);
  std::vector<Rate> rates;
  rates.reserve(wanted.size());
  for (const double per_second : wanted) {
    if (per_second < 1) continue;
    Rate rate = rounded(per_second);
    // Steps that round to the same rate are taken once.
    if (rates.empty() || rates.back().per_second < rate.per_second) {
      rates.push_back(std::move(rate));
    }
  }
  return rates;
}

}  // namespace bench::measure
