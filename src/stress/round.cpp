#include "stress/round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <system_error>
#include <utility>

#include "machine/pinning.hpp"
#include "workload/crash.hpp"

namespace bench::stress {
namespace {

using namespace std::chrono_literals;

/// Work of some dozens of nanoseconds that no compiler leaves out.
void spin(std::uint64_t times) noexcept {
  for (std::uint64_t i = 0; i < times; ++i) ringmpsc::detail::pause();
}

}  // namespace

Round::Round(const RoundPlan& plan) : plan_(plan), positions_(std::size_t{plan.threads} + 1) {}

void Round::start() {
  running_ = plan_.threads + 1;
  const auto begin = [this](unsigned index, std::function<void(Worker&)> work) {
    threads_.emplace_back([this, index, todo = std::move(work)] { run(index, todo); });
  };
  threads_.reserve(positions_.size());
  try {
    begin(0, [this](Worker& worker) { consume(worker); });
    for (unsigned i = 0; i < plan_.threads; ++i) {
      begin(i + 1, [this, i](Worker& worker) { produce(i, worker); });
    }
  } catch (...) {
    // Those that were not started have ended without a message.
    stop();
    const auto missing = static_cast<unsigned>(positions_.size() - threads_.size());
    producers_ended_.fetch_add(std::min(missing, plan_.threads), std::memory_order_release);
    on_last_producers_end();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    throw;
  }
}

void Round::run(unsigned index, const std::function<void(Worker&)>& work) noexcept {
  Worker worker(Random(plan_.seed + index).next(), positions_[index]);
  try {
    const workload::CrashGuard guard(worker.position.crash());
    bind(worker);
    work(worker);
  } catch (const OnPurpose&) {
    fail("an exception left a call that should have let none out");
  } catch (const std::bad_alloc&) {
    fail("out of memory");
  } catch (const std::exception& error) {
    fail(fmt::format("the queue threw: {}", error.what()));
  } catch (...) {
    fail("the queue threw what is no std::exception");
  }
  worker.position.is(Doing::ended);
  if (index > 0 && producers_ended_.fetch_add(1, std::memory_order_acq_rel) + 1 == plan_.threads) {
    on_last_producers_end();
  }
  add(worker);
  const std::scoped_lock lock(mutex_);
  if (--running_ == 0) ended_.notify_all();
}

void Round::add(const Worker& worker) {
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < kShapes; ++i) happened_[i] += worker.happenings[i];
  commits_ += worker.commits;
  objects_ += std::exchange(object_counts(), ObjectCounts());
}

bool Round::ended_within(std::chrono::nanoseconds time) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, time, [this] { return running_ == 0; });
}

void Round::stop() noexcept {
  if (!stop_.exchange(true, std::memory_order_acq_rel)) on_stop();
}

void Round::settle() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  check_end();
  // What a round has from its beginning to its end.
  for (auto i = static_cast<std::size_t>(Shape::one_producer);
       i <= static_cast<std::size_t>(Shape::payload_throwing); ++i) {
    if (plan_.has(static_cast<Shape>(i)) && received_ > 0) ++happened_[i];
  }
  objects_ += std::exchange(object_counts(), ObjectCounts());
  if (objects_.destroyed_twice > 0) {
    fail(fmt::format("{} object{} destroyed that had no life any more", objects_.destroyed_twice,
                     objects_.destroyed_twice == 1 ? " was" : "s were"));
  }
  if (objects_.used_dead > 0) {
    fail(fmt::format("{} object{} used after being destroyed", objects_.used_dead,
                     objects_.used_dead == 1 ? " was" : "s were"));
  }
  if (objects_.alive != 0) {
    fail(objects_.alive > 0
             ? fmt::format("{} object{} never destroyed", objects_.alive,
                           objects_.alive == 1 ? " was" : "s were")
             : fmt::format("{} more objects were destroyed than made", -objects_.alive));
  }
}

std::string Round::fault() const {
  const std::scoped_lock lock(mutex_);
  return fault_;
}

std::vector<Position::State> Round::positions() const {
  std::vector<Position::State> states(positions_.size());
  std::ranges::transform(positions_, states.begin(), &Position::state);
  return states;
}

void Round::fail(std::string why) {
  {
    const std::scoped_lock lock(mutex_);
    if (fault_.empty()) fault_ = std::move(why);
  }
  failed_.store(true, std::memory_order_release);
  stop();
  on_failure();
}

void Round::pause(Worker& worker) {
  if (!plan_.has(Shape::pauses) || stopping() || !worker.random.once_in(16)) return;
  worker.happened(Shape::pauses);
  switch (worker.random.below(8)) {
    case 0:
      std::this_thread::sleep_for(std::chrono::microseconds(worker.random.spread(1, 200)));
      break;
    case 1:
    case 2:
    case 3:
      std::this_thread::yield();
      break;
    default:
      spin(worker.random.spread(1, 512));
      break;
  }
}

void Round::freeze(Worker& worker, Shape shape) {
  if (!plan_.has(shape) || !worker.random.once_in(2048)) return;
  if (worker.happenings[static_cast<std::size_t>(shape)] >= 2) return;
  worker.happened(shape);
  worker.position.is(Doing::pausing);
  std::this_thread::sleep_for(std::chrono::milliseconds(worker.random.spread(1, 31)));
}

void Round::rest(Worker& worker) {
  if (stopping()) return;
  if (plan_.has(Shape::greedy_consumer)) worker.happened(Shape::greedy_consumer);
  if (plan_.has(Shape::slow_consumer) && worker.random.once_in(4)) {
    worker.happened(Shape::slow_consumer);
    worker.position.is(Doing::pausing);
    spin(worker.random.spread(64, 4096));
  }
  if (plan_.has(Shape::stalling_consumer) && worker.random.once_in(64)) {
    worker.happened(Shape::stalling_consumer);
    worker.position.is(Doing::pausing);
    std::this_thread::sleep_for(std::chrono::microseconds(worker.random.spread(50, 4000)));
  }
}

void Round::bind(Worker& worker) {
  if (plan_.has(Shape::free_cpus)) worker.happened(Shape::free_cpus);
  if (plan_.has(Shape::one_cpu)) {
    const unsigned cpu = plan_.cpus[plan_.seed % plan_.cpus.size()];
    if (machine::bind_this_thread(cpu)) worker.happened(Shape::one_cpu);
  }
}

void Round::wander(Worker& worker) {
  if (!plan_.has(Shape::wandering) || !worker.random.once_in(512)) return;
  const unsigned cpu = plan_.cpus[worker.random.below(plan_.cpus.size())];
  if (machine::bind_this_thread(cpu)) worker.happened(Shape::wandering);
}

void Round::on_another_thread(Worker& worker, Shape shape, const std::function<void()>& work) {
  worker.happened(shape);
  worker.position.is(Doing::moving);
  std::exception_ptr thrown;
  ObjectCounts theirs;
  std::thread other;
  try {
    other = std::thread([&] {
      try {
        const workload::CrashGuard guard(worker.position.crash());
        bind(worker);
        work();
      } catch (...) {
        thrown = std::current_exception();
      }
      theirs = std::exchange(object_counts(), ObjectCounts());
    });
  } catch (const std::system_error&) {
    return work();  // there is no other thread
  }
  other.join();
  ObjectCounts& counts = object_counts();
  counts += theirs;
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace bench::stress
