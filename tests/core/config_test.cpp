// Config: defaults, presets, and errors that name the bad value.

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "ringmpsc/ringmpsc.hpp"

namespace ringmpsc::testing {
namespace {

/// The error text with which `make` is refused; empty if it is accepted.
template <class Make>
std::string refusal(Make make) {
  try {
    make();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

TEST(ChannelConfig, DefaultsToSixteenProducersOf65536Slots) {
  const Config config;
  EXPECT_EQ(config.ring_bits, 16U);
  EXPECT_EQ(config.ring_capacity(), 65'536U);
  EXPECT_EQ(config.max_producers, 16U);
  EXPECT_FALSE(config.enable_metrics);
}

TEST(ChannelConfig, PresetsAreValidAndHaveTheirDocumentedValues) {
  static_assert(presets::low_latency.ring_bits == 12 && presets::low_latency.max_producers == 16);
  static_assert(presets::high_throughput.ring_bits == 18 &&
                presets::high_throughput.max_producers == 32);
  static_assert(presets::standard.ring_bits == 16 && presets::standard.max_producers == 16);
  static_assert(presets::low_latency.ring_capacity() == 4'096);
  static_assert(presets::high_throughput.ring_capacity() == 262'144);
  for (const Config& config : {presets::low_latency, presets::standard, presets::high_throughput}) {
    EXPECT_NO_THROW(config.validate());
    EXPECT_FALSE(config.enable_metrics);
    EXPECT_NO_THROW(Channel<std::uint8_t>{config});
  }
}

TEST(ChannelConfig, EveryValueInRangeIsAccepted) {
  for (unsigned bits = 1; bits <= 20; ++bits) {
    for (unsigned producers = 1; producers <= 128; ++producers) {
      EXPECT_NO_THROW((Config{.ring_bits = bits, .max_producers = producers}.validate()));
    }
  }
}

TEST(ChannelConfig, AnErrorNamesTheFieldItsValueAndItsRange) {
  EXPECT_EQ(refusal([] { Config{.ring_bits = 0}.validate(); }),
            "ring_bits = 0: must be between 1 and 20");
  EXPECT_EQ(refusal([] { Config{.ring_bits = 21}.validate(); }),
            "ring_bits = 21: must be between 1 and 20");
  EXPECT_EQ(refusal([] { Config{.max_producers = 0}.validate(); }),
            "max_producers = 0: must be between 1 and 128");
  EXPECT_EQ(refusal([] { Config{.max_producers = 129}.validate(); }),
            "max_producers = 129: must be between 1 and 128");
  EXPECT_EQ(refusal([] { Config{.ring_bits = 4'294'967'295U}.validate(); }),
            "ring_bits = 4294967295: must be between 1 and 20");
}

TEST(ChannelConfig, ChannelsAndRingsRefuseABadValueWhenTheyAreMade) {
  EXPECT_EQ(refusal([] { const Channel<int> channel({.ring_bits = 25}); }),
            "ring_bits = 25: must be between 1 and 20");
  EXPECT_EQ(refusal([] { const Channel<int> channel({.max_producers = 1000}); }),
            "max_producers = 1000: must be between 1 and 128");
  EXPECT_EQ(refusal([] { const Ring<int> ring(0); }), "ring_bits = 0: must be between 1 and 20");
  EXPECT_EQ(refusal([] { const Ring<int> ring(21); }), "ring_bits = 21: must be between 1 and 20");
}

TEST(ChannelConfig, CanBeCheckedAtCompileTime) {
  static_assert([] {
    presets::low_latency.validate();
    return true;
  }());
}

}  // namespace
}  // namespace ringmpsc::testing
