// A build for another processor ends in one line and not in an illegal instruction. Compiled for
// the oldest processor of the architecture, and run before the first constructor of the program.

#include <unistd.h>

#include <cstddef>
#include <cstring>

#include "machine/processor_features.hpp"

namespace bench::machine {
namespace {

constexpr int kCannotMeasure = 3;

void say(const char* text) noexcept {
  // Nobody to tell if stderr is closed: the exit code says it too.
  static_cast<void>(!write(STDERR_FILENO, text, std::strlen(text)));
}

// 101 is the first priority that programs may use: before every static object.
[[gnu::constructor(101)]] void check_processor() noexcept {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  struct Feature {
    const char* name;
    bool there;
  };
#define RINGMPSC_IS_THERE(macro, name) Feature{name, __builtin_cpu_supports(name) != 0},
  const Feature features[] = {RINGMPSC_PROCESSOR_FEATURES(RINGMPSC_IS_THERE) Feature{"", true}};
  bool missing = false;
  for (std::size_t i = 0; i + 1 < sizeof(features) / sizeof(features[0]); ++i) {
    if (features[i].there || !kProcessorFeaturesUsed[i]) continue;
    say(missing ? ", " : "ringmpsc-bench: error: this build is for another processor: it needs ");
    say(features[i].name);
    missing = true;
  }
  if (!missing) return;
  say("; build it on this machine, or for any with cmake --preset portable\n");
  _exit(kCannotMeasure);
}

}  // namespace
}  // namespace bench::machine
