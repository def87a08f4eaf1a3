// oneTBB's concurrent_bounded_queue.

#include <oneapi/tbb/concurrent_queue.h>

#include <cstddef>

#include "workload/trial_of.hpp"

namespace bench::workload::tbb_bounded {

template <class M>
class TbbBounded : public TryQueue<M, tbb::concurrent_bounded_queue<M>> {
 public:
  explicit TbbBounded(const QueueOptions& options) {
    this->queue_.set_capacity(static_cast<std::ptrdiff_t>(options.slots));
  }
};

const InTable kInTable(entry_of<TbbBounded>({.name = "tbb-bounded",
                                             .kind = QueueKind::mpmc,
                                             .order = "total",
                                             .progress = "blocking",
                                             .version = RINGMPSC_PACKAGE_VERSION,
                                             .package = "libtbb-dev",
                                             .link = "tbb"}));

}  // namespace bench::workload::tbb_bounded
