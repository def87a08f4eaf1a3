// Documents within a report: compressed, each in a link that saves it.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "results/file.hpp"

namespace bench::results {

/// A document that an HTML report carries.
struct Enclosed {
  std::string name;
  std::string json;
};

/// The JSON without the blanks between its tokens, compressed by gzip, in base64.
[[nodiscard]] std::string packed(std::string_view json);

/// The HTML of a link that saves what was packed. `name` has been made safe for an attribute.
[[nodiscard]] std::string enclosed(std::string_view name, std::string_view packed);

/// Whether the text is a report of this program.
[[nodiscard]] bool is_report(std::string_view text) noexcept;

/// All documents of a report, in their order. More than `most_bytes` of them together is an error.
/// An error is one line.
[[nodiscard]] std::expected<std::vector<Enclosed>, std::string> enclosures_in(
    std::string_view report, std::size_t most_bytes = kMostBytesRead);

}  // namespace bench::results
