#include "cli/sweep_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "build_info.hpp"
#include "cli/values.hpp"
#include "measure/plan.hpp"
#include "results/file.hpp"

namespace bench::cli {
namespace {

namespace fs = std::filesystem;
using measure::BadRequest;

/// The sweeps of an installed program are installed with it; those of a program that was only built
/// are in the source tree.
fs::path directory() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = (program.parent_path() / kConfigsFromProgram).lexically_normal();
  for (const fs::path& place : {installed, fs::path(kConfigsInSource)}) {
    if (fs::is_directory(place, error)) return place;
  }
  throw BadRequest(fmt::format("the named sweeps are neither in {} nor in {}; give a file",
                               installed.string(), kConfigsInSource));
}

std::vector<std::string> names_in(const fs::path& place) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(place)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

std::string text_of(const fs::path& path) {
  auto text = results::read_whole(path.string());
  if (!text) throw BadRequest(text.error());
  return *std::move(text);
}

LoadedSweep load(const fs::path& path) {
  auto file = results::read_sweep_file(text_of(path));
  if (!file) throw BadRequest(fmt::format("{}: {}", path.string(), file.error()));
  return {.path = path.string(), .name = path.stem().string(), .file = std::move(*file)};
}

fs::path path_of(const std::string& word) {
  if (word.contains('/') || word.ends_with(".json")) return word;
  const fs::path place = directory();
  const std::vector<std::string> names = names_in(place);
  if (std::ranges::find(names, word) != names.end()) return place / (word + ".json");
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view meant = nearest(word, views);
  throw BadRequest(fmt::format(
      "{}: no such sweep{}; the sweeps are {}, and a file must contain a / or end in .json",
      word.empty() ? "''" : word,
      meant.empty() ? std::string() : fmt::format(" (did you mean {}?)", meant),
      fmt::join(names, ", ")));
}

}  // namespace

std::vector<NamedSweep> named_sweeps() {
  const fs::path place = directory();
  std::vector<NamedSweep> sweeps;
  for (std::string& name : names_in(place)) {
    std::string description = load(place / (name + ".json")).file.description;
    sweeps.push_back({.name = std::move(name), .description = std::move(description)});
  }
  return sweeps;
}

std::string sweep_text(const std::string& word) { return text_of(path_of(word)); }

LoadedSweep load_sweep(const std::string& word) { return load(path_of(word)); }

}  // namespace bench::cli
