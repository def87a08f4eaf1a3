#include "present/format.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "present/csv.hpp"
#include "present/google_benchmark.hpp"
#include "present/hgrm.hpp"
#include "present/matrix_csv.hpp"
#include "results/json.hpp"

namespace bench::present {
namespace {

// Those that a report of topology has come first.
constexpr std::size_t kOfTopology = 2;
constexpr std::array kFormats = {
    Format{.name = "json",
           .ending = ".json",
           .render = results::to_json,
           .render_topology = results::to_json},
    Format{.name = "csv", .ending = ".csv", .render = to_csv, .render_topology = to_matrix_csv},
    Format{.name = "google-benchmark", .ending = "", .render = to_google_benchmark},
    Format{.name = "hgrm", .ending = ".hgrm", .render_series = to_hgrm},
};

}  // namespace

std::span<const Format> formats() noexcept { return kFormats; }

std::span<const Format> topology_formats() noexcept { return formats().first(kOfTopology); }

const Format& format_of_file(std::string_view path) noexcept {
  const auto has_ending = [path](const Format& format) {
    return !format.ending.empty() && path.ends_with(format.ending);
  };
  const auto* const found = std::ranges::find_if(kFormats, has_ending);
  return found == kFormats.end() ? kFormats.front() : *found;
}

}  // namespace bench::present
