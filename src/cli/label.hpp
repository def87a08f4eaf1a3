// The flags --label and --note, with which people say what they know of the machine and no program
// can find out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/flags.hpp"
#include "results/document.hpp"

namespace bench::cli {

struct LabelOptions {
  std::string label;  ///< empty if it was not given
  std::vector<results::Note> notes;

  /// The first of the flags that was given, or empty.
  [[nodiscard]] std::string_view any() const noexcept;
  /// Puts what was given into a document; what was not given stays as the document has it.
  void write_to(auto& document) const {
    if (!label.empty()) document.label = label;
    if (!notes.empty()) document.notes = notes;
  }
};

/// Adds both flags to a command that measures. Their values are kept as they are given, but for
/// blanks at their ends.
void add_label_flags(Flags& flags, LabelOptions& options);

}  // namespace bench::cli
