// The queues that can be measured: each file of src/queues/ enters one into the table.
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
  limit,  ///< no queue, but the most that the machine can do
};

/// This project's queue, with which the others are compared.
inline constexpr std::string_view kOurQueue = "ringmpsc";

/// The order of a queue that keeps none: its messages may come late without a fault.
inline constexpr std::string_view kNoOrder = "none";

using Started = std::unique_ptr<RunningTrial>;

/// Starts a trial of one queue, whose name is spec.queue.
using Start = Started(const Spec& spec, const machine::Placement& placement);

/// A queue, what it promises and what it requires.
struct QueueEntry {
  std::string_view name;  ///< as --queue has it: the file's, with - for _
  QueueKind kind = QueueKind::mpmc;
  /// What stays in order: "total", "per producer", or kNoOrder.
  std::string_view order = "total";
  std::string_view progress = "blocking";  ///< what a thread's operation depends on
  std::string_view version = "unknown";
  std::string_view package =
      {};                      ///< the Debian package that has it, if one has; the build reads it
  std::string_view link = {};  ///< the library to link, if one is needed; the build reads it
  bool power_of_two_slots = false;  ///< it must be made with a power of two of slots

  // What entry_of() (trial_of.hpp) finds out from the adapter.
  std::span<const std::size_t> payloads = {};  ///< message sizes in bytes, ascending
  bool in_place = false;                       ///< batches can be written where they are read
  bool deferred = false;                       ///< single pushes can be staged
  Start* start = nullptr;                      ///< null if the queue is not built in
};

/// Enters a queue into the table while it exists: an object at namespace scope in the queue's file.
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

/// Every queue that this program knows: ours first, the limits last, the others by name. Throws
/// machine::CannotMeasure if two have the same name.
[[nodiscard]] std::vector<QueueEntry> queue_table();

/// The entry of this name, if there is one.
[[nodiscard]] std::optional<QueueEntry> find_queue(std::string_view name);

/// What a trial of the spec makes its queue with.
[[nodiscard]] QueueOptions queue_options(const Spec& spec);

/// The name of what no queue can be faster than, for a spec of this pattern.
[[nodiscard]] std::string_view limit_of(Pattern pattern) noexcept;

/// Starts the threads of a trial of spec.queue. Throws machine::CannotMeasure if threads cannot be
/// had, std::invalid_argument for a spec that names no queue or no payload that is built in.
[[nodiscard]] Started start_trial(const Spec& spec, const machine::Placement& placement);

}  // namespace bench::workload
