// Timed messages: one-way messages, timed from when they are due whatever delays them, and round
// trips.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "channel_queue.hpp"
#include "machine/placement.hpp"
#include "machine/tick_clock.hpp"
#include "workload/schedule.hpp"
#include "workload/timing.hpp"
#include "workload/trial.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload {
namespace {

using namespace std::chrono_literals;

TEST(Schedule, SpacesAProducersMessagesByItsInterval) {
  const Schedule schedule(1'000, 2.5, 1);
  EXPECT_EQ(schedule.due(0, 0), 1'000U);
  EXPECT_EQ(schedule.due(0, 1), 1'002U);
  EXPECT_EQ(schedule.due(0, 2), 1'005U);
  EXPECT_EQ(schedule.due(0, 4'000'000'000), 10'000'001'000U);
}

TEST(Schedule, SpacesTheMessagesOfAllProducersEvenly) {
  const Schedule schedule(0, 400, 4);
  std::uint64_t next = 0;
  for (std::uint64_t i = 0; i < 10; ++i) {
    for (unsigned producer = 0; producer < 4; ++producer) {
      EXPECT_EQ(schedule.due(producer, i), next);
      next += 100;
    }
  }
}

TEST(Schedule, CountsTheMessagesThatAreDue) {
  const Schedule schedule(1'000, 400, 4);
  EXPECT_EQ(schedule.due_by(0, 0), 0U);
  EXPECT_EQ(schedule.due_by(0, 999), 0U);
  EXPECT_EQ(schedule.due_by(0, 1'000), 1U);
  EXPECT_EQ(schedule.due_by(0, 1'399), 1U);
  EXPECT_EQ(schedule.due_by(0, 1'400), 2U);
  EXPECT_EQ(schedule.due_by(3, 1'299), 0U);
  EXPECT_EQ(schedule.due_by(3, 1'300), 1U);
  EXPECT_EQ(schedule.due_by(3, 401'300), 1'001U);
}

TEST(SequenceNumbers, AreTheNearestOnesWithTheirLowBits) {
  constexpr std::uint32_t kWrap = 1U << 25;
  EXPECT_EQ(distance_from<std::uint32_t>(0, 0), 0);
  EXPECT_EQ(distance_from<std::uint32_t>(5, 3), -2);
  EXPECT_EQ(distance_from<std::uint32_t>(kWrap - 1, 0), 1);
  EXPECT_EQ(distance_from<std::uint32_t>(7 * std::uint64_t{kWrap}, kWrap - 2), -2);
  EXPECT_EQ(distance_from<std::uint64_t>(std::uint64_t{1} << 40, std::uint64_t{1} << 40), 0);
}

/// A clock that shows the time that a test sets, in ticks of nanoseconds.
struct SetClock {
  [[nodiscard]] std::uint64_t now() const { return time; }
  [[nodiscard]] static std::uint64_t ns_between(std::uint64_t begin, std::uint64_t end) {
    return end > begin ? end - begin : 0;
  }
  std::uint64_t time = 0;
};

/// Times the messages of producers. Each producer has a message due every 1,000 ns.
template <class M>
class Timed {
 public:
  static constexpr unsigned kProducers = 2;

  Timed() : sink_(kProducers), timing_(sink_, kProducers, schedule_, clock_, latencies_) {}

  void read_at(std::uint64_t ns, std::span<const M> messages) {
    clock_.time = ns;
    typename TimingSink<M, SetClock>::Reader reader(timing_);
    reader(messages);
  }
  void read_at(std::uint64_t ns, const M& message) { read_at(ns, std::span(&message, 1)); }

  [[nodiscard]] LatencyHistogram times() const { return latencies_.histogram(); }
  [[nodiscard]] Verification verification(const std::vector<std::uint64_t>& sent) const {
    return sink_.verification(sent);
  }

 private:
  SetClock clock_;
  const Schedule schedule_ = Schedule(10'000, 1'000, kProducers);
  LatencyRecorder latencies_;
  VerifyingSink<M> sink_;
  TimingSink<M, SetClock> timing_;
};

LatencyHistogram histogram_of(std::initializer_list<std::uint64_t> values) {
  LatencyRecorder recorder;
  for (const std::uint64_t value : values) recorder.record(value);
  return recorder.histogram();
}

using Words = Message<16>;

TEST(OneWayTimes, CountFromTheDueTimeInAnyOrderOfProducers) {
  Timed<Words> timed;
  MessageWriter<Words> first(0);
  MessageWriter<Words> second(1);
  timed.read_at(10'100, first.next());                           // due at 10,000
  timed.read_at(10'520, second.next());                          // due at 10,500
  timed.read_at(11'003, first.next());                           // due at 11,000
  const std::vector<Words> late = {first.next(), first.next()};  // due at 12,000 and 13,000
  timed.read_at(13'900, late);
  timed.read_at(14'000, second.next());  // due at 11,500
  EXPECT_EQ(timed.times(), histogram_of({100, 20, 3, 1'900, 900, 2'500}));
  EXPECT_TRUE(timed.verification({4, 2}).passed());
}

TEST(OneWayTimes, AreZeroIfTheyWouldBeNegative) {
  Timed<Words> timed;
  timed.read_at(9'990, MessageWriter<Words>(0).next());
  EXPECT_EQ(timed.times(), histogram_of({0}));
}

TEST(OneWayTimes, StayRightAfterAMessageWasLost) {
  Timed<Words> timed;
  MessageWriter<Words> writer(0);
  timed.read_at(10'001, writer.next());
  static_cast<void>(writer.next());
  timed.read_at(12'002, writer.next());
  timed.read_at(13'003, writer.next());
  EXPECT_EQ(timed.times(), histogram_of({1, 2, 3}));
  EXPECT_EQ(timed.verification({4, 0}).lost, 1U);
}

TEST(OneWayTimes, LeaveOutAMessageWhoseDueTimeIsDamaged) {
  // A flipped bit turns the producer into another one, or the sequence number into another one.
  for (const unsigned bit : {0U, 40U}) {
    Timed<Words> timed;
    MessageWriter<Words> writer(0);
    timed.read_at(10'001, writer.next());
    Words damaged = writer.next();
    damaged.words[0] ^= std::uint64_t{1} << bit;
    timed.read_at(11'002, damaged);
    timed.read_at(12'003, writer.next());
    EXPECT_EQ(timed.times(), histogram_of({1, 3})) << bit;
    EXPECT_EQ(timed.verification({3, 0}).corrupted, 1U) << bit;
  }
}

TEST(OneWayTimes, StayRightWhenSequenceNumbersNoLongerFitIntoAWord) {
  Timed<Message<4>> timed;
  MessageWriter<Message<4>> writer(0);
  std::vector<Message<4>> run(1 << 20);
  constexpr std::uint64_t kRuns = 33;  // 2^25 messages are 32 runs
  for (std::uint64_t i = 0; i < kRuns; ++i) {
    writer(run);
    timed.read_at(10'000 + ((kRuns << 20) - 1) * 1'000, run);
  }
  EXPECT_EQ(timed.times().min(), 0U);
  EXPECT_EQ(timed.times().max(), ((kRuns << 20) - 1) * 1'000);
  EXPECT_TRUE(timed.verification({kRuns << 20, 0}).passed());
}

/// A clock that advances by 10 ns whenever it is read.
struct ReadClock {
  static std::uint64_t now() { return time_ += 10; }
  static inline std::uint64_t time_ = 0;
};

/// Runs a sender that loses its core or finds no room in its queue, each at a set message.
struct Sending {
  struct End {
    Sending* all;
    bool push(const Words& /*message*/) const {
      if (all->sent_at.size() == all->stalls_before) {
        ReadClock::time_ += std::exchange(all->stall_ns, 0);
      }
      if (all->sent_at.size() == all->refused_before && all->refusals > 0) {
        --all->refusals;
        ReadClock::time_ += 1'000;
        return false;
      }
      all->sent_at.push_back(ReadClock::time_);
      return true;
    }
  };

  Scheduled send(std::uint64_t limit) {
    ReadClock::time_ = 0;
    WaitPoints waits(Wait::busy_spin);
    return send_on_schedule<Words>(End{this}, 1, Schedule(0, 1'000, 2), ReadClock(),
                                   Approach{.longest_spin = UINT64_MAX}, limit, signals, waits);
  }

  Signals signals{3};
  std::vector<std::uint64_t> sent_at;
  std::size_t stalls_before = SIZE_MAX;
  std::uint64_t stall_ns = 0;
  std::size_t refused_before = SIZE_MAX;
  int refusals = 0;
};

/// Expects the same times, up to the granularity of the clock.
void expect_times(const std::vector<std::uint64_t>& times,
                  const std::vector<std::uint64_t>& expected) {
  ASSERT_EQ(times.size(), expected.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    EXPECT_GE(times[i], expected[i]) << "message " << i;
    EXPECT_LE(times[i], expected[i] + 100) << "message " << i;
  }
}

TEST(OneWaySender, SendsEachMessageWhenItIsDueAndNotBefore) {
  Sending sending;
  const Scheduled done = sending.send(5);
  expect_times(sending.sent_at, {500, 1'500, 2'500, 3'500, 4'500});
  EXPECT_EQ(done.sent, 5U);
  EXPECT_EQ(done.due, 5U);
}

TEST(OneWaySender, CatchesUpAtOnceAfterItLostItsCore) {
  Sending sending;
  sending.stalls_before = 1;
  sending.stall_ns = 2'700;
  sending.send(6);
  expect_times(sending.sent_at, {500, 4'200, 4'200, 4'200, 4'500, 5'500});
}

TEST(OneWaySender, CatchesUpAtOnceAfterItFoundNoRoom) {
  Sending sending;
  sending.refused_before = 1;
  sending.refusals = 3;
  sending.send(6);
  expect_times(sending.sent_at, {500, 4'500, 4'500, 4'500, 4'500, 5'500});
}

TEST(OneWaySender, ReportsWhatWasDueIfItIsStoppedWhenBehind) {
  Sending sending;
  sending.refused_before = 3;
  sending.refusals = INT32_MAX;
  const std::jthread stopper([&sending] {
    std::this_thread::sleep_for(20ms);
    sending.signals.stop.store(true);
  });
  const Scheduled done = sending.send(UINT64_MAX);
  EXPECT_EQ(done.sent, 3U);
  // Each refusal took a microsecond, in which one message became due.
  const auto refused = static_cast<std::uint64_t>(INT32_MAX - sending.refusals);
  EXPECT_GE(done.due, 3 + refused);
  EXPECT_LE(done.due, 3 + refused * 102 / 100 + 2);
}

machine::Placement anywhere(unsigned producers) {
  return {.policy = machine::PlacementPolicy::none,
          .consumer_cpu = std::nullopt,
          .producer_cpus = std::vector<std::optional<unsigned>>(producers),
          .oversubscribed = std::thread::hardware_concurrency() <= producers};
}

/// A spec with `each` messages from each producer.
Spec messages(Pattern pattern, std::uint64_t each) {
  Spec spec;
  spec.pattern = pattern;
  spec.ring_bits = 8;
  spec.batch = 1;
  spec.duration_s = std::nullopt;
  spec.messages_per_producer = each;
  spec.latency = true;
  return spec;
}

Spec one_way(double rate, unsigned producers, std::uint64_t each) {
  Spec spec = messages(Pattern::one_way, each);
  spec.rate = rate;
  spec.producers = producers;
  return spec;
}

Sample finished(RunningTrial& trial) {
  while (!trial.finished_within(100ms)) {
  }
  return trial.sample();
}

Sample run(const Spec& spec) { return finished(*start_trial(spec, anywhere(spec.producers))); }

TEST(OneWay, SendsVerifiesAndTimesEveryMessageOfEveryProducer) {
  for (const std::size_t payload : {4U, 8U, 1'024U}) {
    for (const Wait wait : {Wait::adaptive, Wait::yielding, Wait::blocking}) {
      Spec spec = one_way(100'000, 3, 500);
      spec.payload_bytes = payload;
      spec.wait = wait;
      spec.idle_producers = 2;
      const Sample sample = run(spec);
      EXPECT_TRUE(sample.verification.passed());
      EXPECT_EQ(sample.per_producer_messages, (std::vector<std::uint64_t>{500, 500, 500}));
      EXPECT_EQ(sample.messages_due, 1'500U);
      EXPECT_EQ(sample.latency.value().count(), 1'500U);
      // The last one is due 14.99 ms after the start.
      EXPECT_GE(sample.seconds, 0.01498);
    }
  }
}

TEST(OneWay, AlsoWorksWithQueuesThatHandOverMessagesOneByOneOrInCopies) {
  for (const char* const queue : {"mutex-ring", "hand-off"}) {
    Spec spec = one_way(100'000, 1, 1'000);
    spec.queue = queue;
    const Sample sample = run(spec);
    EXPECT_TRUE(sample.verification.passed()) << queue;
    EXPECT_EQ(sample.latency.value().count(), 1'000U) << queue;
  }
}

TEST(OneWay, RequiresARate) {
  Spec spec = one_way(1, 1, 1);
  for (const std::optional<double> rate : {std::optional<double>(), std::optional(0.0)}) {
    spec.rate = rate;
    EXPECT_THROW(static_cast<void>(start_trial(spec, anywhere(1))), std::invalid_argument);
  }
}

TEST(OneWay, StopsWhileItWaitsForAMessageToBecomeDue) {
  const Spec spec = one_way(0.001, 2, UINT64_MAX);
  const auto trial = start_trial(spec, anywhere(2));
  while (!trial->started_within(100ms)) {
  }
  trial->stop();
  const Sample sample = finished(*trial);
  EXPECT_TRUE(sample.verification.passed());
  EXPECT_LE(sample.messages, 1U);
  EXPECT_EQ(sample.per_producer_messages[1], 0U);
  EXPECT_LE(sample.messages_due, 1U);
  EXPECT_GE(sample.seconds, 0);
}

TEST(OneWay, ReportsHowMuchWasDueIfItCannotKeepUp) {
  const Spec spec = one_way(1e12, 2, UINT64_MAX);
  const auto trial = start_trial(spec, anywhere(2));
  while (!trial->started_within(100ms)) {
  }
  std::this_thread::sleep_for(20ms);
  trial->stop();
  const Sample sample = finished(*trial);
  EXPECT_TRUE(sample.verification.passed());
  EXPECT_EQ(sample.latency.value().count(), sample.messages);
  EXPECT_GT(sample.messages_due.value(), 10 * sample.messages);
}

TEST(RoundTrips, AreEachTimedIfTheSpecAsksForIt) {
  for (const char* const queue : {"ringmpsc", "mutex-ring", "bounce"}) {
    for (const Wait wait : {Wait::adaptive, Wait::blocking}) {
      Spec spec = messages(Pattern::round_trip, 1'000);
      spec.queue = queue;
      spec.wait = wait;
      const Sample timed = run(spec);
      EXPECT_TRUE(timed.verification.passed());
      ASSERT_TRUE(timed.latency.has_value()) << queue;
      EXPECT_EQ(timed.latency->count(), 1'000U);
      EXPECT_GT(timed.latency->mean(), 0);
      EXPECT_EQ(timed.messages_due, std::nullopt);
      spec.latency = false;
      EXPECT_EQ(run(spec).latency, std::nullopt) << queue;
    }
  }
}

/// The second of these queues that a trial makes, which is the way back, never has room.
template <class M>
class NoWayBack {
 public:
  inline static std::atomic<unsigned> made_{0};

  explicit NoWayBack(const QueueOptions& options)
      : queue_(options), closed_(made_.fetch_add(1) % 2 == 1) {}

  struct Producer {
    typename bench::testing::ChannelQueue<M>::Producer producer;
    bool closed;
    bool push(const M& message) { return !closed && producer.push(message); }
  };
  Producer producer() { return {queue_.producer(), closed_}; }
  auto consumer() { return queue_.consumer(); }

 private:
  bench::testing::ChannelQueue<M> queue_;
  bool closed_;
};

TEST(RoundTrips, LeaveNoThreadSpinningWhenTheyAreCalledOff) {
  NoWayBack<Message<8>>::made_ = 0;
  const Spec spec = messages(Pattern::round_trip, 1'000);
  RoundTripOf<NoWayBack<Message<8>>, Message<8>> trial(spec, anywhere(1));
  while (trial.state().consumer.stage != Stage::replying) std::this_thread::yield();
  EXPECT_FALSE(trial.finished_within(1ms));
  EXPECT_EQ(trial.state().producers[0].messages, 1U);
  trial.call_off();
  const Sample sample = finished(trial);
  EXPECT_EQ(sample.per_producer_messages[0], 1U);
  EXPECT_EQ(sample.verification.lost, 1U);
}

/// Controls the queue below, and records what it sees from within.
struct Stop {
  static constexpr auto kLength = 100ms;

  /// How many more messages the consumer hands over before it stops.
  std::atomic<std::int64_t> after = 0;
  /// When the message with this number was really sent, and an ordinary timer's times, which count
  /// from then on.
  std::vector<std::uint64_t> sent_at;
  LatencyRecorder from_sending;
};
std::optional<Stop> stop;

/// A correct queue of one producer, whose consumer stops once, in the middle of the run.
template <class M>
class StoppingQueue {
 public:
  explicit StoppingQueue(const QueueOptions& options) : queue_(options) {}

  class Producer {
   public:
    explicit Producer(typename bench::testing::ChannelQueue<M>::Producer producer)
        : producer_(std::move(producer)) {}
    bool push(const M& message) {
      if (next_ < stop->sent_at.size()) stop->sent_at[next_] = machine::monotonic_ns();
      if (!producer_.push(message)) return false;
      ++next_;
      return true;
    }

   private:
    typename bench::testing::ChannelQueue<M>::Producer producer_;
    std::size_t next_ = 0;
  };

  class Consumer {
   public:
    explicit Consumer(typename bench::testing::ChannelQueue<M>::Consumer consumer)
        : consumer_(std::move(consumer)) {}
    template <class Read>
    std::size_t consume(Read&& read) {
      return consumer_.consume([this, &read](std::span<const M> run) {
        for (const M& message : run) {
          if (stop->after.fetch_sub(1, std::memory_order_relaxed) == 0) {
            std::this_thread::sleep_for(Stop::kLength);
          }
          read(message);
          if (next_ < stop->sent_at.size()) {
            stop->from_sending.record(machine::monotonic_ns() - stop->sent_at[next_++]);
          }
        }
      });
    }

   private:
    typename bench::testing::ChannelQueue<M>::Consumer consumer_;
    std::size_t next_ = 0;
  };

  Producer producer() { return Producer(queue_.producer()); }
  Consumer consumer() { return Consumer(queue_.consumer()); }

 private:
  bench::testing::ChannelQueue<M> queue_;
};

// Half of the stop, and nearly all of it. A busy machine delays a thread now and then, but by less.
constexpr std::uint64_t kLong = 50'000'000;
constexpr std::uint64_t kNearlyAll = 90'000'000;

/// The number of messages that took at least this long, to within the width of a bucket.
std::uint64_t count_from(const LatencyHistogram& histogram, std::uint64_t ns) {
  std::uint64_t count = 0;
  for (const LatencyHistogram::Bucket& bucket : histogram.buckets()) {
    if (bucket.lowest >= ns) count += bucket.count;
  }
  return count;
}

TEST(ConsumerStop, ShowsInTheTimesOfEveryMessageThatWasDueDuringIt) {
  // 20,000 messages become due during the stop. The ring holds 8: the others cannot even be sent.
  constexpr std::uint64_t kMessages = 200'000;
  Spec spec = one_way(200'000, 1, kMessages);
  spec.ring_bits = 3;
  stop.emplace();
  stop->after = kMessages / 2;
  stop->sent_at.resize(kMessages);
  OneWayOf<StoppingQueue<Message<8>>, Message<8>> trial(spec, anywhere(1));
  const Sample sample = finished(trial);
  EXPECT_TRUE(sample.verification.passed());

  const LatencyHistogram& from_due = sample.latency.value();
  ASSERT_EQ(from_due.count(), kMessages);
  EXPECT_GE(from_due.max(), kNearlyAll);
  EXPECT_GE(from_due.value_at_percentile(99.9), kNearlyAll);
  EXPECT_GE(count_from(from_due, kLong), kMessages / 20);

  // Timed from when each was sent, the same run looks as if hardly anything had happened.
  const LatencyHistogram from_sending = stop->from_sending.histogram();
  ASSERT_EQ(from_sending.count(), kMessages);
  EXPECT_GE(from_sending.max(), kNearlyAll);
  EXPECT_LT(from_sending.value_at_percentile(99.9), kLong);
}

TEST(ConsumerStop, AlsoShowsIfTheRingTakesEveryMessageMeanwhile) {
  constexpr std::uint64_t kMessages = 50'000;
  Spec spec = one_way(100'000, 1, kMessages);
  spec.ring_bits = 16;
  stop.emplace();
  stop->after = kMessages / 2;
  OneWayOf<StoppingQueue<Message<8>>, Message<8>> trial(spec, anywhere(1));
  const Sample sample = finished(trial);
  EXPECT_TRUE(sample.verification.passed());
  EXPECT_GE(sample.latency.value().value_at_percentile(99.9), kNearlyAll);
  EXPECT_GE(count_from(*sample.latency, kLong), kMessages / 20);
}

TEST(ConsumerStop, DelaysOneRoundTripAmongThousands) {
  constexpr std::uint64_t kTrips = 20'000;
  const Spec spec = messages(Pattern::round_trip, kTrips);
  stop.emplace();
  stop->after = kTrips;  // each trip is two messages
  RoundTripOf<StoppingQueue<Message<8>>, Message<8>> trial(spec, anywhere(1));
  const Sample sample = finished(trial);
  EXPECT_TRUE(sample.verification.passed());
  ASSERT_EQ(sample.latency.value().count(), kTrips);
  EXPECT_GE(sample.latency->max(), kNearlyAll);
  EXPECT_LT(sample.latency->value_at_percentile(99.9), kLong);
}

}  // namespace
}  // namespace bench::workload
