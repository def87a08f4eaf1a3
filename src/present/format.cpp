#include "present/format.hpp"

#include <algorithm>
#include <array>

#include "present/csv.hpp"
#include "present/google_benchmark.hpp"
#include "present/hgrm.hpp"
#include "results/json.hpp"

namespace bench::present {
namespace {

constexpr std::array kFormats = {
    Format{.name = "json", .ending = ".json", .render = results::to_json},
    Format{.name = "csv", .ending = ".csv", .render = to_csv},
    Format{.name = "google-benchmark", .ending = "", .render = to_google_benchmark},
    Format{.name = "hgrm", .ending = ".hgrm", .render_series = to_hgrm},
};

}  // namespace

std::span<const Format> formats() noexcept { return kFormats; }

const Format& format_of_file(std::string_view path) noexcept {
  const auto has_ending = [path](const Format& format) {
    return !format.ending.empty() && path.ends_with(format.ending);
  };
  const auto* const found = std::ranges::find_if(kFormats, has_ending);
  return found == kFormats.end() ? kFormats.front() : *found;
}

}  // namespace bench::present
