// Reads the small text files in which Linux describes itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace bench::machine {

/// The first line; null if there is no such file or if the line is empty.
[[nodiscard]] std::optional<std::string> first_line(const std::filesystem::path& file);

/// The trimmed text after `key` and a separator (white space or a colon), on the first line that
/// begins with them. Null if there is no such line.
[[nodiscard]] std::optional<std::string> value_of(const std::filesystem::path& file,
                                                  std::string_view key);

/// The whole number that `text` begins with; null if it begins with none.
[[nodiscard]] std::optional<std::uint64_t> number_in(const std::optional<std::string>& text);

}  // namespace bench::machine
