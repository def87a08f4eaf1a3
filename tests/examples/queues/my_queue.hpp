// An example of a queue of your own, for one producer and one consumer. It knows nothing of this
// project.
#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

template <class T>
class MyQueue {
 public:
  explicit MyQueue(std::size_t capacity) : slots_(capacity) {}

  bool try_push(const T& message) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    // Acquire: the consumer has read the old message in the slot.
    if (tail - head_.load(std::memory_order_acquire) == slots_.size()) return false;
    slots_[tail % slots_.size()] = message;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  bool try_pop(T& message) {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    // Acquire: the producer has written the message in the slot.
    if (head == tail_.load(std::memory_order_acquire)) return false;
    message = slots_[head % slots_.size()];
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

 private:
  std::vector<T> slots_;
  alignas(128) std::atomic<std::size_t> head_{0};  // messages popped
  alignas(128) std::atomic<std::size_t> tail_{0};  // messages pushed
};
