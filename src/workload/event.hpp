// An event that happens once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace bench::workload {

/// An event that happens once and is never undone.
class Event {
 public:
  void happen() {
    const std::lock_guard lock(mutex_);
    happened_ = true;
    changed_.notify_all();
  }
  /// Waits at most `time`. True once the event has happened.
  [[nodiscard]] bool within(std::chrono::nanoseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return happened_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool happened_ = false;
};

}  // namespace bench::workload
