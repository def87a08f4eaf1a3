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

/// The two counters, far enough from each other for any prefetcher.
struct Court {
  alignas(1024) std::atomic<std::uint64_t> there{0};
  alignas(1024) std::atomic<std::uint64_t> back{0};
};

/// Pages fresh from the system, not yet there: the first to touch one has it. Null if there is no
/// memory.
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
  /// Touches them.
  [[nodiscard]] Court* court() const noexcept { return new (first_) Court; }

 private:
  static constexpr std::size_t kBytes = 4096;
  static_assert(sizeof(Court) <= kBytes);
  void* first_;
};

constexpr std::uint64_t kEnd = UINT64_MAX;
/// Trips of a reading: some microseconds, in which reading the clock is 1 % or less.
constexpr std::uint64_t kTrips = 32;
/// How the two threads begin.
struct Match {
  enum class State : std::uint8_t { open, answerer_ready, court_ready, off };
  std::atomic<State> state{State::open};
  Court* court = nullptr;  // written before `court_ready` (release), read after it (acquire)

  /// Waits until it is no longer `now`, for a thread that has yet to be scheduled.
  State after(State now) const noexcept {
    ringmpsc::Backoff backoff;
    State next = now;
    while ((next = state.load(std::memory_order_acquire)) == now) backoff.snooze();
    return next;
  }
};
using enum Match::State;

/// Answers until the end is sent.
void answer(Match& match, unsigned cpu) noexcept {
  const bool bound = bind_this_thread(cpu);
  match.state.store(bound ? answerer_ready : off, std::memory_order_release);
  if (!bound || match.after(answerer_ready) != court_ready) return;
  Court& court = *match.court;
  std::uint64_t seen = 0;
  while (seen != kEnd) {
    std::uint64_t now = 0;
    // Acquire: pairs with the store of `there`.
    while ((now = court.there.load(std::memory_order_acquire)) == seen) ringmpsc::detail::pause();
    seen = now;
    court.back.store(seen, std::memory_order_release);
  }
}

/// Serves for `time`. Returns the nanoseconds of each reading, one at least.
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
  // The first trips find the other thread on its way, on a busy machine for longer than `time`: not
  // counted, nor is what they take.
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

/// The value that `part` of the readings are at most; they are in ascending order.
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
    // Bound before it waits: on the other thread's way to its CPU it would be in the way.
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
    // On a thread of its own, since the caller's is not to be bound.
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
