// Makes the round of a plan.

#include <memory>
#include <utility>

#include "stress/adapter_round.hpp"
#include "stress/channel_round.hpp"
#include "stress/messages.hpp"
#include "stress/round.hpp"

namespace bench::stress {

std::unique_ptr<Round> make_round(const RoundPlan& plan) {
  if (!plan.ours()) return std::make_unique<AdapterRound>(plan);
  if (plan.has(Shape::payload_heap)) return std::make_unique<ChannelRound<HeapMessage>>(plan);
  if (plan.has(Shape::payload_throwing)) {
    return std::make_unique<ChannelRound<ThrowingMessage>>(plan);
  }
  switch (plan.payload_bytes) {
    case 8:
      return std::make_unique<ChannelRound<PlainMessage<8>>>(plan);
    case 24:
      return std::make_unique<ChannelRound<PlainMessage<24>>>(plan);
    case 64:
      return std::make_unique<ChannelRound<PlainMessage<64>>>(plan);
    case 256:
      return std::make_unique<ChannelRound<PlainMessage<256>>>(plan);
    case 1024:
      return std::make_unique<ChannelRound<PlainMessage<1024>>>(plan);
    default:
      std::unreachable();
  }
}

}  // namespace bench::stress
