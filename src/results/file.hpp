// Reads files whole, and writes them whole or not at all. An error is one line that begins with the
// path.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace bench::results {

/// More than any document has: a larger file was named by mistake.
inline constexpr std::size_t kMostBytesRead = std::size_t{1} << 30;

/// The whole content of the file at `path`, which may also be a pipe. More than `most_bytes` is an
/// error.
[[nodiscard]] std::expected<std::string, std::string> read_whole(
    const std::string& path, std::size_t most_bytes = kMostBytesRead);

/// Checks whether write_whole_or_not would succeed, as far as that can be known now. Leaves nothing
/// behind and changes nothing.
[[nodiscard]] std::expected<void, std::string> check_writable(const std::string& path);

/// Replaces the file at `path` by one that holds `text`: it writes a temporary file in the same
/// directory, syncs it, and renames it. On failure the old file is still there, unchanged. Follows
/// symbolic links and keeps the permissions of the file that it replaces. Creates the directories
/// that are missing.
///
/// What cannot be replaced is written to directly: a device, a pipe, an open descriptor under
/// /dev/fd, and a file that is a mount point or in a directory that may not be changed.
[[nodiscard]] std::expected<void, std::string> write_whole_or_not(const std::string& path,
                                                                  std::string_view text);

/// Writes all of `text` to stdout. A full device, or a reader that is gone, is an error and not a
/// signal.
[[nodiscard]] std::expected<void, std::string> write_stdout(std::string_view text);

}  // namespace bench::results
