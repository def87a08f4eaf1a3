// The control groups of this process on fabricated machines, and their limits on CPU time.

#include "machine/control_groups.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "machine/host.hpp"
#include "machine/memory_limit.hpp"
#include "scratch_directory.hpp"

namespace bench::machine {
namespace {

using ControlGroups = testing::InScratchDirectory;

TEST_F(ControlGroups, WithoutALimitOnCpuTimeHaveNoQuota) {
  EXPECT_FALSE(cpu_quota(directory_));
  make("proc/self/cgroup", "0::/ci\n");
  make("sys/fs/cgroup/ci/cpu.max", "max 100000\n");
  EXPECT_FALSE(cpu_quota(directory_));
}

TEST_F(ControlGroups, HaveTheQuotaOfTheirTightestAncestor) {
  make("proc/self/cgroup", "0::/kube/pod/box\n");
  make("sys/fs/cgroup/kube/cpu.max", "400000 100000\n");
  make("sys/fs/cgroup/kube/pod/cpu.max", "50000 100000\n");
  make("sys/fs/cgroup/kube/pod/cpu.stat",
       "usage_usec 1\nnr_periods 40\nnr_throttled 20\nthrottled_usec 1500000\n");
  make("sys/fs/cgroup/kube/pod/box/cpu.max", "max 100000\n");
  const auto quota = cpu_quota(directory_);
  ASSERT_TRUE(quota);
  EXPECT_DOUBLE_EQ(quota->cpus, 0.5);
  EXPECT_EQ(quota->group.name, "/kube/pod");
  EXPECT_EQ(throttling(*quota),
            (Throttling{.periods = 40, .throttled_periods = 20, .seconds = 1.5}));
  EXPECT_EQ(host_facts(Topology::synthetic("core:1 pu:1"), directory_).cpu_quota, 0.5);
}

TEST_F(ControlGroups, OfVersionOneHaveOtherFilesAndUnits) {
  make("proc/self/cgroup", "3:cpu,cpuacct:/docker/x\n0::/\n");
  make("sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us", "150000\n");
  make("sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us", "100000\n");
  make("sys/fs/cgroup/cpu/docker/x/cpu.stat",
       "nr_periods 7\nnr_throttled 3\nthrottled_time 250000000\n");
  make("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  make("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  const auto quota = cpu_quota(directory_);
  ASSERT_TRUE(quota);
  EXPECT_DOUBLE_EQ(quota->cpus, 1.5);
  EXPECT_EQ(throttling(*quota),
            (Throttling{.periods = 7, .throttled_periods = 3, .seconds = 0.25}));
}

TEST_F(ControlGroups, AreFoundByTheirProcessesWhereProcIsHidden) {
  make("sys/fs/cgroup/cgroup.procs", "1\n");
  make("sys/fs/cgroup/jail/cgroup.procs", "1\n2\n");
  make("sys/fs/cgroup/jail/cell/cgroup.procs", std::to_string(getpid()) + "\n");
  make("sys/fs/cgroup/jail/memory.max", "1000\n");
  make("sys/fs/cgroup/jail/memory.current", "100\n");
  const MemoryLimit limit = memory_limit(directory_);
  EXPECT_EQ(limit.available_bytes, 900U);
  EXPECT_TRUE(limit.groups_known);
  EXPECT_NE(limit.source.find("/jail"), std::string::npos) << limit.source;
}

TEST_F(ControlGroups, AreUnknownWhereTheSystemHidesBoth) {
  EXPECT_FALSE(control_groups("memory", directory_));
  EXPECT_FALSE(memory_limit(directory_).groups_known);
  make("proc/self/cgroup", "");
  EXPECT_TRUE(memory_limit(directory_).groups_known) << "told: there is none";
}

TEST(Throttlings, AreCountedBetweenTwoLooks) {
  const Throttling before{.periods = 10, .throttled_periods = 2, .seconds = 0.5};
  const Throttling after{.periods = 30, .throttled_periods = 7, .seconds = 2};
  EXPECT_EQ(since(before, after),
            (Throttling{.periods = 20, .throttled_periods = 5, .seconds = 1.5}));
  EXPECT_EQ(since(std::nullopt, after), std::nullopt);
  EXPECT_EQ(since(after, before), std::nullopt) << "another group with the same name";
}

}  // namespace
}  // namespace bench::machine
