// Looks through JSON text before anything is kept of it.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace bench::results {

/// Refuses text that would take much more memory than any document, and a key that an object has
/// twice: readers differ in which of the two values they take, so that a person may have seen
/// another one. Text that is not JSON is left to the parser. The error is one line.
[[nodiscard]] std::expected<void, std::string> check_text(std::string_view text);

}  // namespace bench::results
