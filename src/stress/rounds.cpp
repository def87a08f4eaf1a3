// Makes the round of a plan.

#include <memory>
#include <utility>

#include "stress/adapter_round.hpp"
#include "stress/channel_round.hpp"
#include "stress/messages.hpp"
#include "stress/round.hpp"

namespace bench::stress {

namespace {

template <ringmpsc::Layout L>
std::unique_ptr<Round> channel_round(const RoundPlan& plan) {
  if (plan.has(Shape::payload_heap)) return std::make_unique<ChannelRound<HeapMessage, L>>(plan);
  if (plan.has(Shape::payload_throwing)) {
    return std::make_unique<ChannelRound<ThrowingMessage, L>>(plan);
  }
  switch (plan.payload_bytes) {
    case 8:
      return std::make_unique<ChannelRound<PlainMessage<8>, L>>(plan);
    case 24:
      return std::make_unique<ChannelRound<PlainMessage<24>, L>>(plan);
    case 64:
      return std::make_unique<ChannelRound<PlainMessage<64>, L>>(plan);
    case 256:
      return std::make_unique<ChannelRound<PlainMessage<256>, L>>(plan);
    case 1024:
      return std::make_unique<ChannelRound<PlainMessage<1024>, L>>(plan);
    default:
      std::unreachable();
  }
}

}  // namespace

std::unique_ptr<Round> make_round(const RoundPlan& plan) {
  if (!plan.ours()) return std::make_unique<AdapterRound>(plan);
  return plan.has(Shape::dense) ? channel_round<ringmpsc::Layout::dense>(plan)
                                : channel_round<ringmpsc::Layout::celled>(plan);
}

}  // namespace bench::stress
