// The command line as typed options.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "measure/plan.hpp"
#include "present/format.hpp"
#include "results/document.hpp"

namespace bench::cli {

enum class ColorWhen : std::uint8_t { automatic, always, never };

struct Output {
  std::string path;  ///< or "-" for stdout
  present::Format format = present::Format::json;

  [[nodiscard]] bool to_stdout() const {
    return path == "-" || path == "/dev/stdout" || path == "/dev/fd/1" || path == "/proc/self/fd/1";
  }
};

/// What becomes of a result.
struct OutputOptions {
  std::vector<Output> outputs;
  bool quiet = false;
  ColorWhen color = ColorWhen::automatic;
  std::string log_level = "warn";
};

struct RunOptions {
  measure::Request request;
  OutputOptions output;
};

/// An interrupted measurement to go on with.
struct Earlier {
  std::string path;
  results::Document document;
};

struct SweepOptions {
  std::string file;  ///< where the sweep was read
  measure::SweepRequest sweep;
  std::optional<Earlier> earlier;
  OutputOptions output;
};

struct TopologyOptions {
  unsigned producers = 1;  ///< for whom placements are shown
  OutputOptions output;
};

/// Text that was asked for instead of a measurement: --help, --version or a list.
struct TextOnly {
  std::string text;
};

using Options = std::variant<TextOnly, RunOptions, SweepOptions, TopologyOptions>;

/// Throws measure::BadRequest whose message names the flag, the value and what would be right.
[[nodiscard]] Options parse(int argc, const char* const* argv);

}  // namespace bench::cli
