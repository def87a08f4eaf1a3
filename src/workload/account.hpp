// Finds out what happened to messages that did not arrive as expected. This is off the fast path: a
// queue that works never gets past the first comparison.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ringmpsc/detail/platform.hpp"
#include "workload/sample.hpp"

namespace bench::workload {

/// Tracks one producer's messages as they arrive: which are missing, late, or repeated.
class alignas(ringmpsc::detail::kLineBytes) ProducerAccount {
 public:
  [[nodiscard]] std::uint64_t expected() const noexcept { return expected_; }

  /// `count` messages arrived in order.
  void arrived_in_order(std::uint64_t count) noexcept { expected_ += count; }

  /// Message number `sequence` arrived, in any order. Returns what is wrong with it: it is repeated
  /// or came late. Messages that it leaves out may still come.
  std::optional<FaultKind> arrived(std::uint64_t sequence);

  [[nodiscard]] std::uint64_t duplicated() const noexcept { return duplicated_; }
  [[nodiscard]] std::uint64_t reordered() const noexcept { return reordered_; }
  /// Messages out of `sent` that never arrived.
  [[nodiscard]] std::uint64_t missing(std::uint64_t sent) const noexcept;
  /// The first of them, and the message that came next; nothing if none is missing.
  [[nodiscard]] std::optional<FaultyMessage> first_missing(std::uint64_t sent) const noexcept;

 private:
  /// The greatest number of gaps that are remembered. Beyond it, the messages of the oldest gap
  /// count as lost for good; one that arrives after all counts as a duplicate.
  static constexpr std::size_t kMostGaps = 65'536;

  std::uint64_t expected_ = 0;                   // one past the highest sequence that arrived
  std::map<std::uint64_t, std::uint64_t> gaps_;  // missing sequences: first -> one past the last
  std::uint64_t given_up_ = 0;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> first_given_up_;  // a gap, as above
  std::uint64_t duplicated_ = 0;
  std::uint64_t reordered_ = 0;
};

/// Adds up the accounts, and adds what they tell to what was `seen`: the messages received and
/// corrupted, and the first faulty ones. `unattributed` messages arrived from a sender that could
/// not be identified; each of them takes the place of a missing message.
[[nodiscard]] Verification settle(std::span<const ProducerAccount> accounts,
                                  std::span<const std::uint64_t> sent, Verification seen,
                                  std::uint64_t unattributed);

}  // namespace bench::workload
