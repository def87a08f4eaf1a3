// Queues that are wrong once in a million messages, or late, or that hang, throw or crash, behind
// the interface of a queue under test. They test the verification, that measurements keep to their
// time, and what becomes of a measurement whose queue fails.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
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
  tires,         ///< every trial except a process's first begins a second late; messages are right
  refuses,       ///< there is never room for a message
  hangs,         ///< a push never returns, from the second trial of a process on
  throws,        ///< a push throws, from the second trial of a process on
  crashes,       ///< a push follows a null pointer, from the second trial of a process on
  aborts,        ///< a push ends in std::terminate, from the second trial of a process on
  mute,          ///< the consumer never gets a message
  again,         ///< the consumer gets its last message again where there is none
  slow_to_make,  ///< the constructor never returns, from the second trial of a process on
  bad_to_make,   ///< the constructor ends in std::abort, from the second trial of a process on
  slow_to_end,   ///< the destructor never returns, from the second trial of a process on
};

inline constexpr std::array kFaultNames = {
    std::pair{std::string_view("loses"), Fault::loses},
    std::pair{std::string_view("repeats"), Fault::repeats},
    std::pair{std::string_view("reorders"), Fault::reorders},
    std::pair{std::string_view("corrupts"), Fault::corrupts},
    std::pair{std::string_view("tires"), Fault::tires},
    std::pair{std::string_view("refuses"), Fault::refuses},
    std::pair{std::string_view("hangs"), Fault::hangs},
    std::pair{std::string_view("throws"), Fault::throws},
    std::pair{std::string_view("crashes"), Fault::crashes},
    std::pair{std::string_view("aborts"), Fault::aborts},
    std::pair{std::string_view("mute"), Fault::mute},
    std::pair{std::string_view("again"), Fault::again},
    std::pair{std::string_view("slow_to_make"), Fault::slow_to_make},
    std::pair{std::string_view("bad_to_make"), Fault::bad_to_make},
    std::pair{std::string_view("slow_to_end"), Fault::slow_to_end},
};

/// The fault that the environment variable FAULT names. Throws std::invalid_argument.
[[nodiscard]] inline Fault fault_from_environment() {
  const char* const variable = std::getenv("FAULT");
  const std::string_view name = variable == nullptr ? "" : variable;
  const auto* const found =
      std::ranges::find(kFaultNames, name, [](const auto& one) { return one.first; });
  if (found == kFaultNames.end()) throw std::invalid_argument("FAULT must be one of kFaultNames");
  return found->second;
}

[[noreturn]] inline void sleep_for_ever() {
  while (true) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

/// A correct queue whose consumer tampers with every millionth message, or which begins late.
template <class M>
class FaultyQueue {
 public:
  static constexpr std::uint64_t kPeriod = 1'000'000;

  explicit FaultyQueue(const workload::QueueOptions& options)
      : queue_(options), fault_(fault_from_environment()) {
    static std::atomic<unsigned> made{0};
    first_ = made.fetch_add(1) == 0 && std::getenv("AT_ONCE") == nullptr;
    if (first_) return;
    if (fault_ == Fault::tires) std::this_thread::sleep_for(std::chrono::seconds(1));
    if (fault_ == Fault::slow_to_make) sleep_for_ever();
    if (fault_ == Fault::bad_to_make) std::abort();
  }
  FaultyQueue(const FaultyQueue&) = delete;
  FaultyQueue& operator=(const FaultyQueue&) = delete;
  ~FaultyQueue() {
    if (!first_ && fault_ == Fault::slow_to_end) sleep_for_ever();
  }

  struct Producer {
    typename ChannelQueue<M>::Producer producer;
    Fault fault;
    bool first;  // it belongs to the process's first trial, and AT_ONCE is not set
    bool push(const M& message) {
      misbehave();
      return fault != Fault::refuses && producer.push(message);
    }
    std::size_t send(std::span<const M> messages) {
      misbehave();
      return fault == Fault::refuses ? 0 : producer.send(messages);
    }

   private:
    void misbehave() const {
      if (first) return;
      switch (fault) {
        case Fault::hangs:
          sleep_for_ever();
        case Fault::throws:
          throw std::runtime_error("it was thrown on purpose");
        case Fault::crashes: {
          volatile int* volatile nowhere = nullptr;
          *nowhere = 1;
          break;
        }
        case Fault::aborts:
          std::terminate();
        default:
          break;
      }
    }
  };
  Producer producer() { return {queue_.producer(), fault_, first_}; }

  class Consumer {
   public:
    Consumer(typename ChannelQueue<M>::Consumer consumer, Fault fault)
        : consumer_(std::move(consumer)), fault_(fault) {}

    template <class Read>
    std::size_t consume(Read&& read) {
      if (fault_ == Fault::mute) return 0;
      const std::size_t count = consumer_.consume([this, &read](std::span<const M> run) {
        tamper(run, read);
        last_ = run.back();
      });
      if (count > 0 || fault_ != Fault::again || seen_ == 0) return count;
      read(std::span<const M>(&last_, 1));
      return 1;
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
        default:
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
    M last_{};
  };

  Consumer consumer() { return Consumer(queue_.consumer(), fault_); }

 private:
  ChannelQueue<M> queue_;
  Fault fault_;
  bool first_ = true;
};

}  // namespace bench::testing
