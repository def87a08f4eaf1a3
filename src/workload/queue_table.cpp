// The queues that can be measured, a line each. Their adapters are in queues/.

#include <array>
#include <span>

#include "queue_libraries.hpp"
#include "workload/trial.hpp"

namespace bench::workload {

// In start/, in a translation unit each: a queue is hundreds of loops for the compiler. They are
// declared here alone, so that one more of them compiles none of the others again. Those of
// libraries that are not there are not defined.
Start start_ringmpsc;
Start start_mutex_ring;
Start start_boost_spsc;
Start start_boost_queue;
Start start_moodycamel_spsc;
Start start_moodycamel_concurrent;
Start start_atomic_queue_spsc;
Start start_atomic_queue_mpmc;
Start start_tbb_bounded;
Start start_xenium_vyukov;
Start start_xenium_ramalhete;
Start start_hand_off;
Start start_bounce;

namespace {

using enum QueueKind;

constexpr QueueEntry kQueues[] = {
    {"ringmpsc", mpsc, "per producer", "wait-free", kOurVersion, start_ringmpsc, true, true},
    {"mutex-ring", mpmc, "total", "blocking", kOurVersion, start_mutex_ring},
#if RINGMPSC_HAVE_BOOST
    {"boost-spsc", spsc, "total", "wait-free", kBoostVersion, start_boost_spsc},
    {"boost-queue", mpmc, "total", "lock-free", kBoostVersion, start_boost_queue},
#else
    {"boost-spsc", spsc, "total", "wait-free", "", nullptr},
    {"boost-queue", mpmc, "total", "lock-free", "", nullptr},
#endif
#if RINGMPSC_HAVE_MOODYCAMEL
    {"moodycamel-spsc", spsc, "total", "wait-free", kReaderWriterQueueVersion,
     start_moodycamel_spsc},
    {"moodycamel-concurrent", mpmc, "per producer", "lock-free", kConcurrentQueueVersion,
     start_moodycamel_concurrent},
#else
    {"moodycamel-spsc", spsc, "total", "wait-free", "", nullptr},
    {"moodycamel-concurrent", mpmc, "per producer", "lock-free", "", nullptr},
#endif
#if RINGMPSC_HAVE_ATOMIC_QUEUE
    {"atomic-queue-spsc", spsc, "total", "lock-free", kAtomicQueueVersion, start_atomic_queue_spsc},
    {"atomic-queue", mpmc, kNoOrder, "blocking", kAtomicQueueVersion, start_atomic_queue_mpmc},
#else
    {"atomic-queue-spsc", spsc, "total", "lock-free", "", nullptr},
    {"atomic-queue", mpmc, kNoOrder, "blocking", "", nullptr},
#endif
#if RINGMPSC_HAVE_TBB
    {"tbb-bounded", mpmc, "total", "blocking", kTbbVersion, start_tbb_bounded},
#else
    {"tbb-bounded", mpmc, "total", "blocking", "", nullptr},
#endif
#if RINGMPSC_HAVE_XENIUM
    {"xenium-vyukov", mpmc, "total", "blocking", kXeniumVersion, start_xenium_vyukov},
    {"xenium-ramalhete", mpmc, "total", "lock-free", kXeniumVersion, start_xenium_ramalhete},
#else
    {"xenium-vyukov", mpmc, "total", "blocking", "", nullptr},
    {"xenium-ramalhete", mpmc, "total", "lock-free", "", nullptr},
#endif
    {"hand-off", limit, "total", "blocking", kOurVersion, start_hand_off, true},
    {"bounce", limit, "total", "blocking", kOurVersion, start_bounce},
};

}  // namespace

std::span<const QueueEntry> queue_table() noexcept { return kQueues; }

}  // namespace bench::workload
