#include "machine/host.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include "machine/control_groups.hpp"
#include "machine/proc_files.hpp"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace bench::machine {
namespace {

namespace fs = std::filesystem;

#if defined(__x86_64__) || defined(__i386__)
/// The usual name of the hypervisor with this signature; the signature itself if it is unknown.
std::string hypervisor_name(std::string_view signature) {
  using Name = std::pair<std::string_view, std::string_view>;
  constexpr std::array kNames = {
      Name{"KVMKVMKVM", "KVM"},         Name{"Microsoft Hv", "Hyper-V"},
      Name{"VMwareVMware", "VMware"},   Name{"XenVMMXenVMM", "Xen"},
      Name{"TCGTCGTCGTCG", "QEMU TCG"}, Name{"VBoxVBoxVBox", "VirtualBox"},
      Name{"bhyve bhyve", "bhyve"},     Name{"ACRNACRNACRN", "ACRN"}};
  const auto* const known = std::ranges::find(kNames, signature, &Name::first);
  return std::string(known == kNames.end() ? signature : known->second);
}

/// The hypervisor's name, by its signature (CPUID leaf 0x40000000, a convention of all
/// hypervisors). "none" if the processor says that there is none.
std::optional<std::string> hypervisor_by_cpuid() {
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0) return std::nullopt;
  constexpr unsigned kHypervisorPresent = 1U << 31;
  if ((ecx & kHypervisorPresent) == 0) return "none";
  __cpuid(0x40000000, eax, ebx, ecx, edx);
  std::array<char, 12> signature{};
  std::memcpy(signature.data(), &ebx, 4);
  std::memcpy(signature.data() + 4, &ecx, 4);
  std::memcpy(signature.data() + 8, &edx, 4);
  std::string vendor(signature.data(), strnlen(signature.data(), signature.size()));
  while (!vendor.empty() && vendor.back() == ' ') vendor.pop_back();
  // Some hypervisors have an unprintable signature or an empty one.
  const bool printable = std::ranges::all_of(
      vendor, [](char c) { return std::isprint(static_cast<unsigned char>(c)) != 0; });
  return vendor.empty() || !printable ? "unnamed hypervisor" : hypervisor_name(vendor);
}
#else
std::optional<std::string> hypervisor_by_cpuid() { return std::nullopt; }
#endif

std::optional<std::string> virtualization(const fs::path& root) {
  if (root == "/") {
    if (auto hypervisor = hypervisor_by_cpuid()) return hypervisor;
  }
  // Without CPUID, the device tree or the firmware may name it; their silence proves nothing.
  if (auto node = first_line(root / "proc/device-tree/hypervisor/compatible")) {
    return node->substr(0, node->find('\0'));
  }
  if (auto type = first_line(root / "sys/hypervisor/type")) return type;
  return std::nullopt;
}

/// The choice that is in brackets in a line like "always [madvise] never".
std::optional<std::string> chosen(const std::optional<std::string>& line) {
  if (!line) return std::nullopt;
  const auto begin = line->find('[');
  const auto end = line->find(']');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return std::nullopt;
  return line->substr(begin + 1, end - begin - 1);
}

std::optional<std::string> cpu_model(const fs::path& root) {
  const fs::path cpuinfo = root / "proc/cpuinfo";
  // x86 has "model name"; ARM names the board, if anything.
  for (const char* const key : {"model name", "Model", "Hardware"}) {
    if (auto model = value_of(cpuinfo, key); model && !model->empty()) return model;
  }
  return std::nullopt;
}

/// The boot options that decide what may run on a CPU, how deeply it sleeps, how fast it is, and
/// what its system calls and memory cost.
std::optional<std::vector<std::string>> boot_options(const fs::path& root) {
  constexpr std::array<std::string_view, 16> kNames = {
      "amd_pstate",   "clocksource", "default_hugepagesz", "hugepages", "idle",        "intel_idle",
      "intel_pstate", "irqaffinity", "isolcpus",           "maxcpus",   "mitigations", "nohz_full",
      "nosmt",        "preempt",     "processor",          "rcu_nocbs"};
  const auto line = first_line(root / "proc/cmdline");
  if (!line) return std::nullopt;
  std::vector<std::string> found;
  std::istringstream words(*line);
  for (std::string word; words >> word;) {
    const std::string name = word.substr(0, word.find_first_of("=."));
    if (std::ranges::find(kNames, name) != kNames.end()) found.push_back(word);
  }
  return found;
}

/// Intel's driver reports no_turbo, the other drivers report boost.
std::optional<bool> turbo(const fs::path& cpus) {
  if (const auto off = number_in(first_line(cpus / "intel_pstate/no_turbo"))) return *off == 0;
  if (const auto on = number_in(first_line(cpus / "cpufreq/boost"))) return *on != 0;
  return std::nullopt;
}

std::optional<double> load_average(const fs::path& root) {
  std::ifstream in(root / "proc/loadavg");
  double last_minute = 0;
  return in >> last_minute ? std::optional(last_minute) : std::nullopt;
}

std::optional<std::string> kernel() {
  utsname names{};
  if (uname(&names) != 0) return std::nullopt;
  return std::string(names.sysname) + " " + names.release + " " + names.machine;
}

}  // namespace

std::optional<std::string> hostname() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return std::nullopt;
  return name.data();
}

HostFacts host_facts(const Topology& topology, const fs::path& root) {
  HostFacts facts;
  facts.hostname = hostname();
  facts.cpu_model = cpu_model(root);
  facts.topology = topology.facts();
  facts.caches = topology.caches();
  if (const auto kib = number_in(value_of(root / "proc/meminfo", "MemTotal"))) {
    facts.memory_bytes = *kib * 1024;
  }
  if (const auto quota = cpu_quota(root)) facts.cpu_quota = quota->cpus;
  facts.microcode = value_of(root / "proc/cpuinfo", "microcode");
  facts.kernel = kernel();
  facts.boot_options = boot_options(root);
  facts.virtualization = virtualization(root);
  const fs::path cpus = root / "sys/devices/system/cpu";
  facts.governor = first_line(cpus / "cpu0/cpufreq/scaling_governor");
  facts.turbo = turbo(cpus);
  if (const auto active = number_in(first_line(cpus / "smt/active"))) facts.smt = *active != 0;
  facts.transparent_hugepages =
      chosen(first_line(root / "sys/kernel/mm/transparent_hugepage/enabled"));
  if (const auto on = number_in(first_line(root / "proc/sys/kernel/numa_balancing"))) {
    facts.numa_balancing = *on != 0;
  }
  facts.clocksource =
      first_line(root / "sys/devices/system/clocksource/clocksource0/current_clocksource");
  facts.load_average = load_average(root);
  return facts;
}

}  // namespace bench::machine
