// oneTBB's concurrent_bounded_queue.
#pragma once

#include <oneapi/tbb/concurrent_queue.h>

#include <cstddef>

#include "queues/try_queue.hpp"

namespace bench::queues {

template <class M>
class TbbBounded : public TryQueue<M, tbb::concurrent_bounded_queue<M>> {
 public:
  explicit TbbBounded(const QueueOptions& options) {
    this->queue_.set_capacity(
        static_cast<std::ptrdiff_t>((std::size_t{1} << options.ring_bits) * options.producers));
  }
};

}  // namespace bench::queues
