#include "workload/trial_threads.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "machine/cannot_measure.hpp"
#include "machine/pinning.hpp"
#include "ringmpsc/backoff.hpp"

namespace bench::workload {
namespace {

/// Spins briefly, then yields, because other threads may need this CPU to reach the start line.
template <class Ready>
void wait_until(Ready ready) noexcept {
  ringmpsc::Backoff backoff;
  while (!ready()) backoff.snooze();
}

}  // namespace

TrialThreads::TrialThreads(const Spec& spec, const machine::Placement& placement)
    : spec_(spec), placement_(placement) {
  sample_.per_producer_messages.resize(spec.producers);
  sample_.producers.resize(spec.producers);
  sample_.memory_nodes.resize(spec.producers);
}

void TrialThreads::start() {
  threads_.reserve(spec_.producers + 1);
  try {
    for (unsigned id = 0; id < spec_.producers; ++id) {
      threads_.emplace_back([this, id] { run_producer(id); });
    }
    threads_.emplace_back([this] { run_consumer(); });
  } catch (const std::system_error& error) {
    const std::size_t started = threads_.size();
    call_off({});
    join();
    throw machine::CannotMeasure(
        "cannot start thread " + std::to_string(started + 1) + " of " +
        std::to_string(spec_.producers + 1) + ": " + error.code().message() +
        " (raise the limits on threads and memory, ulimit -u and -v, or use fewer "
        "--producers)");
  }
}

void TrialThreads::join() noexcept {
  stop();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

bool TrialThreads::line_up() noexcept {
  signals_.ready.fetch_add(1, std::memory_order_release);
  wait_until([&] {
    return signals_.go.load(std::memory_order_acquire) || off_.load(std::memory_order_relaxed);
  });
  return !off_.load(std::memory_order_relaxed);
}

bool TrialThreads::all_lined_up() noexcept {
  wait_until([&] {
    return signals_.ready.load(std::memory_order_acquire) == spec_.producers ||
           off_.load(std::memory_order_relaxed);
  });
  return !off_.load(std::memory_order_relaxed);
}

void TrialThreads::go(Clock::time_point begin) noexcept {
  begin_ = begin;
  signals_.go.store(true, std::memory_order_release);
  started_.happen();
}

bool TrialThreads::start_clock() noexcept {
  if (!all_lined_up()) return false;
  go(Clock::now());
  return true;
}

Consumed TrialThreads::consumed_so_far() const noexcept {
  return {.seconds = std::chrono::duration<double>(Clock::now() - begin_).count(),
          .messages = signals_.consumed.load(std::memory_order_relaxed)};
}

void TrialThreads::run_producer(unsigned id) noexcept {
  try {
    if (const std::optional<unsigned> cpu = placement_.producer_cpus[id]) {
      // The end of this function asks the system where the thread really was.
      static_cast<void>(machine::bind_this_thread(*cpu));
      sample_.memory_nodes[id] = machine::bind_memory_near(*cpu);
    }
    const machine::ThreadEvents before = machine::events_of_this_thread();
    sample_.per_producer_messages[id] = produce(id);
    add_events(before);
    const auto seen = machine::cpu_of_this_thread();
    sample_.producers[id] = {.cpu = seen.cpu, .pinned = seen.pinned};
  } catch (...) {
    call_off(std::current_exception());
  }
  signals_.ended.fetch_add(1, std::memory_order_release);
}

void TrialThreads::run_consumer() noexcept {
  try {
    if (placement_.consumer_cpu) {
      static_cast<void>(machine::bind_this_thread(*placement_.consumer_cpu));
    }
    const machine::ThreadEvents before = machine::events_of_this_thread();
    end_ = consume(sample_);
    add_events(before);
    const auto seen = machine::cpu_of_this_thread();
    sample_.consumer = {.cpu = seen.cpu, .pinned = seen.pinned};
  } catch (...) {
    call_off(std::current_exception());
  }
  finished_.happen();
}

void TrialThreads::call_off(std::exception_ptr why) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(why);
  }
  stop();
  off_.store(true, std::memory_order_relaxed);
  started_.happen();
}

void TrialThreads::add_events(const machine::ThreadEvents& before) {
  const machine::ThreadEvents since = machine::events_of_this_thread() - before;
  const std::lock_guard lock(mutex_);
  events_ = events_ + since;
}

Sample TrialThreads::sample() {
  join();
  if (failure_) {
    try {
      std::rethrow_exception(failure_);
    } catch (const std::bad_alloc&) {
      throw machine::CannotMeasure("no memory for the rings (" + std::to_string(ring_bytes(spec_)) +
                                   " bytes): use smaller --ring-bits or --payload");
    }
  }
  sample_.verification = verification(sample_.per_producer_messages);
  sample_.messages = sample_.verification.received;
  sample_.events = events_;
  sample_.seconds = std::chrono::duration<double>(end_ - begin_).count();
  // A schedule ends when the next message would be due, not with its last message.
  if (spec_.rate && sample_.messages_due) {
    const auto due = static_cast<double>(*sample_.messages_due);
    sample_.seconds = std::max(sample_.seconds, due / *spec_.rate);
  }
  return std::move(sample_);
}

}  // namespace bench::workload
