// Holds every message that arrives against what was sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "stress/messages.hpp"
#include "workload/account.hpp"

namespace bench::stress {

/// For the consumer's thread. Each life of a producer, from its registration to its end, sends its
/// own messages.
class Ledger {
 public:
  /// There are at most `senders` lives of producers.
  explicit Ledger(std::size_t senders) : accounts_(senders) {}

  /// Notes a message. True if it is the one that was due from its sender; where false, what is
  /// wrong is kept.
  bool arrived(const Stamp& stamp, bool intact) {
    ++received_;
    if (stamp.sender >= accounts_.size() || !intact) [[unlikely]] {
      foreign(stamp, intact);
      return false;
    }
    workload::ProducerAccount& account = accounts_[stamp.sender];
    if (stamp.sequence == account.expected()) [[likely]] {
      account.arrived_in_order(1);
      return true;
    }
    out_of_order(stamp);
    return false;
  }

  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }

  /// How far the messages of each sender have come.
  [[nodiscard]] std::vector<std::uint64_t> seen() const;

  /// What went wrong, as part of a sentence, once every producer has told how many messages it
  /// `sent`; empty if nothing did. Messages that only came late are no fault unless `keeps_order`.
  [[nodiscard]] std::string fault(std::span<const std::uint64_t> sent, bool keeps_order) const;

 private:
  void foreign(const Stamp& stamp, bool intact);
  void out_of_order(const Stamp& stamp);

  std::vector<workload::ProducerAccount> accounts_;
  std::uint64_t received_ = 0;
  std::uint64_t corrupted_ = 0;
  std::uint64_t unpublished_ = 0;
  std::string first_;       ///< the first message that was wrong, whatever its order
  std::string first_late_;  ///< the first that came at another place
};

}  // namespace bench::stress
