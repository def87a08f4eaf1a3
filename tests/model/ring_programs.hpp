// Simulated programs that use one ring: thread 0 sends, and thread 1 receives.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "model/messages.hpp"
#include "model/model_atomic.hpp"
#include "model/simulation.hpp"
#include "ringmpsc/metrics.hpp"

namespace ringmpsc::model {

inline constexpr unsigned kSender = 0;
inline constexpr unsigned kReceiver = 1;

/// The base of the programs. The ring has two slots where nothing else is said, so that it soon
/// wraps around and reuses them. Each program defines `send` and `receive`. Afterwards, everything
/// that was sent must have been received, in order. V is the messages and the layout
/// (messages.hpp).
template <class Program, class V, std::size_t Slots = 2>
struct RingProgram : rl::test_suite<Program, 2> {
  using Message = V::Message;
  using TestRing = Ring<Message, Slots, V::kLayout>;
  using TestSender = Sender<Message, Slots, V::kLayout>;
  using TestReceiver = Receiver<Message, Slots, V::kLayout>;

  void before() {
    ring = std::make_unique<TestRing>();
    auto [s, r] = ring->split();
    sender = std::make_unique<TestSender>(std::move(s));
    receiver = std::make_unique<TestReceiver>(std::move(r));
  }
  void thread(unsigned index) {
    auto& program = static_cast<Program&>(*this);
    index == kSender ? program.send() : program.receive();
  }
  void after() { require(sent == received, "everything that was sent is received"); }

  /// Sends the next message; waits while the ring is full.
  void send_one() {
    while (!sender->try_emplace(sent)) yield();
    ++sent;
  }
  void take(const Message& message) {
    require(message.value() == received, "messages arrive in order");
    ++received;
  }
  void receive_all(int count) {
    while (received < count) {
      if (receiver->consume_batch([this](Message& m) { take(m); }) == 0) yield();
    }
  }
  void receive_until_drained() {
    while (!receiver->drained()) {
      if (receiver->consume_batch([this](Message& m) { take(m); }) == 0) yield();
    }
  }

  SlotCells cells;  // outlives the ring
  std::unique_ptr<TestRing> ring;
  std::unique_ptr<TestSender> sender;
  std::unique_ptr<TestReceiver> receiver;
  int sent = 0;      // for the sender's thread only
  int received = 0;  // for the receiver's thread only
};

/// Sends five messages one by one.
template <class V, std::size_t Slots = 2>
struct OneByOne : RingProgram<OneByOne<V, Slots>, V, Slots> {
  void send() {
    for (int i = 0; i < 5; ++i) this->send_one();
  }
  void receive() { this->receive_all(5); }
};

/// The receiver finds more messages at once than an answer has, rests at their end, and reads the
/// next of a celled ring by a single look some cells ahead.
template <class V>
struct AfterARest : RingProgram<AfterARest<V>, V, 16> {
  static constexpr int kFound = static_cast<int>(detail::kFewMessages) + 1;
  static constexpr int kMessages = kFound + 6;

  void before() {
    RingProgram<AfterARest<V>, V, 16>::before();
    while (this->sent < kFound) this->send_one();
  }
  void send() {
    while (this->sent < kMessages) this->send_one();
  }
  void receive() { this->receive_all(kMessages); }
};

/// The sender makes reservations of up to two slots that begin at either slot, and commits one of
/// them only in part. The receiver consumes whole runs, consumes with a limit, and uses readable().
template <class V>
struct InBatches : RingProgram<InBatches<V>, V> {
  using Message = V::Message;
  static constexpr int kMessages = 6;

  void send() {
    this->send_one();  // so that the runs are cut at the wrap
    while (this->sent < kMessages) {
      auto reservation = this->sender->reserve_up_to(2);
      if (!reservation) {
        yield();
        continue;
      }
      int next = this->sent;
      while (reservation.emplace(next) != nullptr) ++next;
      if (this->sent == 1) next = this->sent + 1;  // the rest is destroyed where it was built
      require(reservation.commit(static_cast<std::size_t>(next - this->sent)).has_value(),
              "the commit succeeds");
      this->sent = next;
    }
  }
  void receive() {
    const auto run = [this](std::span<Message> messages) {
      for (const Message& message : messages) this->take(message);
    };
    while (this->received < kMessages) {
      const int before = this->received;
      this->receiver->consume_batch(run);
      this->receiver->consume_up_to(1, run);
      const std::span<Message> messages = this->receiver->readable();
      run(messages);
      require(this->receiver->advance(messages.size()), "what was readable can be consumed");
      if (this->received == before) yield();
    }
  }
};

/// The sender ends after two messages. The receiver relies on drained() alone.
template <class V>
struct SenderEnds : RingProgram<SenderEnds<V>, V> {
  void send() {
    for (int i = 0; i < 2; ++i) this->send_one();
    this->sender.reset();
  }
  void receive() { this->receive_until_drained(); }
};

/// The sender ends, and the receiver ends the ring as soon as it finds it drained.
template <class V>
struct ReceiverEndsTheRing : RingProgram<ReceiverEndsTheRing<V>, V> {
  void send() {
    this->send_one();
    this->sender->close();
  }
  void receive() {
    this->receive_until_drained();
    this->receiver.reset();
    this->ring.reset();
  }
};

/// The receiver closes while the sender still reserves. The refused sender reads what the receiver
/// wrote before the close.
template <class V>
struct ReceiverCloses : RingProgram<ReceiverCloses<V>, V> {
  static constexpr int kWritten = 7;

  void send() {
    while (true) {
      auto reservation = this->sender->reserve(1);
      if (reservation) {
        reservation.emplace(this->sent++);
        reservation.commit();
      } else if (this->sender->closed()) {
        // The refusal was due to the close or to a full ring. The next refusal is due to the close
        // and ends the sender, and the receiver waits for that end.
        require(this->sender->reserve(1).empty(), "a closed ring refuses");
        break;
      } else {
        yield();
      }
    }
    require(note(rl::debug_info()).load() == kWritten, "a refused sender sees what was written");
  }
  void receive() {
    this->receive_all(1);
    note(rl::debug_info()).store(kWritten);
    this->receiver->close();
    this->receive_until_drained();
  }

  rl::var<int> note{0};
};

/// The sender publishes batches and single messages while another thread, which is not the
/// receiver, reads the counters. The receiver sleeps unless the program has three threads; then the
/// ring is as small as can be, and the sampler's view of it soon is an old one.
template <class V, unsigned Threads>
struct CommitsAreSampled : rl::test_suite<CommitsAreSampled<V, Threads>, Threads> {
  static constexpr unsigned kSampler = Threads - 1;
  static constexpr int kMessages = 8;
  static constexpr std::size_t kSlots = Threads == 2 ? kMessages : 2;
  using Message = V::Message;
  using TestRing = Ring<Message, kSlots, V::kLayout>;

  void before() {
    ring = std::make_unique<TestRing>(true);
    auto [s, r] = ring->split();
    sender = std::make_unique<Sender<Message, kSlots, V::kLayout>>(std::move(s));
    receiver = std::make_unique<Receiver<Message, kSlots, V::kLayout>>(std::move(r));
  }
  void thread(unsigned index) {
    if (index == kSender) {
      send();
    } else if (index == kSampler) {
      sample();
    } else {
      receive();
    }
  }

  void send() {
    while (sent < kMessages) {
      if (sent % 3 == 2) {
        expect_commit_at(sent + 1);
        if (sender->try_emplace(sent)) {
          ++sent;
        } else {
          yield();
        }
        continue;
      }
      auto batch = sender->reserve_up_to(2);
      if (!batch) {
        yield();
        continue;
      }
      int next = sent;
      while (batch.emplace(next) != nullptr) ++next;
      expect_commit_at(next);
      batch.commit();
      sent = next;
    }
  }
  /// The next commit ends behind the message before `end`. Simulated threads switch only at the
  /// checker's operations, so this needs no protection.
  void expect_commit_at(int end) { commits[end] = commits[sent] + 1; }

  void receive() {
    while (receiver->received() < kMessages) {
      if (receiver->consume_batch([](Message&) {}) == 0) yield();
    }
  }

  void sample() {
    std::uint64_t last = 0;
    for (int i = 0; i < 3; ++i) {
      const Metrics seen = ring->metrics();
      require(seen.messages_sent >= last, "no counter decreases");
      last = seen.messages_sent;
      require(last == 0 || commits[last] > 0, "a batch is seen whole or not at all");
      require(seen.commits == commits[last], "the commits are those of the messages");
      require(seen.messages_received <= last, "no more is received than was sent");
    }
  }

  SlotCells cells;  // outlives the ring
  std::unique_ptr<TestRing> ring;
  std::unique_ptr<Sender<Message, kSlots, V::kLayout>> sender;
  std::unique_ptr<Receiver<Message, kSlots, V::kLayout>> receiver;
  int sent = 0;                                        // for the sender's thread only
  std::array<std::uint64_t, kMessages + 1> commits{};  // up to the message before each sequence
};

}  // namespace ringmpsc::model
