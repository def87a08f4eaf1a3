#include "stress/sanitizer.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>

#include "ringmpsc/detail/platform.hpp"

#if defined(RINGMPSC_SANITIZED)
#include <sanitizer/common_interface_defs.h>
#endif

namespace {

std::atomic<std::uint64_t> reports{0};

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" void __tsan_on_report(void* report);
/// The thread sanitizer calls this for each of its reports; its own version does nothing.
extern "C" void __tsan_on_report(void* /*report*/) {
  reports.fetch_add(1, std::memory_order_relaxed);
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace bench::stress {
namespace {

constexpr std::size_t kLongestLine = 1000;
std::array<char, kLongestLine> last_line{};
std::atomic<std::size_t> last_length{0};

#if defined(RINGMPSC_SANITIZED)
void say_last_line() {
  const std::size_t length = last_length.load(std::memory_order_acquire);
  static_cast<void>(!write(STDERR_FILENO, last_line.data(), length));
}
#endif

}  // namespace

std::uint64_t sanitizer_reports() noexcept { return reports.load(std::memory_order_relaxed); }

void say_at_sanitizers_end(const std::string& line) {
  last_length.store(0, std::memory_order_release);
  const std::size_t length = std::min(line.size(), kLongestLine - 1);
  std::ranges::copy_n(line.data(), static_cast<std::ptrdiff_t>(length), last_line.data());
  last_line[length] = '\n';
  last_length.store(length + 1, std::memory_order_release);
#if defined(RINGMPSC_SANITIZED)
  __sanitizer_set_death_callback(say_last_line);
#endif
}

}  // namespace bench::stress
