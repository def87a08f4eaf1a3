#include "machine/probe.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "machine/pinning.hpp"
#include "ringmpsc/backoff.hpp"
#include "ringmpsc/detail/platform.hpp"

namespace bench::machine {
namespace {

using Clock = std::chrono::steady_clock;

/// The two counters, so far apart that no prefetcher fetches one with the other.
struct Court {
  alignas(1024) std::atomic<std::uint64_t> there{0};
  alignas(1024) std::atomic<std::uint64_t> back{0};
};

/// Fresh pages from the system. A page does not exist until a thread first touches it, and then
/// belongs to that thread. Converts to false if there is no memory.
class FreshPages {
 public:
  FreshPages()
      : first_(mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {}
  FreshPages(const FreshPages&) = delete;
  FreshPages& operator=(const FreshPages&) = delete;
  ~FreshPages() {
    if (*this) munmap(first_, kBytes);
  }
  explicit operator bool() const noexcept { return first_ != MAP_FAILED; }
  /// Creates the counters, and so touches the pages.
  [[nodiscard]] Court* court() const noexcept { return new (first_) Court; }

 private:
  static constexpr std::size_t kBytes = 4096;
  static_assert(sizeof(Court) <= kBytes);
  void* first_;
};

constexpr std::uint64_t kEnd = UINT64_MAX;
/// Trips in a reading. They take some microseconds, of which reading the clock is 1 % or less.
constexpr std::uint64_t kTrips = 32;

/// How the two threads start together.
struct Match {
  enum class State : std::uint8_t { open, answerer_ready, court_ready, off };
  std::atomic<State> state{State::open};
  Court* court = nullptr;  // written before `court_ready` (release), read after it (acquire)

  /// Waits until the state is no longer `now`. Backs off, because the thread that changes it may
  /// not have been scheduled yet.
  State after(State now) const noexcept {
    ringmpsc::Backoff backoff;
    State next = now;
    while ((next = state.load(std::memory_order_acquire)) == now) backoff.snooze();
    return next;
  }
};
using enum Match::State;

/// Answers every trip until kEnd arrives.
void answer(Match& match, unsigned cpu) noexcept {
  const bool bound = bind_this_thread(cpu);
  match.state.store(bound ? answerer_ready : off, std::memory_order_release);
  if (!bound || match.after(answerer_ready) != court_ready) return;
  Court& court = *match.court;
  std::uint64_t seen = 0;
  while (seen != kEnd) {
    std::uint64_t now = 0;
    // Acquire: pairs with the store of `there` in serve().
    while ((now = court.there.load(std::memory_order_acquire)) == seen) ringmpsc::detail::pause();
    seen = now;
    court.back.store(seen, std::memory_order_release);
  }
}

/// Makes trips for `time`. Returns at least one reading, in nanoseconds per trip.
std::vector<double> serve(Court& court, std::chrono::nanoseconds time) {
  std::vector<double> readings;
  std::uint64_t trip = 0;
  const auto make_trips = [&] {
    for (std::uint64_t i = 0; i < kTrips; ++i) {
      court.there.store(++trip, std::memory_order_release);
      while (court.back.load(std::memory_order_acquire) != trip) {
        ringmpsc::detail::pause();
      }
    }
  };
  // During the first trips the other thread is still on its way, on a busy machine for longer than
  // `time`. Neither these trips nor their time are counted.
  make_trips();
  auto begin = Clock::now();
  for (const auto end = begin + time; begin < end;) {
    make_trips();
    const auto now = Clock::now();
    readings.push_back(std::chrono::duration<double, std::nano>(now - begin).count() /
                       static_cast<double>(kTrips));
    begin = now;
  }
  court.there.store(kEnd, std::memory_order_release);
  return readings;
}

/// The value that a share `part` of the readings, which are in ascending order, do not exceed.
double quantile(const std::vector<double>& ascending, double part) noexcept {
  return ascending[static_cast<std::size_t>(part * static_cast<double>(ascending.size() - 1))];
}

}  // namespace

std::optional<RoundTrip> probe_round_trip(unsigned from, unsigned to,
                                          std::chrono::nanoseconds time) {
  if (from == to) return std::nullopt;
  const FreshPages pages;
  if (!pages) return std::nullopt;
  Match match;
  std::vector<double> readings;
  const auto begin = [&] {
    // Bind before waiting: an unbound waiting thread would block the other's way to its CPU.
    const bool bound = bind_this_thread(from);
    if (match.after(open) == off) return;
    if (!bound) {
      match.state.store(off, std::memory_order_release);
      return;
    }
    match.court = pages.court();
    match.state.store(court_ready, std::memory_order_release);
    readings = serve(*match.court, time);
  };
  try {
    std::jthread answering;
    // A separate thread, because the caller's thread must not be bound.
    const std::jthread serving(begin);
    try {
      answering = std::jthread([&match, to] { answer(match, to); });
    } catch (const std::system_error&) {
      match.state.store(off, std::memory_order_release);
    }
  } catch (const std::system_error&) {
    return std::nullopt;
  }
  if (readings.empty()) return std::nullopt;
  std::ranges::sort(readings);
  return RoundTrip{.p10_ns = quantile(readings, 0.1),
                   .p50_ns = quantile(readings, 0.5),
                   .p90_ns = quantile(readings, 0.9),
                   .readings = readings.size()};
}

}  // namespace bench::machine
