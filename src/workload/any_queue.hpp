// A queue under test whose type is forgotten: for work on it that need not be fast.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "workload/message.hpp"
#include "workload/queue.hpp"

namespace bench::workload {

/// Bytes of messages that lie one after the other.
using Bytes = std::span<const std::byte>;

/// A producing end; see ProducingEnd. Each message has the size that its queue was made for.
class AnyProducer {
 public:
  AnyProducer() = default;
  AnyProducer(const AnyProducer&) = delete;
  AnyProducer& operator=(const AnyProducer&) = delete;
  virtual ~AnyProducer() = default;

  virtual bool push(Bytes message) = 0;
  /// Returns the number of messages that were sent, from the first on.
  virtual std::size_t send(Bytes messages) = 0;
  /// Writes at most `count` messages in place: calls `write` with the place of each. Returns their
  /// number.
  virtual std::size_t produce(std::size_t count,
                              const std::function<void(std::span<std::byte>)>& write) = 0;
  /// From now on pushes are staged. False if the queue cannot.
  virtual bool defer() = 0;
  /// Number of messages that are staged.
  [[nodiscard]] virtual std::size_t staged() const = 0;
  virtual bool flush() = 0;
};

class AnyConsumer {
 public:
  AnyConsumer() = default;
  AnyConsumer(const AnyConsumer&) = delete;
  AnyConsumer& operator=(const AnyConsumer&) = delete;
  virtual ~AnyConsumer() = default;

  /// Calls `read` with each message that it takes. Returns their number, 0 only if there was none.
  virtual std::size_t consume(const std::function<void(Bytes message)>& read) = 0;
};

class AnyQueue {
 public:
  AnyQueue() = default;
  AnyQueue(const AnyQueue&) = delete;
  AnyQueue& operator=(const AnyQueue&) = delete;
  virtual ~AnyQueue() = default;

  /// Called once for each producer, on its thread.
  virtual std::unique_ptr<AnyProducer> producer() = 0;
  /// Called once, on the consumer's thread.
  virtual std::unique_ptr<AnyConsumer> consumer() = 0;
};

/// The type of an end that stages pushes, if the queue has one.
template <class P>
struct DeferredEnd {
  struct None {};
  using Type = None;
};
template <class P>
  requires requires(P producer) { std::move(producer).deferred(); }
struct DeferredEnd<P> {
  using Type = decltype(std::declval<P>().deferred());
};

template <class M, class P>
class AnyProducerOf final : public AnyProducer {
 public:
  explicit AnyProducerOf(P producer) : producer_(std::move(producer)) {}

  bool push(Bytes message) override {
    if constexpr (kDefers) {
      if (deferred_) return deferred_->push(message_of(message));
    }
    return producer_.push(message_of(message));
  }
  std::size_t send(Bytes messages) override {
    std::vector<M> all(messages.size() / sizeof(M));
    std::memcpy(all.data(), messages.data(), messages.size());
    return workload::send(producer_, std::span<const M>(all));
  }
  std::size_t produce(std::size_t count,
                      const std::function<void(std::span<std::byte>)>& write) override {
    if constexpr (requires { producer_.produce(count, [](std::span<M>) {}); }) {
      return producer_.produce(count, [&write](std::span<M> slots) {
        for (M& slot : slots) write(std::as_writable_bytes(std::span(&slot, 1)));
      });
    } else {
      return 0;
    }
  }
  bool defer() override {
    if constexpr (kDefers) {
      deferred_.emplace(std::move(producer_).deferred());
      return true;
    } else {
      return false;
    }
  }
  [[nodiscard]] std::size_t staged() const override {
    if constexpr (kDefers) {
      return deferred_ ? deferred_->staged() : 0;
    } else {
      return 0;
    }
  }
  bool flush() override {
    if constexpr (kDefers) {
      return !deferred_ || deferred_->flush();
    } else {
      return true;
    }
  }

 private:
  static constexpr bool kDefers = requires(P producer) { std::move(producer).deferred(); };

  static M message_of(Bytes bytes) {
    M message;
    std::memcpy(&message, bytes.data(), sizeof message);
    return message;
  }

  P producer_;
  std::optional<typename DeferredEnd<P>::Type> deferred_;
};

template <class M, class C>
class AnyConsumerOf final : public AnyConsumer {
 public:
  explicit AnyConsumerOf(C consumer) : consumer_(std::move(consumer)) {}

  std::size_t consume(const std::function<void(Bytes)>& read) override {
    const Reader reader{read};
    return consumer_.consume(reader);
  }

 private:
  struct Reader {
    const std::function<void(Bytes)>& read;
    void operator()(std::span<const M> run) const {
      for (const M& message : run) (*this)(message);
    }
    void operator()(const M& message) const { read(std::as_bytes(std::span(&message, 1))); }
  };

  C consumer_;
};

template <class Q, class M>
class AnyQueueOf final : public AnyQueue {
 public:
  explicit AnyQueueOf(const QueueOptions& options) : queue_(options) {}

  std::unique_ptr<AnyProducer> producer() override {
    return std::make_unique<AnyProducerOf<M, decltype(queue_.producer())>>(queue_.producer());
  }
  std::unique_ptr<AnyConsumer> consumer() override {
    return std::make_unique<AnyConsumerOf<M, decltype(queue_.consumer())>>(queue_.consumer());
  }

 private:
  Q queue_;
};

/// Makes the queue template Q with messages of `bytes`; null if there are none of this size.
template <template <class> class Q, std::size_t... Sizes>
std::unique_ptr<AnyQueue> make_any_queue(std::size_t bytes, const QueueOptions& options) {
  std::unique_ptr<AnyQueue> queue;
  const auto make = [&]<std::size_t Size>() {
    if (bytes != Size) return false;
    queue = std::make_unique<AnyQueueOf<Q<Message<Size>>, Message<Size>>>(options);
    return true;
  };
  static_cast<void>((make.template operator()<Sizes>() || ...));
  return queue;
}

}  // namespace bench::workload
