#include "results/enclosures.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

#include "present/printable.hpp"
#include "report/html.hpp"
#include "results/json.hpp"
#include "unit/report_documents.hpp"

namespace bench::testing {
namespace {

using results::enclosed;
using results::enclosures_in;
using results::packed;

/// Around the links of a report.
std::string page_with(const std::string& links) {
  return "<!doctype html>\n<meta name=generator content=ringmpsc-bench>\n" + links + "\n</html>\n";
}

/// The same with a link of this base64.
std::string page_with_base64(const std::string& digits) {
  return page_with(
      "<a class=enclosure download=\"a.json.gz\" "
      "href=\"data:application/gzip;base64," +
      digits + "\">a.json</a>");
}

std::string error_of(std::string_view text) {
  const auto found = enclosures_in(text);
  EXPECT_FALSE(found);
  return found ? std::string() : found.error();
}

TEST(Enclosures, AreTheDocumentsOfTheReport) {
  const NamedDocuments documents = small_documents();
  const std::string html = report::to_html(report_of(documents));
  EXPECT_TRUE(results::is_report(html));
  const auto found = enclosures_in(html);
  ASSERT_TRUE(found) << found.error();
  ASSERT_EQ(found->size(), documents.size());
  for (std::size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ((*found)[i].name, documents[i].file);
    const auto read = results::any_from_json((*found)[i].json);
    ASSERT_TRUE(read) << read.error();
    EXPECT_TRUE(*read == documents[i].document) << documents[i].file;
  }
}

TEST(Enclosures, KeepWhateverTheDocumentsHold) {
  const NamedDocuments documents = hostile_documents();
  const auto found = enclosures_in(report::to_html(report_of(documents)));
  ASSERT_TRUE(found) << found.error();
  ASSERT_EQ(found->size(), documents.size());
  for (std::size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ((*found)[i].name, present::printable(documents[i].file));
    const auto read = results::any_from_json((*found)[i].json);
    const auto written = results::any_from_json(
        std::visit([](const auto& one) { return results::to_json(one); }, documents[i].document));
    ASSERT_TRUE(read) << read.error();
    EXPECT_TRUE(*read == *written);
  }
}

TEST(Enclosures, LeaveOutBlanksBetweenTokensOnly) {
  const auto found = enclosures_in(page_with(
      enclosed("a", packed("{\n  \"a b\": \"c \\\" d\",\r\n\t\"e\\\\\": [ 1, 2 ]\n}\n"))));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at(0).json, "{\"a b\":\"c \\\" d\",\"e\\\\\":[1,2]}");
}

TEST(Enclosures, OfAnySizeComeBack) {
  for (std::size_t size = 0; size < 70; ++size) {
    std::string json(size, 'x');
    for (std::size_t i = 0; i < size; ++i) json[i] = static_cast<char>('a' + i * i % 26);
    const auto found = enclosures_in(page_with(enclosed("a", packed(json))));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->at(0).json, json);
  }
}

TEST(Enclosures, AreMissedInAReportWithoutThem) {
  EXPECT_EQ(error_of(page_with("")), "it is a report that carries no documents");
}

TEST(Enclosures, AreNotTakenFromDamagedBase64) {
  for (const char* const digits :
       {"", "!", "H4sI", "H4sIAAAAAAAA", "aGVsbG8gd29ybGQ=", "====", "H4sI\n", "%48", "A"}) {
    EXPECT_EQ(error_of(page_with_base64(digits)), "its document a.json is damaged") << digits;
  }
}

TEST(Enclosures, AreNotTakenWithADamagedByte) {
  const std::string good =
      page_with(enclosed("a.json", packed(R"({"some":"text","more":[1,2,3]})")));
  const std::size_t begin = good.find("base64,") + 7;
  const std::size_t end = good.find('"', begin);
  int damaged = 0;
  for (std::size_t at = begin; at < end; ++at) {
    std::string bad = good;
    bad[at] = bad[at] == 'A' ? 'B' : 'A';
    const auto found = enclosures_in(bad);
    // Some bits of gzip's header mean nothing here.
    if (found) {
      EXPECT_EQ(found->at(0).json, R"({"some":"text","more":[1,2,3]})") << at;
    } else {
      ++damaged;
    }
  }
  EXPECT_GT(damaged, 40);
}

TEST(Enclosures, OfAReportThatIsCutShortAreAnError) {
  const std::string whole =
      page_with(enclosed("a", packed(R"({"a":1})")) + "\n" + enclosed("b", packed(R"({"b":2})")));
  ASSERT_TRUE(enclosures_in(whole));
  for (std::size_t size = 0; size + 8 < whole.size(); ++size) {
    EXPECT_FALSE(enclosures_in(std::string_view(whole).substr(0, size))) << size;
  }
}

TEST(Enclosures, ThatWouldTakeMoreMemoryThanADocumentAreAnError) {
  const std::string bomb(1'000'000, '[');
  const std::string page = page_with(enclosed("a", packed(bomb)) + enclosed("b", packed(bomb)));
  EXPECT_LT(page.size(), 10'000U);
  EXPECT_TRUE(enclosures_in(page, 2'000'000));
  EXPECT_FALSE(enclosures_in(page, 1'999'999)) << "the limit is for all documents together";
  EXPECT_FALSE(enclosures_in(page, 100));
}

TEST(Enclosures, AreLookedForInReportsOnly) {
  EXPECT_FALSE(results::is_report(""));
  EXPECT_FALSE(results::is_report("{}"));
  EXPECT_FALSE(results::is_report("<!doctype html><title>other</title>"));
  EXPECT_TRUE(results::is_report(page_with("")));
}

}  // namespace
}  // namespace bench::testing
