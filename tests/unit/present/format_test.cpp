// Each format is found under its name.

#include "present/format.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "present/csv.hpp"
#include "present/google_benchmark.hpp"
#include "present/hgrm.hpp"
#include "results/json.hpp"
#include "unit/result_document.hpp"
#include "unit/topology_report.hpp"

namespace bench::testing {
namespace {

TEST(Format, RendersWhatItsNameSays) {
  for (const auto& [name, ending, render, render_series, of_topology] : present::formats()) {
    ASSERT_NE(render == nullptr, render_series == nullptr) << name;
    const std::string text =
        render != nullptr ? render(document()) : render_series(document().series[0]);
    EXPECT_EQ(text == present::to_hgrm(document().series[0]), name == "hgrm") << name;
    EXPECT_EQ(text == results::to_json(document()), name == "json") << name;
    EXPECT_EQ(text == present::to_csv(document()), name == "csv") << name;
    EXPECT_EQ(text == present::to_google_benchmark(document()), name == "google-benchmark") << name;
    EXPECT_TRUE(text.ends_with('\n')) << name;
  }
}

TEST(Format, OfATopologyIsJsonOrAMatrix) {
  for (const present::Format& format : present::formats()) {
    const bool offered =
        std::ranges::find(present::topology_formats(), format.name, &present::Format::name) !=
        present::topology_formats().end();
    EXPECT_EQ(format.render_topology != nullptr, offered) << format.name;
    if (!offered) continue;
    EXPECT_EQ(format.render_topology(report()) == results::to_json(report()),
              format.name == "json");
  }
  EXPECT_EQ(present::topology_formats()[0].name, "json");
}

TEST(Format, FollowsTheEndingOfTheFileAndIsOtherwiseJson) {
  EXPECT_EQ(present::format_of_file("a.csv").name, "csv");
  EXPECT_EQ(present::format_of_file("a.json").name, "json");
  EXPECT_EQ(present::format_of_file("a.hgrm").name, "hgrm");
  EXPECT_EQ(present::format_of_file("a").name, "json");
  EXPECT_EQ(present::format_of_file("-").name, "json");
}

}  // namespace
}  // namespace bench::testing
