// The forms that a result document is written in for other programs: a file each, and a row here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/document.hpp"

namespace bench::present {

struct Format {
  std::string_view name;    ///< as --format has it
  std::string_view ending;  ///< of the files that are written in it unless told otherwise, or empty
  /// The whole file, which ends in a newline.
  std::string (*render)(const results::Document& document);
};

/// The first is the default, JSON: it has everything, and is the only one that is read back.
[[nodiscard]] std::span<const Format> formats() noexcept;
[[nodiscard]] std::vector<std::string_view> format_names();

/// The one whose ending the path has.
[[nodiscard]] const Format& format_of_file(std::string_view path) noexcept;

}  // namespace bench::present
