// Our queue, whose ends stand still together for a known part of the time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "queues/ringmpsc.hpp"
#include "slowed/freeze.hpp"

namespace bench::testing {

/// Each call of an end first reads the clock, and stands still inside a window. The throughput is
/// then that of the same queue without windows, less their part of the time.
///
/// What a call does after it has read the clock goes on in a window, so the error is the length of
/// half a call in each window. For batches of 256 messages that is little; batches that take
/// several microseconds are slowed by noticeably less than the part.
template <class M, class Clock, workload::Layout L>
class SlowedQueue {
  using Ours = workload::our_channel::RingMpsc<M, L>;

 public:
  SlowedQueue(const workload::QueueOptions& options, const Freeze<Clock>& freeze)
      : queue_(options), freeze_(freeze) {}

  template <class Staged>
  class DeferredProducer {
   public:
    DeferredProducer(Staged producer, const Freeze<Clock>& freeze) noexcept
        : producer_(std::move(producer)), freeze_(freeze) {}

    bool push(const M& message) noexcept {
      freeze_();
      return producer_.push(message);
    }
    bool flush() noexcept {
      freeze_();
      return producer_.flush();
    }
    [[nodiscard]] std::size_t staged() const noexcept { return producer_.staged(); }

   private:
    Staged producer_;
    Freeze<Clock> freeze_;
  };

  class Producer {
   public:
    Producer(typename Ours::Producer producer, const Freeze<Clock>& freeze) noexcept
        : producer_(std::move(producer)), freeze_(freeze) {}

    bool push(const M& message) noexcept {
      freeze_();
      return producer_.push(message);
    }
    std::size_t send(std::span<const M> messages) noexcept {
      freeze_();
      return producer_.send(messages);
    }
    template <class Write>
    std::size_t produce(std::size_t count, Write write) noexcept {
      freeze_();
      return producer_.produce(count, std::move(write));
    }
   auto deferred() &&
       requires(L == workload::Layout::dense) {
         return DeferredProducer(std::move(producer_).deferred(), freeze_);
       }

       private : typename Ours::Producer producer_;
    Freeze<Clock> freeze_;
  };

  class Consumer {
   public:
    /// A full ring is one run, which takes longer to read than a window lasts: a consumer would
    /// pass over windows in which its producers stand still. It reads the clock again after so many
    /// messages.
    static constexpr std::size_t kPiece = std::max<std::size_t>(8192 / sizeof(M), 1);

    Consumer(typename Ours::Consumer consumer, const Freeze<Clock>& freeze) noexcept
        : consumer_(std::move(consumer)), freeze_(freeze) {}

    template <class Read>
    std::size_t consume(Read&& read) {
      freeze_();
      return consumer_.consume([this, &read](std::span<M> run) {
        for (; run.size() > kPiece; run = run.subspan(kPiece)) {
          read(run.first(kPiece));
          freeze_();
        }
        read(run);
      });
    }
    std::optional<ringmpsc::Metrics> metrics() { return consumer_.metrics(); }

   private:
    typename Ours::Consumer consumer_;
    Freeze<Clock> freeze_;
  };

  Producer producer() { return {queue_.producer(), freeze_}; }
  Consumer consumer() { return {queue_.consumer(), freeze_}; }

 private:
  Ours queue_;
  Freeze<Clock> freeze_;
};

}  // namespace bench::testing
