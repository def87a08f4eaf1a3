// What the consumer of a round holds a channel against.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ringmpsc/ringmpsc.hpp"
#include "stress/channel_in_use.hpp"
#include "stress/ledger.hpp"
#include "stress/round.hpp"

namespace bench::stress {

/// For the consumer's thread, except end(). A check that fails fails the round.
template <class T, ringmpsc::Layout L>
class ChannelChecks {
 public:
  ChannelChecks(Round& round, ChannelInUse<T, L>& in_use) : round_(round), in_use_(in_use) {}

  /// All messages that come must be noted there.
  [[nodiscard]] Ledger& ledger() noexcept { return ledger_; }

  /// What holds of counters at every moment.
  void running(const ringmpsc::Metrics& metrics) {
    if (metrics.messages_received != ledger_.received()) {
      round_.fail(fmt::format("metrics say {} messages received, and it was {}",
                              metrics.messages_received, ledger_.received()));
    }
    if (metrics.messages_sent < metrics.messages_received ||
        metrics.commits > metrics.messages_sent || metrics.batches > metrics.messages_received) {
      round_.fail(
          "metrics count more messages received than sent, or more commits or batches than "
          "messages");
    }
  }

  /// What holds once all producers have ended and everything was read.
  void drained(ringmpsc::Consumer<T, L>& consumer, Worker& worker) {
    const std::string wrong = ledger_.fault(in_use_.sent, true);
    if (!wrong.empty()) return round_.fail(wrong);
    const std::uint64_t registered = in_use_.registrations.load(std::memory_order_acquire);
    if (!consumer.empty()) round_.fail("empty() is false after everything was consumed");
    if (consumer.producer_count() != 0) {
      round_.fail(fmt::format("producer_count() says {} after all producers have ended",
                              consumer.producer_count()));
    }
    if (!consumer.all_ended(registered)) {
      round_.fail("all_ended() is false after all producers have ended");
    }
    if (consumer.drained() != in_use_.is_closed()) {
      round_.fail("drained() is not what it must be after all producers have ended");
    }
    check_metrics(consumer.metrics(), worker);
    check_registrations(consumer);
    if (!in_use_.is_closed()) worker.happened(Shape::end);
  }

  /// The consumer has left, and messages with it that it never read.
  void left() noexcept { left_ = true; }
  [[nodiscard]] bool has_left() const noexcept { return left_; }

  /// What holds once all threads have ended, which made so many publications together, and the
  /// channel was destroyed.
  void end(std::uint64_t commits) {
    if (left_) {
      // Of what the consumer has not read, all that can be checked is that it was destroyed once.
      const std::string wrong = ledger_.fault(ledger_.seen(), true);
      if (!wrong.empty()) round_.fail(wrong);
      return;
    }
    // A batch that is copied into cells, or of messages that are not plain, may be published in
    // several steps.
    constexpr bool kSentAtOnce = L == ringmpsc::Layout::dense && ringmpsc::Plain<T>;
    if (metrics_ && (kSentAtOnce || !plan_.has(Shape::send)) && metrics_->commits != commits) {
      round_.fail(fmt::format("metrics say {} commits, and it was {}", metrics_->commits, commits));
    }
  }

 private:
  void check_metrics(const ringmpsc::Metrics& metrics, Worker& worker) {
    // The producers have ended, and told before how much they sent.
    std::uint64_t sent = 0;
    for (const std::uint64_t of_life : in_use_.sent) sent += of_life;
    const auto same = [&](std::string_view what, std::uint64_t counted, std::uint64_t right) {
      if (counted == right) return;
      round_.fail(fmt::format("metrics say {} {}, and it was {}", counted, what, right));
    };
    same("messages sent", metrics.messages_sent, sent);
    same("messages received", metrics.messages_received, ledger_.received());
    if (!plan_.has(Shape::metrics)) return;
    worker.happened(Shape::metrics);
    running(metrics);
    metrics_ = metrics;
  }

  /// As many producers as the limit allows can register again, and no more; after a close, none.
  void check_registrations(ringmpsc::Consumer<T, L>& consumer) {
    if (in_use_.is_closed()) {
      const auto producer = in_use_.channel->register_producer();
      if (producer || producer.error() != ringmpsc::RegisterError::closed) {
        round_.fail("a registration after the close was not refused as closed");
      }
      return;
    }
    constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 22;
    if ((std::uint64_t{plan_.limit} * sizeof(T)) << plan_.ring_bits > kMostBytes) return;
    std::vector<ringmpsc::Producer<T, L>> producers;
    for (unsigned i = 0; i < plan_.limit; ++i) {
      auto producer = in_use_.channel->register_producer();
      if (!producer) {
        return round_.fail(
            fmt::format("after all producers had ended, registration {} of {} was refused", i + 1,
                        plan_.limit));
      }
      producers.push_back(std::move(*producer));
    }
    const auto one_more = in_use_.channel->register_producer();
    if (one_more || one_more.error() != ringmpsc::RegisterError::too_many_producers) {
      round_.fail("a registration beyond the limit was not refused as one too many");
    }
    if (consumer.producer_count() != plan_.limit) {
      round_.fail("producer_count() is not the number of registered producers");
    }
  }

  Round& round_;
  ChannelInUse<T, L>& in_use_;
  const RoundPlan& plan_ = round_.plan();
  Ledger ledger_{in_use_.sent.size()};
  std::optional<ringmpsc::Metrics> metrics_;  ///< of the end, if they were counted
  bool left_ = false;
};

}  // namespace bench::stress
