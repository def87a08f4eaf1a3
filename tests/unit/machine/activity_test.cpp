// Other processes' CPU time, stolen time and the events of threads; also the probe and the tree of
// the topology.

#include "machine/activity.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <string>
#include <thread>

#include "machine/probe.hpp"
#include "machine/topology.hpp"
#include "scratch_directory.hpp"

namespace bench::machine {
namespace {

class CpuActivity : public testing::InScratchDirectory {
 protected:
  /// Reads `stat` as /proc/stat, in ticks: user, nice, system, idle, iowait, irq, softirq, steal.
  [[nodiscard]] CpuTimes times(const std::string& stat) const {
    make("proc/stat", stat);
    CpuTimes read = cpu_times(topology_, directory_);
    read.own_s = 0;
    return read;
  }

  Topology topology_ = Topology::synthetic("core:2 pu:1", {1});
};

TEST_F(CpuActivity, IsUnknownWithoutProcStat) {
  const CpuTimes none = cpu_times(topology_, directory_);
  EXPECT_EQ(none.busy_s, std::nullopt);
  EXPECT_EQ(activity_between(none, none), Activity{});
}

TEST_F(CpuActivity, CountsOnlyAllowedCpus) {
  const CpuTimes before = times("cpu 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0\n");
  const CpuTimes after =
      times("cpu 0 0 0 0\ncpu0 9000 0 0 0 0 0 0 900\ncpu1 50 10 20 890 0 10 10 10\n");
  const Activity activity = activity_between(before, after);
  EXPECT_DOUBLE_EQ(activity.foreign_cpu_share.value(), 0.1);
  EXPECT_DOUBLE_EQ(activity.steal_share.value(), 0.01);
}

TEST_F(CpuActivity, ExcludesThisProcess) {
  const CpuTimes before = times("cpu1 0 0 0 0 0 0 0 0\n");
  CpuTimes after = times("cpu1 500 0 0 500 0 0 0 0\n");
  after.own_s = *after.total_s * 0.4;
  EXPECT_DOUBLE_EQ(activity_between(before, after).foreign_cpu_share.value(), 0.1);
  after.own_s = *after.total_s;  // the kernel's ticks and its clock need not agree
  EXPECT_DOUBLE_EQ(activity_between(before, after).foreign_cpu_share.value(), 0);
}

TEST_F(CpuActivity, OfAChildIsThisProcessesOwn) {
  constexpr double kBusy = 0.05;
  const double before = cpu_times(topology_, directory_).own_s;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::clock_t now = 0;
    while (static_cast<double>(now) < kBusy * CLOCKS_PER_SEC) now = std::clock();  // from 0 on
    _exit(0);
  }
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_GE(cpu_times(topology_, directory_).own_s - before, kBusy * 0.9);
}

TEST_F(CpuActivity, IsUnknownForTooShortATime) {
  const CpuTimes before = times("cpu1 0 0 0 0 0 0 0 0\n");
  EXPECT_EQ(activity_between(before, times("cpu1 10 0 0 10 0 0 0 0\n")), Activity{});
}

TEST(ThreadEvents, AddUpAndAreUnknownIfOneOfThemIs) {
  const ThreadEvents a{.preemptions = 5, .migrations = 2};
  const ThreadEvents b{.preemptions = 3, .migrations = std::nullopt};
  EXPECT_EQ(a + b, (ThreadEvents{.preemptions = 8, .migrations = std::nullopt}));
  EXPECT_EQ(a - a, (ThreadEvents{.preemptions = 0, .migrations = 0}));
  const ThreadEvents waited{.preemptions = 0, .migrations = 0, .waited_s = 0.5};
  EXPECT_EQ((waited + waited).waited_s, 1.0);
  EXPECT_EQ((waited + a).waited_s, std::nullopt);
}

TEST(ThreadEvents, AreKnownForThisThread) {
  EXPECT_TRUE(events_of_this_thread().preemptions.has_value());
}

TEST(Probe, OrdersTheQuantilesOfTwoCpus) {
  const auto& cpus = this_machine().allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "needs two CPUs";
  const auto found =
      probe_round_trip(cpus[0].os_index, cpus[1].os_index, std::chrono::milliseconds(5));
  ASSERT_TRUE(found);
  EXPECT_GT(found->readings, 0U);
  EXPECT_GT(found->p10_ns, 0);
  EXPECT_LE(found->p10_ns, found->p50_ns);
  EXPECT_LE(found->p50_ns, found->p90_ns);
}

TEST(Probe, FindsNothingForOneCpuOrAMissingOne) {
  const unsigned cpu = this_machine().allowed_cpus().front().os_index;
  EXPECT_EQ(probe_round_trip(cpu, cpu, std::chrono::milliseconds(1)), std::nullopt);
  EXPECT_EQ(probe_round_trip(cpu, 60'000, std::chrono::milliseconds(1)), std::nullopt);
  EXPECT_EQ(probe_round_trip(60'000, cpu, std::chrono::milliseconds(1)), std::nullopt);
}

TEST(Topology, TreeHasEveryCpuAndMarksTheAllowedOnes) {
  const Topology topology = Topology::synthetic("package:1 l3:2 core:1 pu:2", {0, 3});
  unsigned cpus = 0;
  unsigned allowed = 0;
  for (const TopologyNode& node : topology.tree()) {
    if (node.kind != "PU") continue;
    ++cpus;
    allowed += node.allowed ? 1 : 0;
  }
  EXPECT_EQ(topology.tree().front().depth, 0U);
  EXPECT_EQ(cpus, 4U);
  EXPECT_EQ(allowed, 2U);
}

}  // namespace
}  // namespace bench::machine
