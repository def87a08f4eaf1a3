// The atomic type that the model checker gives the core, and the headers of the core built on it.
//
// Each operation is the checker's, with the order that the core asked for, unless a test weakens
// that order. Such a test expects the simulation to fail, which shows that the checker sees errors.
// Each object also checks its lifetime: it is a data race if a thread uses the object but has not
// yet seen its construction, or destroys the object but has not yet seen its last use.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <source_location>
#include <string_view>
#include <type_traits>

#include "model/relacy_headers.hpp"

namespace ringmpsc::model {

inline rl::debug_info at(const std::source_location& where) {
  return {where.function_name(), where.file_name(), static_cast<unsigned>(where.line())};
}

/// What the core keeps in atomics: sequences and counts, flags, and the states of channel slots.
enum class Kind : std::uint8_t { number, flag, state };
enum class Operation : std::uint8_t { load, store, rmw };

/// Replaces the order `from` by `to` wherever `thread` does `operation` on an atomic of this kind
/// in a function whose name, with its class and parameters, contains `function`. In a program whose
/// threads have one role each, this weakens one side of one of the core's pairs.
struct Weakening {
  Kind kind;
  Operation operation;
  unsigned thread;
  std::memory_order from;
  std::memory_order to;
  std::string_view function = {};
};

constexpr Weakening relaxed_store(Kind kind, unsigned thread) {
  return {kind, Operation::store, thread, std::memory_order_release, std::memory_order_relaxed};
}
constexpr Weakening relaxed_load(Kind kind, unsigned thread, std::string_view function = {}) {
  return {kind,    Operation::load, thread, std::memory_order_acquire, std::memory_order_relaxed,
          function};
}
constexpr Weakening relaxed_rmw(Kind kind, unsigned thread, std::string_view function = {}) {
  return {kind,    Operation::rmw, thread, std::memory_order_release, std::memory_order_relaxed,
          function};
}

/// While this is set, it applies to the simulations that are run.
inline std::optional<Weakening> weakening;

inline rl::memory_order checked_order(Kind kind, Operation operation, std::memory_order order,
                                      const std::source_location& where) {
  if (weakening && weakening->kind == kind && weakening->operation == operation &&
      weakening->from == order && weakening->thread == rl::thread_index() &&
      std::string_view(where.function_name()).contains(weakening->function)) {
    order = weakening->to;
  }
  switch (order) {
    case std::memory_order_relaxed:
      return rl::mo_relaxed;
    case std::memory_order_consume:
      return rl::mo_consume;
    case std::memory_order_acquire:
      return rl::mo_acquire;
    case std::memory_order_release:
      return rl::mo_release;
    case std::memory_order_acq_rel:
      return rl::mo_acq_rel;
    case std::memory_order_seq_cst:
      break;
  }
  return rl::mo_seq_cst;
}

/// The part of std::atomic that the core uses. It has no default orders, because the core
/// names every order.
template <class T>
class Atomic {
  using Where = std::source_location;

 public:
  explicit(false) Atomic(T value) : value_(raw(value)), lifetime_(0) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;
  ~Atomic() { lifetime_(at(Where::current())).store(1); }

  T load(std::memory_order order, Where where = Where::current()) const {
    use(where);
    return cooked(value_.load(checked_order(kKind, Operation::load, order, where), at(where)));
  }
  void store(T value, std::memory_order order, Where where = Where::current()) {
    use(where);
    value_.store(raw(value), checked_order(kKind, Operation::store, order, where), at(where));
  }
  T exchange(T value, std::memory_order order, Where where = Where::current()) {
    use(where);
    return cooked(
        value_.exchange(raw(value), checked_order(kKind, Operation::rmw, order, where), at(where)));
  }
  T fetch_add(T value, std::memory_order order, Where where = Where::current()) {
    use(where);
    return cooked(value_.fetch_add(raw(value), checked_order(kKind, Operation::rmw, order, where),
                                   at(where)));
  }
  bool compare_exchange_strong(T& expected, T desired, std::memory_order order,
                               Where where = Where::current()) {
    use(where);
    Raw found = raw(expected);
    const bool exchanged = value_.compare_exchange_strong(
        found, raw(desired), checked_order(kKind, Operation::rmw, order, where), at(where));
    expected = cooked(found);
    return exchanged;
  }

 private:
  using Raw = std::uint64_t;  // the checker can print it, unlike an enumeration

  static constexpr Kind kKind = std::is_same_v<T, bool> ? Kind::flag
                                : std::is_integral_v<T> ? Kind::number
                                                        : Kind::state;

  static Raw raw(T value) { return static_cast<Raw>(value); }
  static T cooked(Raw value) { return static_cast<T>(value); }
  void use(const Where& where) const { static_cast<void>(lifetime_(at(where)).load()); }

  rl::atomic<Raw> value_;
  mutable rl::var<int> lifetime_;
};

}  // namespace ringmpsc::model

#ifdef RINGMPSC_ATOMIC
#error "include model/model_atomic.hpp before the core"
#endif
#define RINGMPSC_ATOMIC ::ringmpsc::model::Atomic

#include "ringmpsc/channel.hpp"
#include "ringmpsc/ring.hpp"
