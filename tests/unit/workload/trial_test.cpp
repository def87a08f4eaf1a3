#include "workload/trial.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

namespace bench::workload {
namespace {

/// A ring of 2^12 slots with messages of so many bytes.
std::uint64_t bytes_of(std::optional<Layout> layout, std::size_t payload) {
  Spec spec;
  spec.ring_bits = 12;
  spec.layout = layout;
  spec.payload_bytes = payload;
  return ring_bytes(spec);
}

TEST(RingBytes, AreThoseOfTheLayout) {
  EXPECT_EQ(bytes_of(Layout::dense, 8), 4096U * 8);
  EXPECT_EQ(bytes_of(std::nullopt, 8), 4096U * 8);
  EXPECT_EQ(bytes_of(Layout::celled, 4), 293U * 64) << "14 in a cell of 64";
  EXPECT_EQ(bytes_of(Layout::celled, 8), 586U * 64) << "7 in a cell of 64";
  EXPECT_EQ(bytes_of(Layout::celled, 16), 4096U * 24) << "each with its sequence";
  EXPECT_EQ(bytes_of(Layout::celled, 1024), 4096U * 1032);
}

}  // namespace
}  // namespace bench::workload
