// Enters the faulty queue into the table three times: under the name of our queue, under its
// own, which the command stress takes for another queue, and as a limit.

#include "faulty/faulty_queue.hpp"
#include "workload/trial_of.hpp"

namespace bench::testing {
namespace {

const workload::InTable kFaulty(
    workload::entry_of<FaultyQueue, 8>({.name = workload::kOurQueue,
                                        .kind = workload::QueueKind::mpsc,
                                        .order = "per producer",
                                        .version = "faulty"}));
const workload::InTable kNamedFaulty(
    workload::entry_of<FaultyQueue, 8>({.name = "faulty",
                                        .kind = workload::QueueKind::mpsc,
                                        .order = "per producer",
                                        .version = "faulty"}));
const workload::InTable kBounce(workload::entry_of<FaultyQueue, 8>(
    {.name = "bounce", .kind = workload::QueueKind::limit, .version = "faulty"}));

}  // namespace
}  // namespace bench::testing
