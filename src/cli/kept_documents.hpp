// Reads documents that were kept in files of their own or within a report.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/json.hpp"

namespace bench::cli {

struct KeptDocument {
  std::string name;  ///< what people call it: its file
  std::string json;
  bool enclosed = false;  ///< a report carried it
  results::AnyDocument document;
};

/// The document in the file at `path`, or all those that a report in it carries; "-" is stdin.
/// Throws measure::BadRequest; its message begins with `before`, then the name of the file.
[[nodiscard]] std::vector<KeptDocument> kept_documents(const std::string& path,
                                                       std::string_view before = {});

}  // namespace bench::cli
