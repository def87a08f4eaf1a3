// Simulated programs that use one ring: thread 0 sends, and thread 1 receives.
#pragma once

#include <cstddef>
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

/// The base of the programs. The ring has two slots, so that it soon wraps around and reuses them.
/// Each program defines `send` and `receive`. Afterwards, everything that was sent must have been
/// received, in order.
template <class Program>
struct RingProgram : rl::test_suite<Program, 2> {
  using TestRing = Ring<SlotMessage, 2>;
  using TestSender = Sender<SlotMessage, 2>;
  using TestReceiver = Receiver<SlotMessage, 2>;

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
  void take(const SlotMessage& message) {
    require(message.value() == received, "messages arrive in order");
    ++received;
  }
  void receive_all(int count) {
    while (received < count) {
      if (receiver->consume_batch([this](SlotMessage& m) { take(m); }) == 0) yield();
    }
  }
  void receive_until_drained() {
    while (!receiver->drained()) {
      if (receiver->consume_batch([this](SlotMessage& m) { take(m); }) == 0) yield();
    }
  }

  SlotCells cells;  // outlives the ring
  std::unique_ptr<TestRing> ring;
  std::unique_ptr<TestSender> sender;
  std::unique_ptr<TestReceiver> receiver;
  int sent = 0;      // for the sender's thread only
  int received = 0;  // for the receiver's thread only
};

/// Sends five messages one by one through two slots.
struct OneByOne : RingProgram<OneByOne> {
  void send() {
    for (int i = 0; i < 5; ++i) send_one();
  }
  void receive() { receive_all(5); }
};

/// The sender makes reservations of up to two slots that begin at either slot, and commits one of
/// them only in part. The receiver consumes whole runs, consumes with a limit, and uses readable().
struct InBatches : RingProgram<InBatches> {
  static constexpr int kMessages = 6;

  void send() {
    send_one();  // so that the runs are cut at the wrap
    while (sent < kMessages) {
      auto reservation = sender->reserve_up_to(2);
      if (!reservation) {
        yield();
        continue;
      }
      int next = sent;
      while (reservation.emplace(next) != nullptr) ++next;
      if (sent == 1) next = sent + 1;  // the rest is destroyed where it was built
      require(reservation.commit(static_cast<std::size_t>(next - sent)).has_value(),
              "the commit succeeds");
      sent = next;
    }
  }
  void receive() {
    const auto run = [this](std::span<SlotMessage> messages) {
      for (const SlotMessage& message : messages) take(message);
    };
    while (received < kMessages) {
      const int before = received;
      receiver->consume_batch(run);
      receiver->consume_up_to(1, run);
      const std::span<SlotMessage> messages = receiver->readable();
      run(messages);
      require(receiver->advance(messages.size()), "what was readable can be consumed");
      if (received == before) yield();
    }
  }
};

/// The sender ends after two messages. The receiver relies on drained() alone.
struct SenderEnds : RingProgram<SenderEnds> {
  void send() {
    for (int i = 0; i < 2; ++i) send_one();
    sender.reset();
  }
  void receive() { receive_until_drained(); }
};

/// The receiver closes while the sender still reserves. The refused sender reads what the receiver
/// wrote before the close.
struct ReceiverCloses : RingProgram<ReceiverCloses> {
  static constexpr int kWritten = 7;

  void send() {
    while (true) {
      auto reservation = sender->reserve(1);
      if (reservation) {
        reservation.emplace(sent++);
        reservation.commit();
      } else if (sender->closed()) {
        // The refusal was due to the close or to a full ring. The next refusal is due to the close
        // and ends the sender, and the receiver waits for that end.
        require(sender->reserve(1).empty(), "a closed ring refuses");
        break;
      } else {
        yield();
      }
    }
    require(note(rl::debug_info()).load() == kWritten, "a refused sender sees what was written");
  }
  void receive() {
    receive_all(1);
    note(rl::debug_info()).store(kWritten);
    receiver->close();
    receive_until_drained();
  }

  rl::var<int> note{0};
};

/// The sender publishes batches and single messages while another thread, which is not the
/// receiver, reads the counters.
struct CommitsAreSampled : rl::test_suite<CommitsAreSampled, 2> {
  static constexpr unsigned kSampler = 1;
  static constexpr int kMessages = 8;
  using TestRing = Ring<SlotMessage, kMessages>;

  void before() {
    ring = std::make_unique<TestRing>(true);
    auto [s, r] = ring->split();
    sender = std::make_unique<Sender<SlotMessage, kMessages>>(std::move(s));
    receiver = std::make_unique<Receiver<SlotMessage, kMessages>>(std::move(r));
  }
  void thread(unsigned index) { index == kSender ? send() : sample(); }

  void send() {
    for (int next = 0; next < kMessages; ++next) {
      if (next % 3 == 2) {
        require(sender->try_emplace(next), "there is room");
        continue;
      }
      auto batch = sender->reserve(2);
      batch.emplace(next++);
      batch.emplace(next);
      batch.commit();
    }
  }
  void sample() {
    for (int i = 0; i < 3; ++i) {
      const Metrics seen = ring->metrics();
      const auto rest = seen.messages_sent % 3;
      require(rest != 1, "a batch is seen whole or not at all");
      require(seen.commits == seen.messages_sent / 3 * 2 + (rest == 2 ? 1 : 0),
              "the commits are those of the messages");
    }
  }

  SlotCells cells;  // outlives the ring
  std::unique_ptr<TestRing> ring;
  std::unique_ptr<Sender<SlotMessage, kMessages>> sender;
  std::unique_ptr<Receiver<SlotMessage, kMessages>> receiver;
};

}  // namespace ringmpsc::model
