// Reading the small text files in which Linux tells about itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace bench::machine {

/// The first line; null if there is no such file or nothing in it.
[[nodiscard]] std::optional<std::string> first_line(const std::filesystem::path& file);

/// What follows `key` and a separator (white space, or a colon) on the first line that begins with
/// it, trimmed.
[[nodiscard]] std::optional<std::string> value_of(const std::filesystem::path& file,
                                                  std::string_view key);

/// The whole number that `text` begins with.
[[nodiscard]] std::optional<std::uint64_t> number_in(const std::optional<std::string>& text);

}  // namespace bench::machine
