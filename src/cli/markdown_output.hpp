// The flag --markdown of the commands that measure.
#pragma once

#include <string>

#include "cli/flags.hpp"
#include "cli/output.hpp"

namespace bench::cli {

/// Adds the flag, which writes the result as Markdown too.
void add_markdown_flag(Flags& flags, OutputOptions& options);

/// The output that the flag asks for.
[[nodiscard]] Output markdown_output(const std::string& path);

}  // namespace bench::cli
