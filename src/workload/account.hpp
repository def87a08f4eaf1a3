// Finds out what happened to messages that did not come as expected. Off the fast path: a queue
// that works never gets past the first comparison.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "ringmpsc/detail/platform.hpp"
#include "workload/sample.hpp"

namespace bench::workload {

/// One producer's messages as they arrive: which are missing, which come late or again.
class alignas(ringmpsc::detail::kLineBytes) ProducerAccount {
 public:
  [[nodiscard]] std::uint64_t expected() const noexcept { return expected_; }

  /// `count` messages arrived in order.
  void arrived_in_order(std::uint64_t count) noexcept { expected_ += count; }

  /// Message number `sequence` arrived, in whatever order.
  void arrived(std::uint64_t sequence);

  [[nodiscard]] std::uint64_t duplicated() const noexcept { return duplicated_; }
  [[nodiscard]] std::uint64_t reordered() const noexcept { return reordered_; }
  /// Messages out of `sent` that never arrived.
  [[nodiscard]] std::uint64_t missing(std::uint64_t sent) const noexcept;

 private:
  /// Gaps remembered at most. Beyond that the oldest is lost for good: should one of its messages
  /// arrive after all, it is called a duplicate.
  static constexpr std::size_t kMostGaps = 65'536;

  std::uint64_t expected_ = 0;                   // one past the highest that arrived
  std::map<std::uint64_t, std::uint64_t> gaps_;  // missing sequences: first -> one past the last
  std::uint64_t given_up_ = 0;
  std::uint64_t duplicated_ = 0;
  std::uint64_t reordered_ = 0;
};

/// Settles the accounts: `damaged` messages arrived whose sender could not be told, each in place
/// of one that is missing.
[[nodiscard]] Verification settle(std::span<const ProducerAccount> accounts,
                                  std::span<const std::uint64_t> sent, std::uint64_t received,
                                  std::uint64_t corrupted, std::uint64_t unattributed);

}  // namespace bench::workload
