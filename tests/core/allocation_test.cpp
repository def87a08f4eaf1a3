// What the core allocates, and when. These tests count allocations and inspect the channel during
// an allocation. They replace the global operator new, so they are left out under sanitizers, which
// replace it too.

#include "ringmpsc/ringmpsc.hpp"

#ifndef RINGMPSC_SANITIZED

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <new>
#include <span>
#include <vector>

#include "layouts.hpp"

namespace {

thread_local std::size_t allocations = 0;  // by this thread
// Called at each over-aligned allocation.
thread_local std::function<void()>* in_allocation = nullptr;

void* allocate(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  if (alignment > alignof(std::max_align_t) && in_allocation != nullptr) {
    std::function<void()>* const hook = in_allocation;
    in_allocation = nullptr;  // the hook's own allocations do not call it
    struct Restore {
      std::function<void()>* hook;
      ~Restore() { in_allocation = hook; }
    } const restore{hook};
    (*hook)();
  }
  void* const memory =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(bytes == 0 ? 1 : bytes)
          : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace ringmpsc::testing {
namespace {

/// While it lives, calls `hook` at each allocation that this thread makes for a ring.
class AtEachRingAllocation {
 public:
  explicit AtEachRingAllocation(std::function<void()> hook) : hook_(std::move(hook)) {
    in_allocation = &hook_;
  }
  AtEachRingAllocation(const AtEachRingAllocation&) = delete;
  AtEachRingAllocation& operator=(const AtEachRingAllocation&) = delete;
  ~AtEachRingAllocation() { in_allocation = nullptr; }

 private:
  std::function<void()> hook_;
};

template <class L>
class Allocation : public ::testing::Test {};
TYPED_TEST_SUITE(Allocation, BothLayouts, LayoutName);

TYPED_TEST(Allocation, NeverHappensOnTheDataPath) {
  ChannelOf<std::uint64_t, TypeParam> channel(
      {.ring_bits = 4, .max_producers = 8, .enable_metrics = true});
  auto consumer = channel.take_consumer();
  std::vector<ProducerOf<std::uint64_t, TypeParam>> producers;
  producers.reserve(8);
  for (int i = 0; i < 8; ++i) producers.push_back(channel.register_producer().value());
  std::array<std::uint64_t, 20> buffer{};
  std::uint64_t sum = 0;
  const std::size_t before = allocations;
  EXPECT_EQ(consumer.producer_count(), 8U) << "taking in new rings is part of polling";
  for (int round = 0; round < 100; ++round) {
    for (auto& producer : producers) {
      (void)producer.push(1);
      auto three = producer.reserve(3);
      three.commit();
      auto five = producer.reserve_up_to(5);
      five.commit();
      (void)producer.send(buffer);
      (void)producer.reserve_with_backoff(1);
    }
    consumer.consume_all_up_to(20, [&sum](std::uint64_t m) { sum += m; });
    (void)consumer.recv(buffer);
    consumer.consume_all([&sum](std::span<std::uint64_t> run) { sum += run.size(); });
    (void)consumer.metrics();
  }
  for (auto& producer : producers) producer.close();
  consumer.consume_all([](std::uint64_t) {});
  consumer.close();
  EXPECT_TRUE(consumer.drained());
  EXPECT_EQ(allocations, before);
}

TYPED_TEST(Allocation, AChannelAllocatesNoRingBeforeItHasAProducer) {
  std::size_t rings = 0;
  const AtEachRingAllocation count([&rings] { ++rings; });
  ChannelOf<std::uint64_t, TypeParam> channel({.ring_bits = 10, .max_producers = 128});
  const std::size_t for_the_channel = rings;
  auto first = channel.register_producer().value();
  const std::size_t for_one = rings - for_the_channel;
  EXPECT_GT(for_one, 0U);
  auto second = channel.register_producer().value();
  EXPECT_EQ(rings, for_the_channel + 2 * for_one);
}

TYPED_TEST(Allocation, TheConsumerSeesNoProducerWhoseRingIsNotBuiltYet) {
  ChannelOf<std::uint64_t, TypeParam> channel({.ring_bits = 4, .max_producers = 2});
  auto consumer = channel.take_consumer();
  int looks = 0;
  for (int generation = 0; generation < 3; ++generation) {  // in fresh slots, then in used ones
    {
      const AtEachRingAllocation look([&] {
        ++looks;
        EXPECT_EQ(consumer.producer_count(), 0U);
        EXPECT_EQ(consumer.consume_all([](std::uint64_t) {}), 0U);
        EXPECT_TRUE(consumer.empty());
        EXPECT_EQ(consumer.metrics().messages_sent, static_cast<std::uint64_t>(generation));
      });
      auto producer = channel.register_producer().value();
      EXPECT_TRUE(producer.push(1));
    }
    EXPECT_EQ(consumer.consume_all([](std::uint64_t) {}), 1U);
    EXPECT_EQ(consumer.producer_count(), 0U);
  }
  EXPECT_GE(looks, 3);
}

TYPED_TEST(Allocation, AProducerThatIsRegisteringHoldsItsSlotAndDelaysTheDrain) {
  ChannelOf<std::uint64_t, TypeParam> channel({.ring_bits = 4, .max_producers = 1});
  auto consumer = channel.take_consumer();
  int looks = 0;
  const AtEachRingAllocation look([&] {
    if (looks++ > 0) return;
    EXPECT_EQ(channel.register_producer().error(), RegisterError::too_many_producers);
    channel.close();
    EXPECT_FALSE(consumer.drained()) << "the registration may still succeed";
  });
  EXPECT_EQ(channel.register_producer().error(), RegisterError::closed)
      << "the channel was closed before the registration was complete";
  EXPECT_GT(looks, 0);
  EXPECT_TRUE(consumer.drained());
}

#if defined(__linux__)
/// While it lives, the process gets no more than a megabyte of new pages from the system.
class NoMorePages {
 public:
  NoMorePages() {
    getrlimit(RLIMIT_AS, &before_);
    rlimit tight = before_;
    tight.rlim_cur = mapped_pages() * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + (1 << 20);
    setrlimit(RLIMIT_AS, &tight);
  }
  NoMorePages(const NoMorePages&) = delete;
  NoMorePages& operator=(const NoMorePages&) = delete;
  ~NoMorePages() { setrlimit(RLIMIT_AS, &before_); }

 private:
  static rlim_t mapped_pages() {
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages;
  }

  rlimit before_{};
};
#endif

TYPED_TEST(Allocation, ARegistrationThatFindsNoMemoryFreesItsSlot) {
  ChannelOf<std::uint64_t, TypeParam> channel({.ring_bits = 18, .max_producers = 1});
  auto consumer = channel.take_consumer();
  const auto refuse_the_ring = [&channel] {
    const AtEachRingAllocation fail([] { throw std::bad_alloc(); });
    EXPECT_THROW((void)channel.register_producer(), std::bad_alloc);
  };
  const auto refuse_the_slots = [&channel] {
#if defined(__linux__)
    const NoMorePages two_mebibytes_are_too_much;
    EXPECT_THROW((void)channel.register_producer(), std::bad_alloc);
#endif
  };
  // The slots first: a ring of before would make room for them.
  for (const std::function<void()>& refuse :
       {std::function<void()>(refuse_the_slots), std::function<void()>(refuse_the_ring)}) {
    refuse();
    EXPECT_EQ(consumer.producer_count(), 0U);
    EXPECT_EQ(consumer.consume_all([](std::uint64_t) {}), 0U);
    {
      auto producer = channel.register_producer();
      ASSERT_TRUE(producer.has_value());
      EXPECT_TRUE(producer->push(1));
    }
    EXPECT_EQ(consumer.consume_all([](std::uint64_t) {}), 1U);
    EXPECT_EQ(consumer.producer_count(), 0U);
  }
}

#if defined(__linux__)
template <class L>
class MemoryOfARing : public ::testing::Test {};
TYPED_TEST_SUITE(MemoryOfARing, BothLayouts, LayoutName);

TYPED_TEST(MemoryOfARing, HasSlotsThatAreNotTheAllocatorsAndGivesThemBack) {
  const std::size_t before = allocations;
  void* slots = nullptr;
  unsigned char resident = 0;
  {
    RingOf<std::uint64_t, TypeParam> ring(16);
    auto [sender, receiver] = ring.split();
    const auto reservation = sender.reserve(1);
    slots = reservation.begin();
    EXPECT_EQ(mincore(slots, 1, &resident), 0);
  }
  EXPECT_EQ(allocations, before) << "an allocator's pages are not for the ring to give back";
  EXPECT_EQ(mincore(slots, 1, &resident), -1) << "the pages are still there";
  EXPECT_EQ(errno, ENOMEM);
}

TYPED_TEST(MemoryOfARing, HasPagesFaultedInByItsMakerEvenInReusedMemory) {
  // The thread that faults pages in decides where they lie, and an allocator hands out used pages.
  const auto faults = [] {
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_minflt;
  };
  for (int i = 0; i < 8; ++i) {
    for (const unsigned bits : {9U, 13U, 16U}) {  // slots of 8 bytes: 1, 16, 128 pages of 4 KiB
      const long before = faults();
      const RingOf<std::uint64_t, TypeParam> ring(bits);
      const long pages = (8L << bits) / sysconf(_SC_PAGESIZE);
      EXPECT_GE(faults() - before, pages) << "2^" << bits << " slots, repetition " << i;
    }
  }
}
#endif

}  // namespace
}  // namespace ringmpsc::testing

#endif
