// What a sanitizer's runtime finds while a round runs.
#pragma once

#include <cstdint>
#include <string>

namespace bench::stress {

/// Reports of the thread sanitizer so far; 0 in other builds.
[[nodiscard]] std::uint64_t sanitizer_reports() noexcept;

/// If a sanitizer ends the process, it says this last, on stderr.
void say_at_sanitizers_end(const std::string& line);

}  // namespace bench::stress
