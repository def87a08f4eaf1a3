// A sweep file as it is written: its keys and values and their places, without their meaning. Its
// contract is configs/schema/sweep.schema.json.
#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench::results {

/// A number or a string, as it would be written on the command line.
struct SweepValue {
  std::string text;
  std::string place;  ///< like axes.producers[2]
};

/// A key and its values; in `fixed` it has one value.
struct SweepEntry {
  std::string key;
  std::string place;  ///< like axes.producers
  std::vector<SweepValue> values;
  /// Its values are all that there are, where nobody named one. No file has this.
  bool all = false;
};

/// Axes, and what the series of their product have in common.
struct SweepPart {
  std::string place;  ///< like parts[1]; empty where the file names no parts
  /// In the order of the file. What the file fixes for all parts is here too, after the part's own,
  /// except for what the part itself sets.
  std::vector<SweepEntry> fixed;
  std::vector<SweepEntry> axes;
  /// Each item leaves out the combinations that match all of its keys.
  std::vector<std::vector<SweepEntry>> exclude;
  /// Keys that are not in kPartKeys. They mean nothing.
  std::vector<std::string> unknown;
};

struct SweepFile {
  std::string name;  ///< empty where the file gives none
  std::string description;
  std::optional<SweepValue> time_limit;
  std::optional<SweepValue> core_to_core;
  /// The sweep has the series of all its parts. A file without parts is one part.
  std::vector<SweepPart> parts;
  /// Keys that are not in kSweepKeys. They mean nothing.
  std::vector<std::string> unknown;
};

inline constexpr std::array<std::string_view, 3> kPartKeys = {"fixed", "axes", "exclude"};
inline constexpr std::array<std::string_view, 8> kSweepKeys = {
    "name", "description", "time_limit", "core_to_core", "fixed", "axes", "exclude", "parts"};

/// Whatever is missing stays empty. An error names the place and what should be there; for text
/// that is not JSON, it names the line and column, both counted from 1.
[[nodiscard]] std::expected<SweepFile, std::string> read_sweep_file(std::string_view text);

}  // namespace bench::results
