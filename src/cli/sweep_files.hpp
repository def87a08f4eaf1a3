// Where sweeps are: those that came with the program, by name, and any file.
#pragma once

#include <string>
#include <vector>

#include "results/sweep_file.hpp"

namespace bench::cli {

struct NamedSweep {
  std::string name;
  std::string description;
};

/// Those that came with the program, by name. Throws measure::BadRequest where they are not found.
[[nodiscard]] std::vector<NamedSweep> named_sweeps();

struct LoadedSweep {
  std::string path;
  std::string name;  ///< the file's, without its ending
  results::SweepFile file;
};

/// A word with a / in it, or that ends in .json, is a file's path; any other is a sweep's name.
/// Throws measure::BadRequest that names the nearest sweep, or the place in the file.
[[nodiscard]] LoadedSweep load_sweep(const std::string& word);

}  // namespace bench::cli
