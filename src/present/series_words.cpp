#include "present/series_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "present/blocks.hpp"
#include "present/quantity.hpp"

namespace bench::present {
namespace {

std::string cpu_text(const std::optional<unsigned>& cpu) {
  return cpu ? std::to_string(*cpu) : "?";
}

/// The CPUs of the threads in order: "0, 1, 2", or "0, 1 in turn" if the same CPUs repeat.
std::string cpu_list(const std::vector<std::optional<unsigned>>& cpus) {
  const auto repeats_after = [&](std::size_t period) {
    return std::equal(cpus.begin() + static_cast<std::ptrdiff_t>(period), cpus.end(), cpus.begin());
  };
  std::size_t period = 1;
  while (period * 2 <= cpus.size() && !repeats_after(period)) ++period;
  if (period * 2 > cpus.size()) {
    constexpr std::size_t kMostListed = 16;
    const std::set<std::optional<unsigned>> distinct(cpus.begin(), cpus.end());
    if (cpus.size() > kMostListed && distinct.size() < cpus.size()) {
      return cpu_list({distinct.begin(), distinct.end()}) + ", several on each";
    }
    period = cpus.size();
  }
  std::vector<std::string> names(period);
  std::ranges::transform(cpus.begin(), cpus.begin() + static_cast<std::ptrdiff_t>(period),
                         names.begin(), cpu_text);
  const bool in_turn = period > 1 && period < cpus.size();
  return fmt::format("{}{}", fmt::join(names, ", "), in_turn ? " in turn" : "");
}

}  // namespace

using results::Series;

std::string setting(const workload::Spec& spec) {
  const std::string idle =
      spec.idle_producers == 0 ? "" : fmt::format(" and {} idle", spec.idle_producers);
  return fmt::format("{}{} producer{}{}, 1 consumer, messages of {} bytes",
                     spec.pattern == workload::Pattern::round_trip ? "round trips, " : "",
                     spec.producers, plural(spec.producers), idle, grouped(spec.payload_bytes));
}

std::string where(const Series& series) {
  const results::ObservedPlacement& placement = series.placement;
  if (series.samples.empty()) return fmt::format("placement {}", name(placement.policy));
  const std::string seen =
      fmt::format("consumer on CPU {}, producer{} on {}", cpu_text(placement.consumer_cpu),
                  plural(series.spec.producers), cpu_list(placement.producer_cpus));
  if (placement.pinned) return fmt::format("{} ({})", seen, name(placement.policy));
  return fmt::format("{} when last seen, not pinned", seen);
}

std::string how(const workload::Spec& spec) {
  const bool trips = spec.pattern == workload::Pattern::round_trip;
  const std::string batch = trips             ? std::string("one message in flight")
                            : spec.batch == 1 ? std::string("one push at a time")
                                              : fmt::format("batches of {}", grouped(spec.batch));
  const std::string write = spec.write == workload::Write::copy       ? ", copied in"
                            : spec.write == workload::Write::deferred ? ", deferred"
                                                                      : "";
  return fmt::format("{}rings of 2^{} = {} slots, {}{}, {} wait",
                     spec.layout ? fmt::format("{} ", workload::name(*spec.layout)) : "",
                     spec.ring_bits, grouped(std::uint64_t{1} << spec.ring_bits), batch, write,
                     name(spec.wait));
}

std::string trials(const Series& series) {
  const std::string length =
      series.spec.duration_s
          ? duration(*series.spec.duration_s)
          : fmt::format("{} messages per producer", grouped(*series.spec.messages_per_producer));
  const bool cut_short = std::ranges::any_of(series.samples, &workload::Sample::cut_short);
  return fmt::format(
      "{} of {}{}", series.samples.size(), length,
      cut_short ? fmt::format(", cut short after {}", duration(series.samples.front().seconds))
                : "");
}

}  // namespace bench::present
