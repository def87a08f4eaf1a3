// Queues that are wrong once in a million messages, or late, behind the interface of a queue under
// test. They test the verification, and that measurements keep to their time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "channel_queue.hpp"

namespace bench::testing {

enum class Fault : std::uint8_t {
  loses,
  repeats,
  reorders,
  corrupts,
  tires,    ///< every trial except a process's first begins a second late; messages are right
  refuses,  ///< there is never room for a message
};

/// The fault that the environment variable FAULT names. Throws std::invalid_argument.
[[nodiscard]] inline Fault fault_from_environment() {
  const char* const variable = std::getenv("FAULT");
  const std::string_view name = variable == nullptr ? "" : variable;
  if (name == "loses") return Fault::loses;
  if (name == "repeats") return Fault::repeats;
  if (name == "reorders") return Fault::reorders;
  if (name == "corrupts") return Fault::corrupts;
  if (name == "tires") return Fault::tires;
  if (name == "refuses") return Fault::refuses;
  throw std::invalid_argument("FAULT must be loses, repeats, reorders, corrupts, tires or refuses");
}

/// A correct queue whose consumer tampers with every millionth message, or which begins late.
template <class M>
class FaultyQueue {
 public:
  static constexpr std::uint64_t kPeriod = 1'000'000;

  explicit FaultyQueue(const workload::QueueOptions& options)
      : queue_(options), fault_(fault_from_environment()) {
    static std::atomic<bool> tired{false};
    if (tired.exchange(fault_ == Fault::tires))
      std::this_thread::sleep_for(std::chrono::seconds(1));
  }

  struct Producer {
    typename ChannelQueue<M>::Producer producer;
    bool refuses;
    bool push(const M& message) { return !refuses && producer.push(message); }
    std::size_t send(std::span<const M> messages) { return refuses ? 0 : producer.send(messages); }
  };
  Producer producer() { return {queue_.producer(), fault_ == Fault::refuses}; }

  class Consumer {
   public:
    Consumer(typename ChannelQueue<M>::Consumer consumer, Fault fault)
        : consumer_(std::move(consumer)), fault_(fault) {}

    template <class Read>
    std::size_t consume(Read&& read) {
      return consumer_.consume([this, &read](std::span<const M> run) { tamper(run, read); });
    }

   private:
    template <class Read>
    void tamper(std::span<const M> run, Read&& read) {
      while (!run.empty()) {
        const std::uint64_t right =
            kPeriod - 1 - seen_ % kPeriod;  // messages before the next wrong one
        // Reordering also needs the next message of the run. Without one, this message stays right.
        if (right >= run.size() || (fault_ == Fault::reorders && right + 1 == run.size())) {
          seen_ += run.size();
          read(run);
          return;
        }
        const auto before = static_cast<std::size_t>(right);
        if (before > 0) read(run.first(before));
        run = run.subspan(before);
        const std::size_t used = tampered(run, read);
        seen_ += before + used;
        run = run.subspan(used);
      }
    }

    /// Hands over the first message of the run wrongly. Returns how many of its messages this used.
    template <class Read>
    std::size_t tampered(std::span<const M> run, Read&& read) const {
      switch (fault_) {
        case Fault::loses:
          return 1;
        case Fault::tires:
        case Fault::refuses:
          read(run.first(1));
          return 1;
        case Fault::repeats:
          read(run.first(1));
          read(run.first(1));
          return 1;
        case Fault::reorders:
          read(run.subspan(1, 1));
          read(run.first(1));
          return 2;
        case Fault::corrupts: {
          M message = run.front();
          message.words.back() ^= 4;
          read(std::span<const M>(&message, 1));
          return 1;
        }
      }
      std::unreachable();
    }

    typename ChannelQueue<M>::Consumer consumer_;
    Fault fault_;
    std::uint64_t seen_ = 0;
  };

  Consumer consumer() { return Consumer(queue_.consumer(), fault_); }

 private:
  ChannelQueue<M> queue_;
  Fault fault_;
};

}  // namespace bench::testing
