#include "workload/account.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bench::workload {

std::optional<FaultKind> ProducerAccount::arrived(std::uint64_t sequence) {
  if (sequence == expected_) {
    ++expected_;
    return std::nullopt;
  }
  if (sequence > expected_) {
    if (gaps_.size() == kMostGaps) {
      given_up_ += gaps_.begin()->second - gaps_.begin()->first;
      if (!first_given_up_) first_given_up_ = *gaps_.begin();
      gaps_.erase(gaps_.begin());
    }
    gaps_.emplace_hint(gaps_.end(), expected_, sequence);
    expected_ = sequence + 1;
    return std::nullopt;
  }
  const auto after = gaps_.upper_bound(sequence);
  if (after == gaps_.begin() || std::prev(after)->second <= sequence) {
    ++duplicated_;
    return FaultKind::duplicated;
  }
  const auto gap = std::prev(after);
  const auto [first, last] = *gap;
  gaps_.erase(gap);
  if (first < sequence) gaps_.emplace(first, sequence);
  if (sequence + 1 < last) gaps_.emplace(sequence + 1, last);
  ++reordered_;
  return FaultKind::reordered;
}

std::uint64_t ProducerAccount::missing(std::uint64_t sent) const noexcept {
  std::uint64_t missing = given_up_;
  for (const auto& [first, last] : gaps_) missing += last - first;
  if (sent > expected_) missing += sent - expected_;
  return missing;
}

std::optional<FaultyMessage> ProducerAccount::first_missing(std::uint64_t sent) const noexcept {
  std::optional<std::pair<std::uint64_t, std::uint64_t>> gap = first_given_up_;
  if (!gap && !gaps_.empty()) gap = *gaps_.begin();
  if (gap)
    return FaultyMessage{.kind = FaultKind::lost, .expected = gap->first, .seen = gap->second};
  if (sent <= expected_) return std::nullopt;
  return FaultyMessage{.kind = FaultKind::lost, .expected = expected_};
}

Verification settle(std::span<const ProducerAccount> accounts, std::span<const std::uint64_t> sent,
                    Verification seen, std::uint64_t unattributed) {
  Verification result = std::move(seen);
  std::optional<FaultyMessage> first_lost;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    result.sent += sent[i];
    result.lost += accounts[i].missing(sent[i]);
    result.duplicated += accounts[i].duplicated();
    result.reordered += accounts[i].reordered();
    if (first_lost) continue;
    first_lost = accounts[i].first_missing(sent[i]);
    if (first_lost) first_lost->producer = static_cast<unsigned>(i);
  }
  result.lost -= std::min(result.lost, unattributed);
  if (result.lost > 0) result.keep_first(*first_lost);
  return result;
}

}  // namespace bench::workload
