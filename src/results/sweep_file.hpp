// A sweep file as it is written: what stands where, and not yet what it means. Its contract is
// configs/schema/sweep.schema.json.
#pragma once

#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace bench::results {

/// A number or a string, as it would be written on the command line.
struct SweepValue {
  std::string text;
  std::string place;  ///< like axes.producers[2]
};

/// A key and its values; in `fixed` there is one.
struct SweepEntry {
  std::string key;
  std::string place;  ///< like axes.producers
  std::vector<SweepValue> values;
};

struct SweepFile {
  std::string name;  ///< empty where the file gives none
  std::string description;
  /// In the order of the file.
  std::vector<SweepEntry> fixed;
  std::vector<SweepEntry> axes;
  /// Each leaves out the combinations that all of its keys match.
  std::vector<std::vector<SweepEntry>> exclude;
  /// Keys beside kSweepKeys, which mean nothing.
  std::vector<std::string> unknown;
};

inline constexpr std::array<std::string_view, 5> kSweepKeys = {"name", "description", "fixed",
                                                               "axes", "exclude"};

/// What is missing stays empty. An error names the place and what should be there; of text that is
/// not JSON, the line and column, both from 1.
[[nodiscard]] std::expected<SweepFile, std::string> read_sweep_file(std::string_view text);

}  // namespace bench::results
