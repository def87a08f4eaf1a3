// xenium's bounded queue after Dmitry Vyukov.

#include <xenium/vyukov_bounded_queue.hpp>

#include "workload/trial_of.hpp"

namespace bench::workload::xenium_vyukov {

template <class M>
class XeniumVyukov : public TryQueue<M, xenium::vyukov_bounded_queue<M>> {
 public:
  explicit XeniumVyukov(const QueueOptions& options) : XeniumVyukov::TryQueue(options.slots) {}
};

const InTable kInTable(entry_of<XeniumVyukov>({.name = "xenium-vyukov",
                                               .kind = QueueKind::mpmc,
                                               .order = "total",
                                               .progress = "blocking",
                                               .version = RINGMPSC_PACKAGE_VERSION,
                                               .package = "libxenium-dev",
                                               .power_of_two_slots = true}));

}  // namespace bench::workload::xenium_vyukov
