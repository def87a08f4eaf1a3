// Everything that a queue's file needs: the interface of a queue under test, its entry in the
// table, and the trials of its type.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "machine/placement.hpp"
#include "workload/any_queue.hpp"
#include "workload/message.hpp"
#include "workload/one_way.hpp"
#include "workload/queue.hpp"
#include "workload/queue_table.hpp"
#include "workload/round_trip.hpp"
#include "workload/stream.hpp"
#include "workload/try_queue.hpp"

namespace bench::workload {

/// Starts a trial of queue Q with messages M. Chooses the loops that the spec asks for, once.
template <class Q, class M>
Started start_trial_with(const Spec& spec, const machine::Placement& placement) {
  switch (spec.pattern) {
    case Pattern::stream:
      return std::make_unique<StreamOf<Q, M>>(spec, placement);
    case Pattern::round_trip:
      return std::make_unique<RoundTripOf<Q, M>>(spec, placement);
    case Pattern::one_way:
      return std::make_unique<OneWayOf<Q, M>>(spec, placement);
  }
  std::unreachable();
}

/// Starts a trial of the queue template Q with messages of one of these sizes.
template <template <class> class Q, std::size_t... Bytes>
Started start_trial_of(const Spec& spec, const machine::Placement& placement) {
  Started trial;
  const bool found =
      ((spec.payload_bytes == Bytes &&
        (trial = start_trial_with<Q<Message<Bytes>>, Message<Bytes>>(spec, placement))) ||
       ...);
  if (!found) {
    throw std::invalid_argument("payload of " + std::to_string(spec.payload_bytes) +
                                " bytes: no message of this size is built in");
  }
  return trial;
}

template <std::size_t... Bytes>
inline constexpr std::array<std::size_t, sizeof...(Bytes)> kPayloadList = {Bytes...};

/// The entry of the queue template Q with messages of these sizes. Completes the entry that the
/// queue's file gives with what the type can do.
template <template <class> class Q, std::size_t... Bytes>
  requires(sizeof...(Bytes) > 0)
[[nodiscard]] constexpr QueueEntry entry_of(QueueEntry entry) {
  using M = Message<kPayloadList<Bytes...>.front()>;
  using Producer = decltype(std::declval<Q<M>&>().producer());
  entry.payloads = kPayloadList<Bytes...>;
  entry.in_place = requires(Producer producer) { producer.produce(1, [](std::span<M>) {}); };
  entry.deferred = requires(Producer producer) { std::move(producer).deferred(); };
  entry.metrics =
      requires(decltype(std::declval<Q<M>&>().consumer()) consumer) { consumer.metrics(); };
  entry.start = start_trial_of<Q, Bytes...>;
  entry.make_any = make_any_queue<Q, Bytes...>;
  return entry;
}

/// The same with the sizes that every queue is measured with. Each additional size is one more set
/// of loops to compile.
template <template <class> class Q>
[[nodiscard]] constexpr QueueEntry entry_of(QueueEntry entry) {
  return entry_of<Q, 8, 32, 64, 256>(entry);
}

}  // namespace bench::workload
