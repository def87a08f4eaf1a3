#include "workload/account.hpp"

#include <algorithm>
#include <iterator>

namespace bench::workload {

void ProducerAccount::arrived(std::uint64_t sequence) {
  if (sequence == expected_) {
    ++expected_;
    return;
  }
  if (sequence > expected_) {
    if (gaps_.size() == kMostGaps) {
      given_up_ += gaps_.begin()->second - gaps_.begin()->first;
      gaps_.erase(gaps_.begin());
    }
    gaps_.emplace_hint(gaps_.end(), expected_, sequence);
    expected_ = sequence + 1;
    return;
  }
  const auto after = gaps_.upper_bound(sequence);
  if (after == gaps_.begin() || std::prev(after)->second <= sequence) {
    ++duplicated_;
    return;
  }
  const auto gap = std::prev(after);
  const auto [first, last] = *gap;
  gaps_.erase(gap);
  if (first < sequence) gaps_.emplace(first, sequence);
  if (sequence + 1 < last) gaps_.emplace(sequence + 1, last);
  ++reordered_;
}

std::uint64_t ProducerAccount::missing(std::uint64_t sent) const noexcept {
  std::uint64_t missing = given_up_;
  for (const auto& [first, last] : gaps_) missing += last - first;
  if (sent > expected_) missing += sent - expected_;
  return missing;
}

Verification settle(std::span<const ProducerAccount> accounts, std::span<const std::uint64_t> sent,
                    std::uint64_t received, std::uint64_t corrupted, std::uint64_t unattributed) {
  Verification result{.received = received, .corrupted = corrupted};
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    result.sent += sent[i];
    result.lost += accounts[i].missing(sent[i]);
    result.duplicated += accounts[i].duplicated();
    result.reordered += accounts[i].reordered();
  }
  result.lost -= std::min(result.lost, unattributed);
  return result;
}

}  // namespace bench::workload
