// Simulated programs that use one channel with rings of two slots.
#pragma once

#include <memory>

#include "model/messages.hpp"
#include "model/model_atomic.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {

/// The base of the programs. Afterwards, everything that was sent must have been received, and each
/// producer's messages in order.
template <class Program, unsigned Threads, unsigned MaxProducers>
struct ChannelProgram : rl::test_suite<Program, Threads> {
  static constexpr int kProducers = 2;

  void before() {
    channel = std::make_unique<Channel<OwnMessage>>(
        Config{.ring_bits = 1, .max_producers = MaxProducers});
    consumer = std::make_unique<Consumer<OwnMessage>>(channel->take_consumer());
  }
  void after() {
    for (int i = 0; i < kProducers; ++i) {
      require(sent[i] == received[i], "everything that was sent is received");
    }
  }

  /// Registers, sends `count` messages and ends. Waits while no slot is free or the ring is full.
  /// Gives up once the channel is closed.
  void produce(int index, int count) {
    while (true) {
      auto registered = channel->register_producer();
      if (registered) {
        ++producers;
        require(producers <= static_cast<int>(MaxProducers), "never more producers than the limit");
        while (sent[index] < count && !registered->closed()) send_one(index, *registered);
        --producers;  // before the producer ends and its slot may be free
        return;
      }
      if (registered.error() == RegisterError::closed) return;
      require(MaxProducers < kProducers, "there is a slot for every producer");
      yield();
    }
  }
  void send_one(int index, Producer<OwnMessage>& producer) {
    if (producer.try_emplace(index * kStride + sent[index])) {
      require(!drained, "nothing is committed to a drained channel");
      ++sent[index];
    } else {
      yield();
    }
  }

  void consume() {
    const auto take = [this](OwnMessage& message) {
      const int index = message.value() / kStride;
      require(message.value() % kStride == received[index], "messages arrive in order");
      ++received[index];
    };
    if (consumer->consume_all(take) == 0) yield();
  }
  void consume_until_drained() {
    while (!consumer->drained()) consume();
    drained = true;
  }

  static constexpr int kStride = 100;

  std::unique_ptr<Channel<OwnMessage>> channel;
  std::unique_ptr<Consumer<OwnMessage>> consumer;
  // Simulated threads switch only at the checker's operations. These variables therefore need no
  // protection, and they always show the current state of the simulation.
  int producers = 0;
  bool drained = false;
  int sent[kProducers] = {};
  int received[kProducers] = {};
};

/// Two threads register at the same time and send. The consumer must find every message before it
/// closes the channel. With a limit of one, the second producer takes the slot of the first.
template <unsigned MaxProducers>
struct TwoProducers : ChannelProgram<TwoProducers<MaxProducers>, 3, MaxProducers> {
  static constexpr unsigned kProducer = 1;  // one of the two
  static constexpr unsigned kConsumer = 2;
  static constexpr int kMessages = 2;

  void thread(unsigned index) {
    if (index != kConsumer) {
      this->produce(static_cast<int>(index), kMessages);
      return;
    }
    while (this->received[0] + this->received[1] < 2 * kMessages) {
      this->consume();
      require(this->consumer->producer_count() <= MaxProducers, "no more rings than the limit");
    }
    this->consumer->close();
    this->consume_until_drained();
  }
};

/// Two producers register, send and end. The consumer relies on all_ended() alone, and nobody
/// closes the channel.
template <unsigned MaxProducers>
struct UntilAllHaveEnded : ChannelProgram<UntilAllHaveEnded<MaxProducers>, 3, MaxProducers> {
  static constexpr unsigned kConsumer = 2;

  void thread(unsigned index) {
    if (index != kConsumer) {
      this->produce(static_cast<int>(index), 1);
      return;
    }
    while (!this->consumer->all_ended(2)) this->consume();
    this->drained = true;
  }
};

/// Producers come and go on one slot. Meanwhile the consumer polls twice, then closes the channel.
template <int Producers, int Messages>
struct ConsumerCloses : ChannelProgram<ConsumerCloses<Producers, Messages>, Producers + 1, 1> {
  static constexpr unsigned kProducer = 0;  // one of them
  static constexpr unsigned kConsumer = Producers;

  void thread(unsigned index) {
    if (index != kConsumer) {
      this->produce(static_cast<int>(index), Messages);
      return;
    }
    for (int i = 0; i < 2; ++i) this->consume();
    this->consumer->close();
    this->consume_until_drained();
  }
};

/// A third thread closes the channel while a producer registers and the consumer asks whether the
/// channel is drained.
struct AnotherCloses : ChannelProgram<AnotherCloses, 3, 1> {
  static constexpr unsigned kProducer = 0;
  static constexpr unsigned kCloser = 1;
  static constexpr unsigned kConsumer = 2;

  void thread(unsigned index) {
    if (index == kProducer) produce(0, 1);
    if (index == kCloser) channel->close();
    if (index == kConsumer) consume_until_drained();
  }
};

}  // namespace ringmpsc::model
