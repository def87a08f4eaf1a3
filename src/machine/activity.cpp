#include "machine/activity.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>

#include "machine/proc_files.hpp"

namespace bench::machine {
namespace {

double seconds(const timeval& time) noexcept {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double ticks_per_second() noexcept {
  const long ticks = sysconf(_SC_CLK_TCK);
  return ticks > 0 ? static_cast<double>(ticks) : 100;
}

double own_cpu_seconds() noexcept {
  double sum = 0;
  for (const int whose : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    if (getrusage(whose, &usage) == 0) sum += seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  return sum;
}

/// The columns of a "cpuN ..." line of /proc/stat (proc_stat(5)). User time includes guest time.
struct StatLine {
  enum Column : std::uint8_t { user, nice, system, idle, iowait, irq, softirq, steal, columns };
  std::array<double, columns> ticks{};

  [[nodiscard]] double busy() const noexcept {
    return ticks[user] + ticks[nice] + ticks[system] + ticks[irq] + ticks[softirq];
  }
  [[nodiscard]] double total() const noexcept {
    return busy() + ticks[idle] + ticks[iowait] + ticks[steal];
  }
};

std::optional<double> difference(const std::optional<double>& after,
                                 const std::optional<double>& before) {
  if (!after || !before) return std::nullopt;
  return std::max(0.0, *after - *before);
}

template <class T, class Combine>
std::optional<T> both(const std::optional<T>& a, const std::optional<T>& b, Combine combine) {
  return a && b ? std::optional<T>(combine(*a, *b)) : std::nullopt;
}

template <class Combine>
ThreadEvents combined(const ThreadEvents& a, const ThreadEvents& b, Combine combine) {
  return {.preemptions = both(a.preemptions, b.preemptions, combine),
          .migrations = both(a.migrations, b.migrations, combine),
          .waited_s = both(a.waited_s, b.waited_s, combine)};
}

}  // namespace

CpuTimes cpu_times(const Topology& topology, const std::filesystem::path& root) {
  CpuTimes times;
  times.own_s = own_cpu_seconds();
  if (root == "/") times.throttling = throttling();
  std::ifstream in(root / "proc/stat");
  double busy = 0;
  double stolen = 0;
  double total = 0;
  bool found = false;
  for (std::string text; std::getline(in, text);) {
    if (!text.starts_with("cpu")) continue;
    const auto cpu = number_in(text.substr(3));
    if (!cpu || !topology.allows(static_cast<unsigned>(*cpu))) continue;
    std::istringstream fields(text.substr(text.find(' ')));
    StatLine line;
    for (double& ticks : line.ticks) fields >> ticks;
    busy += line.busy();
    stolen += line.ticks[StatLine::steal];
    total += line.total();
    found = true;
  }
  if (found) {
    times.busy_s = busy / ticks_per_second();
    times.steal_s = stolen / ticks_per_second();
    times.total_s = total / ticks_per_second();
  }
  return times;
}

Activity activity_between(const CpuTimes& before, const CpuTimes& after) {
  const auto total = difference(after.total_s, before.total_s);
  const auto busy = difference(after.busy_s, before.busy_s);
  const auto stolen = difference(after.steal_s, before.steal_s);
  constexpr double kLeastSeconds = 1;
  Activity activity{.foreign_cpu_share = std::nullopt,
                    .steal_share = std::nullopt,
                    .throttling = since(before.throttling, after.throttling)};
  if (!total || *total < kLeastSeconds) return activity;
  const double own = std::max(0.0, after.own_s - before.own_s);
  const auto share = [&](double time) { return std::clamp(time / *total, 0.0, 1.0); };
  activity.foreign_cpu_share = share(*busy - own);
  activity.steal_share = share(*stolen);
  return activity;
}

ThreadEvents events_of_this_thread() {
  ThreadEvents events;
  rusage usage{};
  if (getrusage(RUSAGE_THREAD, &usage) == 0) {
    events.preemptions = static_cast<std::uint64_t>(usage.ru_nivcsw);
  }
  events.migrations = number_in(value_of("/proc/thread-self/sched", "se.nr_migrations"));
  // "run waited slices", the times in nanoseconds: sched-stats(5) of the kernel's documentation.
  std::uint64_t run_ns = 0;
  std::uint64_t waited_ns = 0;
  if (std::ifstream("/proc/thread-self/schedstat") >> run_ns >> waited_ns) {
    events.waited_s = static_cast<double>(waited_ns) * 1e-9;
  }
  return events;
}

ThreadEvents operator-(const ThreadEvents& after, const ThreadEvents& before) {
  return combined(after, before, [](auto a, auto b) { return a - std::min(a, b); });
}

ThreadEvents operator+(const ThreadEvents& a, const ThreadEvents& b) {
  return combined(a, b, [](auto x, auto y) { return x + y; });
}

}  // namespace bench::machine
