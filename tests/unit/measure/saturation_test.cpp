// Tests which rates a throughput-latency curve has, up to the one that saturates the queue.

#include "measure/saturation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "unit/result_document.hpp"

namespace bench::measure {
namespace {

results::Document achieved(double rate) {
  results::Document document = testing::document();
  document.series[0].latency->load =
      results::OfferedLoad{.offered_rate = 1e12, .achieved_rate = rate, .saturated = true};
  return document;
}

std::vector<std::string> texts(const std::vector<Rate>& rates) {
  std::vector<std::string> all(rates.size());
  std::ranges::transform(rates, all.begin(), &Rate::text);
  return all;
}

TEST(Saturation, HasRatesBelowAndAboveIt) {
  EXPECT_EQ(texts(rates_up_to_saturation(achieved(13.24e6))),
            (std::vector<std::string>{"130k", "1300k", "4M", "6600k", "9300k", "11M", "12M", "13M",
                                      "16M"}));
}

TEST(Saturation, HasRatesWhoseTextsMatchTheirValues) {
  for (const Rate& rate : rates_up_to_saturation(achieved(98'765))) {
    std::uint64_t value = std::stoull(rate.text);
    if (rate.text.ends_with('k')) value *= 1'000;
    EXPECT_EQ(static_cast<double>(value), rate.per_second) << rate.text;
  }
}

TEST(Saturation, OfAlmostNothingHasEachRateOnce) {
  const auto rates = rates_up_to_saturation(achieved(3));
  ASSERT_FALSE(rates.empty());
  for (std::size_t i = 1; i < rates.size(); ++i) {
    EXPECT_LT(rates[i - 1].per_second, rates[i].per_second);
  }
  EXPECT_TRUE(rates_up_to_saturation(achieved(0)).empty());
}

TEST(Saturation, OfDifferentQueuesHasRatesForTheSlowestAndTheFastest) {
  results::Document document = achieved(1e6);
  document.series.push_back(achieved(50e6).series[0]);
  EXPECT_EQ(texts(rates_up_to_saturation(document)),
            (std::vector<std::string>{"10k", "100k", "300k", "500k", "700k", "800k", "900k", "1M",
                                      "1200k", "15M", "25M", "35M", "40M", "45M", "50M", "60M"}));
  document.series[1].latency->load->achieved_rate = 1.4e6;
  EXPECT_EQ(rates_up_to_saturation(document).size(), 9U) << "the queues are alike";
}

TEST(Overload, IsShortWhateverTheRequestIs) {
  Request request;
  request.up_to_saturation = true;
  request.spec.duration_s.reset();
  request.spec.messages_per_producer = 1'000'000'000;
  const Request overload = overloaded(request);
  EXPECT_FALSE(overload.up_to_saturation);
  EXPECT_EQ(overload.spec.messages_per_producer, std::nullopt);
  EXPECT_LE(overload.spec.duration_s.value(), 0.1);
  EXPECT_GT(overload.spec.rate.value(), 1e11);
}

}  // namespace
}  // namespace bench::measure
