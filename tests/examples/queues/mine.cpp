#include "my_queue.hpp"
#include "workload/trial_of.hpp"

namespace bench::workload::mine {

template <class M>  // a message, trivially copyable
class Mine {
 public:
  explicit Mine(const QueueOptions& options) : queue_(options.slots) {}

  struct Producer {
    MyQueue<M>* queue;
    bool push(const M& message) { return queue->try_push(message); }  // false: there is no room
  };
  struct Consumer {
    MyQueue<M>* queue;
    std::size_t consume(auto&& read) {  // how many messages were read; 0: nothing was there
      return pop_each<M>(read, [this](M& message) { return queue->try_pop(message); });
    }
  };
  Producer producer() { return {&queue_}; }
  Consumer consumer() { return {&queue_}; }

 private:
  MyQueue<M> queue_;
};

const InTable kInTable(entry_of<Mine>({.name = "mine",
                                       .kind = QueueKind::spsc,  // or mpsc, mpmc
                                       .order = "total",         // or "per producer", kNoOrder
                                       .progress = "wait-free",  // what a call depends on
                                       .version = "1.0",
                                       .power_of_two_slots = false}));

}  // namespace bench::workload::mine
