// Whatever documents can be read, a report of them can be made.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>

#include "report/html.hpp"
#include "report/markdown.hpp"
#include "unit/json_places.hpp"
#include "unit/report_documents.hpp"

namespace bench::testing {
namespace {

/// The first figure for a chart that no chart can draw.
std::string odd_figure_in(const std::string& html) {
  for (const char* const attribute :
       {" data-v=\"", " data-lo=\"", " data-hi=\"", " data-d=\"", " data-factor=\""}) {
    for (std::size_t at = html.find(attribute); at != std::string::npos;
         at = html.find(attribute, at + 1)) {
      const std::size_t begin = html.find('"', at) + 1;
      const std::string value = html.substr(begin, html.find('"', begin) - begin);
      if (value.find_first_not_of("0123456789.e+- ") != std::string::npos) return value;
    }
  }
  return {};
}

/// Puts other values in every place of the document, and reports what is still read beside the same
/// document of another machine and a further run of it.
void expect_reported(const results::AnyDocument& good) {
  results::AnyDocument elsewhere = good;
  if (auto* const result = std::get_if<results::Document>(&elsewhere)) {
    result->host.hostname = "another";
  }
  const std::string text = std::visit([](const auto& one) { return results::to_json(one); }, good);
  const nlohmann::json values = nlohmann::json::parse(text);
  int made = 0;
  for (const auto& place : places(values)) {
    for (const char* const other : {"null", "\"text\"", "0", "1e300", "1e-320"}) {
      nlohmann::json odd = values;
      odd[place] = nlohmann::json::parse(other);
      auto read = results::any_from_json(odd.dump());
      if (!read) continue;
      ++made;
      const NamedDocuments documents = {{.file = "good", .document = good},
                                        {.file = "odd", .document = *std::move(read)},
                                        {.file = "elsewhere", .document = elsewhere}};
      EXPECT_NO_THROW({
        const report::Report report =
            report::make_report(analysis::sorted_by_machine(documents), "now");
        EXPECT_EQ(odd_figure_in(to_html(report)), "") << place.to_string() << " " << other;
        static_cast<void>(to_markdown(report));
      }) << place.to_string()
         << " " << other;
    }
  }
  EXPECT_GT(made, 50);
}

TEST(AnyReport, OfAResultIsMadeWhateverItsValuesAre) { expect_reported(document()); }

TEST(AnyReport, OfTheMachineIsMadeWhateverItsValuesAre) { expect_reported(report()); }

TEST(AnyReport, OfVerdictsIsMadeWhateverItsValuesAre) {
  expect_reported(verdicts());
  expect_reported(verdicts_of_runs());
}

TEST(AnyReport, OfAStressIsMadeWhateverItsValuesAre) { expect_reported(failed_stress()); }

TEST(AnyReport, OfNothingIsMade) {
  EXPECT_NO_THROW(static_cast<void>(to_html(report_of({}))));
  EXPECT_NO_THROW(static_cast<void>(to_markdown(report_of({}))));
}

}  // namespace
}  // namespace bench::testing
