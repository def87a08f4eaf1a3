// Simulated programs that use one channel with rings of two slots.
#pragma once

#include <memory>

#include "model/messages.hpp"
#include "model/model_atomic.hpp"
#include "model/simulation.hpp"

namespace ringmpsc::model {

/// The base of the programs. Afterwards, everything that was sent must have been received, and each
/// producer's messages in order. V is the messages and the layout (messages.hpp).
template <class Program, class V, unsigned Threads, unsigned MaxProducers>
struct ChannelProgram : rl::test_suite<Program, Threads> {
  using Message = V::Message;
  using TestChannel = Channel<Message, V::kLayout>;
  static constexpr int kProducers = 2;

  void before() {
    channel = std::make_unique<TestChannel>(Config{.ring_bits = 1, .max_producers = MaxProducers});
    consumer = std::make_unique<Consumer<Message, V::kLayout>>(channel->take_consumer());
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
  void send_one(int index, Producer<Message, V::kLayout>& producer) {
    if (producer.try_emplace(index * kStride + sent[index])) {
      require(!drained, "nothing is committed to a drained channel");
      ++sent[index];
    } else {
      yield();
    }
  }

  void consume() {
    const auto take = [this](Message& message) {
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

  std::unique_ptr<TestChannel> channel;
  std::unique_ptr<Consumer<Message, V::kLayout>> consumer;
  // Simulated threads switch only at the checker's operations. These variables therefore need no
  // protection, and they always show the current state of the simulation.
  int producers = 0;
  bool drained = false;
  int sent[kProducers] = {};
  int received[kProducers] = {};
};

/// Two threads register at the same time and send. The consumer must find every message before it
/// closes the channel. With a limit of one, the second producer takes the slot of the first.
template <class V, unsigned MaxProducers>
struct TwoProducers : ChannelProgram<TwoProducers<V, MaxProducers>, V, 3, MaxProducers> {
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

/// Two producers share one slot, and the consumer polls and does nothing else. Polls alone must
/// free the slot of the first producer for the second.
template <class V>
struct ConsumerOnlyPolls : ChannelProgram<ConsumerOnlyPolls<V>, V, 3, 1> {
  static constexpr unsigned kProducer = 0;  // one of the two
  static constexpr unsigned kConsumer = 2;

  void thread(unsigned index) {
    if (index != kConsumer) {
      this->produce(static_cast<int>(index), 1);
      return;
    }
    while (this->received[0] + this->received[1] < 2) this->consume();
  }
};

/// One producer stays while another comes and goes twice. Polls alone must free the slot that the
/// other one needs again, even if it came and went while a poll was under way.
template <class V>
struct OneStays : ChannelProgram<OneStays<V>, V, 3, 2> {
  static constexpr unsigned kConsumer = 2;

  void thread(unsigned index) {
    if (index == 0) {
      auto stays = this->channel->register_producer();
      for (; !stays; stays = this->channel->register_producer()) yield();
      while (this->sent[0] < 1) this->send_one(0, *stays);
      while (!passed) yield();
    } else if (index == 1) {
      for (int coming = 1; coming <= 2; ++coming) {
        auto passes = this->channel->register_producer();
        for (; !passes; passes = this->channel->register_producer()) yield();
        while (this->sent[1] < coming) this->send_one(1, *passes);
      }
      passed = true;
    } else {
      while (this->received[0] + this->received[1] < 3) this->consume();
    }
  }

  bool passed = false;
};

/// Two producers register, send and end. The consumer relies on all_ended() alone, and nobody
/// closes the channel.
template <class V, unsigned MaxProducers>
struct UntilAllHaveEnded : ChannelProgram<UntilAllHaveEnded<V, MaxProducers>, V, 3, MaxProducers> {
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
template <class V, int Producers, int Messages>
struct ConsumerCloses
    : ChannelProgram<ConsumerCloses<V, Producers, Messages>, V, Producers + 1, 1> {
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
template <class V>
struct AnotherCloses : ChannelProgram<AnotherCloses<V>, V, 3, 1> {
  static constexpr unsigned kProducer = 0;
  static constexpr unsigned kCloser = 1;
  static constexpr unsigned kConsumer = 2;

  void thread(unsigned index) {
    if (index == kProducer) this->produce(0, 1);
    if (index == kCloser) this->channel->close();
    if (index == kConsumer) this->consume_until_drained();
  }
};

}  // namespace ringmpsc::model
