#include "measure/origin.hpp"

#include <fmt/chrono.h>

#include <ctime>

#include "build_info.hpp"

namespace bench::measure {

results::Tool this_tool() {
  return {.name = "ringmpsc-bench",
          .version = std::string(kVersion),
          .commit = std::string(commit()),
          .compiler = std::string(kCompiler),
          .flags = std::string(kFlags),
          .build_type = std::string(kBuildType),
          .native = kNative,
          .sanitizer = std::string(kSanitizer)};
}

std::string now_utc() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace bench::measure
