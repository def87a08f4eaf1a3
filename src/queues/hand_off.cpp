// Not a queue, but the most that the machine can do for batches. Chunks of memory change hands,
// each by a flag of its own, and together have the same footprint as a ring.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "build_info.hpp"
#include "ringmpsc/detail/platform.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload::hand_off {

/// One producer and one consumer go around the chunks in the same order. There is no index and no
/// search, and a side reads nothing of the other but the flag of the current chunk. A chunk holds
/// one batch, or a part of one at the end.
template <class M>
class HandOff {
 public:
  explicit HandOff(const QueueOptions& options)
      : chunk_(std::min(options.batch, options.slots)),
        messages_(options.slots / chunk_ * chunk_),
        flags_(options.slots / chunk_) {}

  class Producer {
   public:
    explicit Producer(HandOff& all) : all_(&all) {}

    bool push(const M& message) { return send({&message, 1}) == 1; }
    std::size_t send(std::span<const M> messages) {
      return fill(messages.size(), [&](std::span<M> to) {
        ringmpsc::detail::copy_bytes(to.data(), messages.data(), to.size_bytes());
      });
    }
    template <class Write>
    std::size_t produce(std::size_t count, Write write) {
      return fill(count, write);
    }

   private:
    template <class Write>
    std::size_t fill(std::size_t count, Write write) {
      Flag& flag = all_->flags_[at_];
      if (flag.filled.load(std::memory_order_acquire) != 0) return 0;
      count = std::min(count, all_->chunk_);
      write(std::span<M>(all_->messages_).subspan(at_ * all_->chunk_, count));
      flag.filled.store(count, std::memory_order_release);
      if (++at_ == all_->flags_.size()) at_ = 0;
      return count;
    }

    HandOff* all_;
    std::size_t at_ = 0;
  };

  class Consumer {
   public:
    explicit Consumer(HandOff& all) : all_(&all) {}

    std::size_t consume(auto&& read) {
      std::size_t total = 0;
      while (true) {
        Flag& flag = all_->flags_[at_];
        const std::size_t count = flag.filled.load(std::memory_order_acquire);
        if (count == 0) return total;
        read(std::span<const M>(all_->messages_).subspan(at_ * all_->chunk_, count));
        flag.filled.store(0, std::memory_order_release);
        if (++at_ == all_->flags_.size()) at_ = 0;
        total += count;
      }
    }

   private:
    HandOff* all_;
    std::size_t at_ = 0;
  };

  Producer producer() { return Producer(*this); }
  Consumer consumer() { return Consumer(*this); }

 private:
  struct alignas(ringmpsc::detail::kLineBytes) Flag {
    std::atomic<std::size_t> filled{0};  // messages in the chunk; 0 gives the chunk to the producer
  };

  std::size_t chunk_;
  std::vector<M> messages_;
  std::vector<Flag> flags_;
};

const InTable kInTable(
    entry_of<HandOff, 4, 8, 16, 32, 64, 128, 256, 512, 1024>({.name = "hand-off",
                                                              .kind = QueueKind::limit,
                                                              .order = "total",
                                                              .progress = "blocking",
                                                              .version = kVersion}));

}  // namespace bench::workload::hand_off
