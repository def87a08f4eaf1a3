// A round of our channel, which is used in all of its ways.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <string>
#include <vector>

#include "stress/channel_checks.hpp"
#include "stress/channel_consumer.hpp"
#include "stress/channel_in_use.hpp"
#include "stress/channel_producer.hpp"
#include "stress/round.hpp"
#include "workload/spec.hpp"

namespace bench::stress {

/// `T` is one of the messages of messages.hpp.
template <class T, ringmpsc::Layout L>
class ChannelRound final : public Round {
 public:
  explicit ChannelRound(const RoundPlan& plan) : Round(plan), in_use_(plan) {}

  [[nodiscard]] std::vector<std::string> hints() const override {
    return {fmt::format("the channel {}", in_use_.is_closed()    ? "is closed"
                                          : in_use_.is_closing() ? "is being closed"
                                                                 : "is open"),
            fmt::format("registrations: {}, ended: {}",
                        in_use_.registrations.load(std::memory_order_acquire),
                        in_use_.lives_ended.load(std::memory_order_acquire)),
            fmt::format("producers wait by {}, the consumer by {}",
                        workload::name(plan_.producers_wait), workload::name(plan_.consumer_wait))};
  }

 private:
  void produce(unsigned thread, Worker& worker) override {
    ChannelProducer<T, L>(*this, in_use_, worker).work(thread);
  }
  void consume(Worker& worker) override {
    ChannelConsumer<T, L>(*this, in_use_, checks_, worker).work();
    received_ = checks_.ledger().received();
  }
  void check_end() override {
    in_use_.channel.reset();  // and with it the messages that nobody has read
    checks_.end(commits_);
  }

  void on_failure() noexcept override { in_use_.wake_all(); }
  void on_last_producers_end() noexcept override { in_use_.news.notify(); }
  void on_stop() noexcept override {
    if (plan_.has(Shape::leave) || plan_.has(Shape::close_consumer)) in_use_.news.notify();
  }

  ChannelInUse<T, L> in_use_;
  ChannelChecks<T, L> checks_{*this, in_use_};
};

}  // namespace bench::stress
