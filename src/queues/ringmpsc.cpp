// This project's channel.

#include "queues/ringmpsc.hpp"

namespace bench::workload::our_channel {

const InTable kInTable(entry_of_ours<Celled, Dense>());

}  // namespace bench::workload::our_channel
