#include "present/latency_times.hpp"

namespace bench::present {

bool saturated(const results::Series& series) noexcept {
  return series.latency && series.latency->load && series.latency->load->saturated;
}

bool has_times(const results::Series& series) noexcept {
  return series.latency && !saturated(series);
}

std::array<NamedTime, 6> times_of(const results::Series& series) noexcept {
  const results::Latency* const latency = has_times(series) ? &*series.latency : nullptr;
  const auto time = [latency](std::string_view name, auto ns) {
    return NamedTime{
        .name = name,
        .ns = latency == nullptr ? std::nullopt : std::optional<std::uint64_t>(latency->*ns)};
  };
  return {time("p50_ns", &results::Latency::p50_ns),
          time("p90_ns", &results::Latency::p90_ns),
          time("p99_ns", &results::Latency::p99_ns),
          time("p99_9_ns", &results::Latency::p99_9_ns),
          time("p99_99_ns", &results::Latency::p99_99_ns),
          time("max_ns", &results::Latency::max_ns)};
}

}  // namespace bench::present
