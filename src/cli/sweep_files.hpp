// Finds sweeps: those that came with the program by their names, and any file by its path.
#pragma once

#include <string>
#include <vector>

#include "results/sweep_file.hpp"

namespace bench::cli {

struct NamedSweep {
  std::string name;
  std::string description;  ///< empty where the file gives none
};

/// The sweeps that came with the program, sorted by name. Throws measure::BadRequest if they are
/// not found.
[[nodiscard]] std::vector<NamedSweep> named_sweeps();

struct LoadedSweep {
  std::string path;
  std::string name;  ///< the file's name without its ending
  results::SweepFile file;
};

/// The text of a sweep's file, named as in load_sweep(), whatever it says. Throws
/// measure::BadRequest.
[[nodiscard]] std::string sweep_text(const std::string& word);

/// A word that contains a / or ends in .json is the path of a file; any other is the name of a
/// sweep. Throws measure::BadRequest; its message names the nearest sweep, or the place in the
/// file.
[[nodiscard]] LoadedSweep load_sweep(const std::string& word);

}  // namespace bench::cli
