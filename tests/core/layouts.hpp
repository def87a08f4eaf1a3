// The two layouts of a ring, as the parameters of typed tests: what is true of every ring is tested
// for both.
//
//   template <class L>
//   class Lifetime : public ::testing::Test {};
//   TYPED_TEST_SUITE(Lifetime, BothLayouts, LayoutName);
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "ringmpsc/channel.hpp"

namespace ringmpsc::testing {

template <Layout L>
struct LayoutParameter {
  static constexpr Layout kLayout = L;
};
using Celled = LayoutParameter<Layout::celled>;
using Dense = LayoutParameter<Layout::dense>;
using BothLayouts = ::testing::Types<Celled, Dense>;

struct LayoutName {
  template <class L>
  static std::string GetName(int) {  // NOLINT(readability-identifier-naming): Google Test calls it
    return L::kLayout == Layout::celled ? "Celled" : "Dense";
  }
};

template <class T, class L, std::size_t Extent = std::dynamic_extent>
using RingOf = Ring<T, Extent, L::kLayout>;
template <class T, class L, std::size_t Extent = std::dynamic_extent>
using SenderOf = Sender<T, Extent, L::kLayout>;
template <class T, class L, std::size_t Extent = std::dynamic_extent>
using ReceiverOf = Receiver<T, Extent, L::kLayout>;
template <class T, class L, std::size_t Extent = std::dynamic_extent>
using ReservationOf = Reservation<T, Extent, L::kLayout>;
template <class T, class L>
using ChannelOf = Channel<T, L::kLayout>;
template <class T, class L>
using ProducerOf = Producer<T, L::kLayout>;
template <class T, class L>
using ConsumerOf = Consumer<T, L::kLayout>;

/// The greatest number of messages that lie one behind the other in a ring of `capacity` slots.
template <class T, class L>
constexpr std::size_t longest_run(std::size_t capacity) {
  return L::kLayout == Layout::dense ? capacity : detail::kCellMessages<T>;
}

/// The number of places from that of `sequence` to the end of its run.
template <class T, class L>
constexpr std::size_t to_end_of_run(std::uint64_t sequence, std::size_t capacity) {
  const std::size_t run = longest_run<T, L>(capacity);
  return run - static_cast<std::size_t>(sequence % run);
}

}  // namespace ringmpsc::testing
