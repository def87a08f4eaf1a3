// Threads that all run the same function.
#pragma once

#include <cstddef>
#include <thread>
#include <vector>

namespace ringmpsc::testing {

/// Starts `count` threads; thread i runs `f(i)`. They are joined when the vector is cleared or
/// destroyed.
template <class F>
[[nodiscard]] std::vector<std::jthread> start_threads(std::size_t count, F f) {
  std::vector<std::jthread> threads;
  threads.reserve(count);
  for (std::size_t i = 0; i < count; ++i) threads.emplace_back(f, i);
  return threads;
}

}  // namespace ringmpsc::testing
