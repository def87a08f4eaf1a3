// Producers, as many as a test wants.
#pragma once

#include <cstddef>
#include <vector>

#include "ringmpsc/channel.hpp"

namespace ringmpsc::testing {

template <class T, Layout L>
std::vector<Producer<T, L>> register_many(Channel<T, L>& channel, std::size_t count) {
  std::vector<Producer<T, L>> producers;
  producers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) producers.push_back(channel.register_producer().value());
  return producers;
}

}  // namespace ringmpsc::testing
