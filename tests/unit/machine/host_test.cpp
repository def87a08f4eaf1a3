// The facts about this machine and about fabricated ones, memory limits, and pinning.

#include "machine/host.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <string>
#include <thread>

#include "machine/memory_limit.hpp"
#include "machine/pinning.hpp"
#include "machine/topology.hpp"
#include "scratch_directory.hpp"

namespace bench::machine {
namespace {

/// The scratch directory stands for "/".
using FabricatedMachine = testing::InScratchDirectory;

using MemoryLimits = FabricatedMachine;
using Hosts = FabricatedMachine;

TEST_F(MemoryLimits, AreUnknownIfNothingIsReported) {
  EXPECT_EQ(memory_limit(directory_).available_bytes, UINT64_MAX);
}

TEST_F(MemoryLimits, IncludeTheSystemsAvailableMemory) {
  make("proc/meminfo", "MemTotal: 2000 kB\nMemFree: 10 kB\nMemAvailable:    1000 kB\n");
  const MemoryLimit limit = memory_limit(directory_);
  EXPECT_EQ(limit.available_bytes, 1'024'000U);
  EXPECT_NE(limit.source.find("MemAvailable"), std::string::npos);
}

TEST_F(MemoryLimits, IncludeThoseOfAllParentControlGroups) {
  make("proc/meminfo", "MemAvailable: 100000 kB\n");
  make("proc/self/cgroup", "0::/ci/job/step\n");
  make("sys/fs/cgroup/ci/memory.max", "50000000\n");
  make("sys/fs/cgroup/ci/memory.current", "20000000\n");
  make("sys/fs/cgroup/ci/job/memory.max", "max\n");
  make("sys/fs/cgroup/ci/job/memory.current", "20000000\n");
  make("sys/fs/cgroup/ci/job/step/memory.max", "60000000\n");
  make("sys/fs/cgroup/ci/job/step/memory.current", "10000000\n");
  const MemoryLimit limit = memory_limit(directory_);
  EXPECT_EQ(limit.available_bytes, 30'000'000U);
  EXPECT_NE(limit.source.find("/ci"), std::string::npos) << limit.source;
}

TEST_F(MemoryLimits, CountPageCacheAsAvailable) {
  make("proc/self/cgroup", "0::/\n");
  make("sys/fs/cgroup/memory.max", "1000\n");
  make("sys/fs/cgroup/memory.current", "900\n");
  make("sys/fs/cgroup/memory.stat", "anon 100\ninactive_file 800\nactive_file 0\n");
  EXPECT_EQ(memory_limit(directory_).available_bytes, 900U);
}

TEST_F(MemoryLimits, OfVersionOneHoldIfAContainerShowsOnlyItsRoot) {
  make("proc/self/cgroup", "4:memory:/somewhere/above\n0::/\n");
  make("sys/fs/cgroup/memory/memory.limit_in_bytes", "5000\n");
  make("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000\n");
  EXPECT_EQ(memory_limit(directory_).available_bytes, 4000U);
}

TEST_F(MemoryLimits, IgnoreTheNumberThatMeansNoLimitInVersionOne) {
  make("proc/self/cgroup", "4:memory:/\n");
  make("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  make("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000\n");
  EXPECT_EQ(memory_limit(directory_).available_bytes, UINT64_MAX);
}

TEST_F(MemoryLimits, LeaveNothingIfTheyAreExceeded) {
  make("proc/self/cgroup", "0::/\n");
  make("sys/fs/cgroup/memory.max", "1000\n");
  make("sys/fs/cgroup/memory.current", "2000\n");
  EXPECT_EQ(memory_limit(directory_).available_bytes, 0U);
}

TEST_F(Hosts, HaveNullFactsIfNothingIsReported) {
  const HostFacts facts = host_facts(Topology::synthetic("pu:1"), directory_);
  EXPECT_EQ(facts.cpu_model, std::nullopt);
  EXPECT_EQ(facts.memory_bytes, std::nullopt);
  EXPECT_EQ(facts.virtualization, std::nullopt);
  EXPECT_EQ(facts.governor, std::nullopt);
  EXPECT_EQ(facts.smt, std::nullopt);
  EXPECT_EQ(facts.transparent_hugepages, std::nullopt);
}

TEST_F(Hosts, HaveTheFactsThatTheirFilesReport) {
  make("proc/cpuinfo", "processor\t: 0\nmodel name\t: Some CPU @ 3 GHz\n");
  make("proc/meminfo", "MemTotal:       16 kB\n");
  make("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
  make("sys/devices/system/cpu/smt/active", "1\n");
  make("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
  make("sys/hypervisor/type", "xen\n");
  const HostFacts facts = host_facts(Topology::synthetic("pu:1"), directory_);
  EXPECT_EQ(facts.cpu_model, "Some CPU @ 3 GHz");
  EXPECT_EQ(facts.memory_bytes, 16'384U);
  EXPECT_EQ(facts.governor, "performance");
  EXPECT_EQ(facts.smt, true);
  EXPECT_EQ(facts.transparent_hugepages, "madvise");
  EXPECT_EQ(facts.virtualization, "xen");
}

TEST(Pinning, IsReportedBackByTheSystem) {
  for (const Cpu& cpu : this_machine().allowed_cpus()) {
    std::thread([&cpu] {
      ASSERT_TRUE(bind_this_thread(cpu.os_index));
      const CpuOfThread seen = cpu_of_this_thread();
      EXPECT_EQ(seen.cpu, cpu.os_index);
      EXPECT_TRUE(seen.pinned);
      EXPECT_EQ(sched_getcpu(), static_cast<int>(cpu.os_index));
    }).join();
  }
}

TEST(Pinning, IsRefusedForACpuThatDoesNotExist) {
  std::thread([] {
    EXPECT_FALSE(bind_this_thread(60'000));
    const CpuOfThread seen = cpu_of_this_thread();
    EXPECT_TRUE(seen.cpu.has_value());
    EXPECT_EQ(seen.pinned, this_machine().allowed_cpus().size() == 1);
  }).join();
}

}  // namespace
}  // namespace bench::machine
