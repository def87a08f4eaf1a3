// Reads a result that was kept in a file, or that another program passes on.
#pragma once

#include <fmt/format.h>

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "measure/plan.hpp"
#include "results/file.hpp"

namespace bench::cli {

/// What `parse` makes of the file at `path`, or of stdin if that is "-". Throws
/// measure::BadRequest; its message begins with `before`, then the name of the file.
template <class Document>
[[nodiscard]] Document kept_result(
    const std::string& path, std::expected<Document, std::string> (*parse)(std::string_view text),
    std::string_view before = {}) {
  const bool piped = path == "-";
  const auto text = results::read_whole(piped ? "/dev/stdin" : path);
  if (!text) throw measure::BadRequest(fmt::format("{}{}", before, text.error()));
  auto document = parse(*text);
  if (!document) {
    throw measure::BadRequest(
        fmt::format("{}{}: {}", before, piped ? "stdin" : path, document.error()));
  }
  return *std::move(document);
}

}  // namespace bench::cli
