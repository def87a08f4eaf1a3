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
#include "workload/crash.hpp"

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
    : spec_(spec), placement_(placement), signals_(spec.producers), running_(spec.producers + 1) {
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
    call_off();
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

bool TrialThreads::line_up(unsigned id) noexcept {
  signals_.producers[id].reached(Stage::lined_up);
  signals_.ready.fetch_add(1, std::memory_order_release);
  wait_until([&] {
    return signals_.go.load(std::memory_order_acquire) ||
           signals_.off.load(std::memory_order_relaxed);
  });
  signals_.producers[id].reached(Stage::running);
  return !signals_.off.load(std::memory_order_relaxed);
}

bool TrialThreads::all_lined_up() noexcept {
  signals_.consumer.reached(Stage::lined_up);
  wait_until([&] {
    return signals_.ready.load(std::memory_order_acquire) == spec_.producers ||
           signals_.off.load(std::memory_order_relaxed);
  });
  return !signals_.off.load(std::memory_order_relaxed);
}

void TrialThreads::go(Clock::time_point begin) noexcept {
  begin_ = begin;
  signals_.consumer.reached(Stage::running);
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
          .messages = signals_.consumer.messages()};
}

TrialState TrialThreads::state() const {
  TrialState state{.consumer = signals_.consumer.state(), .producers = {}, .thrown = nullptr};
  for (const Position& producer : signals_.producers) state.producers.push_back(producer.state());
  const std::lock_guard lock(mutex_);
  state.thrown = failure_;
  return state;
}

void TrialThreads::run_producer(unsigned id) noexcept {
  try {
    const CrashGuard guard(signals_.producers[id].crash());
    if (const std::optional<unsigned> cpu = placement_.producer_cpus[id]) {
      // The end of this function asks the system where the thread really was.
      static_cast<void>(machine::bind_this_thread(*cpu));
      sample_.memory_nodes[id] = machine::bind_memory_near(*cpu);
    }
    const machine::ThreadEvents before = machine::events_of_this_thread();
    sample_.per_producer_messages[id] = produce(id);
    signals_.producers[id].has(sample_.per_producer_messages[id]);
    add_events(before);
    const auto seen = machine::cpu_of_this_thread();
    sample_.producers[id] = {.cpu = seen.cpu, .pinned = seen.pinned};
  } catch (...) {
    fail(std::current_exception());
  }
  signals_.producers[id].reached(Stage::ended);
  signals_.ended.fetch_add(1, std::memory_order_release);
  ended();
}

void TrialThreads::run_consumer() noexcept {
  try {
    const CrashGuard guard(signals_.consumer.crash());
    if (placement_.consumer_cpu) {
      static_cast<void>(machine::bind_this_thread(*placement_.consumer_cpu));
    }
    const machine::ThreadEvents before = machine::events_of_this_thread();
    end_ = consume(sample_);
    add_events(before);
    const auto seen = machine::cpu_of_this_thread();
    sample_.consumer = {.cpu = seen.cpu, .pinned = seen.pinned};
  } catch (...) {
    fail(std::current_exception());
  }
  signals_.consumer.reached(Stage::ended);
  ended();
}

void TrialThreads::fail(std::exception_ptr why) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(why);
  }
  call_off();
}

void TrialThreads::call_off() noexcept {
  stop();
  signals_.off.store(true, std::memory_order_relaxed);
  started_.happen();
}

void TrialThreads::ended() noexcept {
  // Relaxed: whoever learns of the end from the event, or by joining, synchronises there.
  if (running_.fetch_sub(1, std::memory_order_relaxed) == 1) finished_.happen();
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
  return std::move(sample_);
}

}  // namespace bench::workload
