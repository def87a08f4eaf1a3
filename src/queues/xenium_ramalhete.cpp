// xenium's queue after Pedro Ramalhete and Andreia Correia, with unbounded segments.

#include <xenium/ramalhete_queue.hpp>
#include <xenium/reclamation/generic_epoch_based.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "workload/trial_of.hpp"

namespace bench::workload::xenium_ramalhete {

/// It holds pointers: a producer allocates each message, and the consumer frees it. The queue
/// itself is unbounded, but its producers keep to the bound of the other queues: now and then, each
/// adds up how many messages have been sent and how many have been consumed.
template <class M>
class XeniumRamalhete {
 public:
  using Queue =
      xenium::ramalhete_queue<M*, xenium::policy::reclaimer<xenium::reclamation::epoch_based<>>>;

  explicit XeniumRamalhete(const QueueOptions& options)
      : capacity_(options.slots), sent_(options.producers) {}

  class Producer {
   public:
    Producer(XeniumRamalhete& queue, std::size_t id) : all_(&queue), id_(id) {}
    bool push(const M& message) {
      if (credit_ == 0 && !get_credit()) return false;
      all_->queue_.push(std::make_unique<M>(message).release());
      --credit_;
      return true;
    }

   private:
    bool get_credit() {
      std::uint64_t in_it = 0;
      for (const Count& count : all_->sent_) in_it += count.value.load(std::memory_order_relaxed);
      in_it -= all_->consumed_.value.load(std::memory_order_relaxed);
      // An equal share of the room, so that producers that ask at the same time do not take it
      // twice.
      const std::uint64_t room = all_->capacity_ - std::min(in_it, all_->capacity_);
      credit_ = std::min<std::uint64_t>(256, room / all_->sent_.size());
      all_->sent_[id_].value.fetch_add(credit_, std::memory_order_relaxed);
      return credit_ > 0;
    }

    XeniumRamalhete* all_;
    std::size_t id_;
    std::uint64_t credit_ = 0;
  };

  struct Consumer {
    XeniumRamalhete* all;
    std::size_t consume(auto&& read) {
      const std::size_t count = pop_each<M*>(
          [&read](M* message) {
            const std::unique_ptr<M> owned(message);
            read(*owned);
          },
          [this](M*& message) { return all->queue_.try_pop(message); });
      if (count > 0) all->consumed_.value.fetch_add(count, std::memory_order_relaxed);
      return count;
    }
  };

  Producer producer() { return {*this, registered_.fetch_add(1, std::memory_order_relaxed)}; }
  Consumer consumer() { return {this}; }

 private:
  struct alignas(128) Count {
    std::atomic<std::uint64_t> value{0};
  };

  std::uint64_t capacity_;
  std::vector<Count> sent_;  // credit given to each producer
  Count consumed_;
  std::atomic<std::size_t> registered_{0};
  Queue queue_;
};

const InTable kInTable(entry_of<XeniumRamalhete>({.name = "xenium-ramalhete",
                                                  .kind = QueueKind::mpmc,
                                                  .order = "total",
                                                  .progress = "lock-free",
                                                  .version = RINGMPSC_PACKAGE_VERSION,
                                                  .package = "libxenium-dev"}));

}  // namespace bench::workload::xenium_ramalhete
