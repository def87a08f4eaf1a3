// The table of the queues that can be measured. Each file of src/queues/ enters one queue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "machine/placement.hpp"
#include "workload/queue.hpp"
#include "workload/spec.hpp"
#include "workload/trial.hpp"

namespace bench::workload {

/// How many threads may use a queue at its two ends.
enum class QueueKind : std::uint8_t {
  spsc,
  mpsc,
  mpmc,
  limit,  ///< not a queue, but the most that the machine can do
};

/// This project's queue, with which the others are compared.
inline constexpr std::string_view kOurQueue = "ringmpsc";

/// The order of a queue that keeps none. Its messages may arrive late without a fault.
inline constexpr std::string_view kNoOrder = "none";

/// Makes the queue for messages of so many bytes, without its type; see any_queue.hpp.
class AnyQueue;
using MakeAny = std::unique_ptr<AnyQueue>(std::size_t bytes, const QueueOptions& options);

using Started = std::unique_ptr<RunningTrial>;

/// Starts a trial of the queue whose name is spec.queue.
using Start = Started(const Spec& spec, const machine::Placement& placement);

/// A queue, what it promises and what it requires.
struct QueueEntry {
  std::string_view name;  ///< as in --queue: the file's name, with - for _
  QueueKind kind = QueueKind::mpmc;
  /// The order that the queue keeps: "total", "per producer", or kNoOrder.
  std::string_view order = "total";
  std::string_view progress = "blocking";  ///< the guarantee: wait-free, lock-free or blocking
  std::string_view version = "unknown";
  std::string_view package = {};    ///< its Debian package, if there is one; the build reads this
  std::string_view link = {};       ///< the library to link, if it needs one; the build reads this
  bool power_of_two_slots = false;  ///< the number of slots must be a power of two
  /// Memory stays with the producer that took it: another one may be refused for ever.
  bool may_starve = false;

  // The following are filled in by entry_of() (trial_of.hpp), from the adapter's type.
  std::span<const std::size_t> payloads = {};  ///< message sizes in bytes, ascending
  bool in_place = false;                       ///< batches can be written where they are read
  bool deferred = false;                       ///< single pushes can be staged
  bool metrics = false;                        ///< it counts what its ends do
  bool layouts = false;                        ///< its rings have the layout that the spec names
  Start* start = nullptr;                      ///< null if the queue is not built in
  MakeAny* make_any = nullptr;
};

/// Keeps a queue in the table for as long as this object exists. Each queue's file has one at
/// namespace scope.
class InTable {
 public:
  explicit InTable(const QueueEntry& entry) noexcept;
  InTable(const InTable&) = delete;
  InTable& operator=(const InTable&) = delete;
  ~InTable();

 private:
  friend std::vector<QueueEntry> queue_table();
  friend std::optional<QueueEntry> find_queue(std::string_view name);

  QueueEntry entry_;
  InTable* next_;
};

/// Every queue that this program knows: ours first, then the others by name, and the limits last.
/// Throws machine::CannotMeasure if two queues have the same name.
[[nodiscard]] std::vector<QueueEntry> queue_table();

/// The entry with this name; null if there is none.
[[nodiscard]] std::optional<QueueEntry> find_queue(std::string_view name);

/// The options that a trial of this spec makes its queue with.
[[nodiscard]] QueueOptions queue_options(const Spec& spec);

/// The name of the limit that no queue can exceed in this pattern.
[[nodiscard]] std::string_view limit_of(Pattern pattern) noexcept;

/// Whether the spec measures the machine's limit and no queue.
[[nodiscard]] bool is_limit(const Spec& spec) noexcept;

/// Starts the threads of a trial of spec.queue. Throws machine::CannotMeasure if the threads cannot
/// be started, and std::invalid_argument if the spec's queue or payload is not built in.
[[nodiscard]] Started start_trial(const Spec& spec, const machine::Placement& placement);

}  // namespace bench::workload
