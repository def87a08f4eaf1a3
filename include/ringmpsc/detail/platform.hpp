// Platform-dependent parts of the core: the distance between data of two writers, the spin-wait
// hint, the fastest copy of many bytes, memory near a thread, and the atomic type (which the model
// checker replaces).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

// Sanitizers that look at each access of memory. GCC announces its own with macros.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_HWADDRESS__)
#define RINGMPSC_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer) || \
    __has_feature(hwaddress_sanitizer) || __has_feature(memory_sanitizer)
#define RINGMPSC_SANITIZED 1
#endif
#endif

// A memory-model checker defines its own atomic type here. All other programs use std::atomic.
#ifndef RINGMPSC_ATOMIC
#define RINGMPSC_ATOMIC std::atomic
#endif

namespace ringmpsc::detail {

template <class T>
using Atomic = RINGMPSC_ATOMIC<T>;

// The distance between data of two writers is two cache lines of 64 bytes: x86's adjacent-line
// prefetcher pulls lines in pairs, and Apple's cores and some POWER and ARM cores have lines of 128
// bytes. std::hardware_destructive_interference_size is no substitute: it is 64 on x86 and may
// differ between two compilers of one program.
inline constexpr std::size_t kLineBytes = 128;

/// True if no object of another thread shares a line with a `T`, wherever the `T` lies.
template <class T>
inline constexpr bool kFillsLines = alignof(T) >= kLineBytes && sizeof(T) % kLineBytes == 0;

// Sequences have 64 bits on every machine. A lock behind one would be a lock on the data path.
static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
                  std::atomic<bool>::is_always_lock_free,
              "ringmpsc needs lock-free 64-bit atomics, which this target does not have");

/// Tells the core that this is a spin loop (x86 PAUSE, ARM YIELD). Never makes a system call.
inline void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#elif defined(__aarch64__) || defined(__arm__)
  asm volatile("yield" ::: "memory");
#endif
}

/// Asks for the line of `address`, to be read soon. No access: any address will do. GCC takes a
/// function that only does this for one that does nothing and drops its calls, so that it and its
/// callers are inlined before that.
[[gnu::always_inline]] inline void prefetch([[maybe_unused]] const void* address) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(address);
#endif
}

/// Copies fewer than 64 bytes by two moves of one size, which may overlap.
inline void copy_few_bytes(std::byte* to, const std::byte* from, std::size_t bytes) noexcept {
  const auto both_ends = [=](auto size) noexcept {
    std::byte first[size];
    std::byte last[size];
    std::memcpy(first, from, size);
    std::memcpy(last, from + bytes - size, size);
    std::memcpy(to, first, size);
    std::memcpy(to + bytes - size, last, size);
  };
  if (bytes >= 32) return both_ends(std::integral_constant<std::size_t, 32>());
  if (bytes >= 16) return both_ends(std::integral_constant<std::size_t, 16>());
  if (bytes >= 8) return both_ends(std::integral_constant<std::size_t, 8>());
  if (bytes >= 4) return both_ends(std::integral_constant<std::size_t, 4>());
  if (bytes >= 2) return both_ends(std::integral_constant<std::size_t, 2>());
  if (bytes == 1) *to = *from;
}

/// Copies `bytes` bytes. The source and the destination must not overlap.
///
/// Small copies are moves here and no call of memcpy: around a call, the compiler keeps an
/// endpoint's state in memory, and those stores wait behind the lines that come from the other
/// core. Sends of two messages are 1.7 to 4 times as fast so.
///
/// From 1 KiB on, x86-64 uses `rep movsb`. With fast string operations it claims whole destination
/// lines without reading them first, and the destination lines here were last held by the other
/// core. C libraries switch to `rep movsb` at a larger size or, on some processors, never.
/// Sanitizers cannot see into it, so sanitized builds use memcpy.
inline void copy_bytes(void* to, const void* from, std::size_t bytes) noexcept {
  if (bytes >= 1024) {
#if defined(__x86_64__) && !defined(RINGMPSC_SANITIZED)
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes)::"memory");
#else
    std::memcpy(to, from, bytes);
#endif
    return;
  }
  auto* to_byte = static_cast<std::byte*>(to);
  const auto* from_byte = static_cast<const std::byte*>(from);
  for (; bytes >= 64; bytes -= 64) {
    std::memcpy(to_byte, from_byte, 64);
    to_byte += 64;
    from_byte += 64;
  }
  copy_few_bytes(to_byte, from_byte, bytes);
}

/// Whole pages that the constructing thread faults in, so that they lie on its NUMA node. Throws
/// std::bad_alloc.
///
/// An allocator may hand out memory that another thread touched first, which decided where it lies.
/// On Linux the pages therefore come fresh from the kernel and go back to it. A sanitizer knows
/// more about an allocator's memory: its bounds, the pointers in it, and that it is not initialised
/// yet.
class NearPages {
 public:
  explicit NearPages(std::size_t bytes) : bytes_(whole_pages(bytes)), first_(acquire(bytes_)) {
    volatile std::byte* const touched = first_;
    for (std::size_t i = 0; i < bytes_; i += page_bytes()) touched[i] = std::byte{0};
  }
  NearPages(const NearPages&) = delete;
  NearPages& operator=(const NearPages&) = delete;
  ~NearPages() { release(first_, bytes_); }

  [[nodiscard]] std::byte* first() const noexcept { return first_; }

 private:
#if defined(__linux__) && !defined(RINGMPSC_SANITIZED)
  static std::byte* acquire(std::size_t bytes) {
    void* const first =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (first == MAP_FAILED) throw std::bad_alloc();
    return static_cast<std::byte*>(first);
  }
  static void release(std::byte* first, std::size_t bytes) noexcept { munmap(first, bytes); }
#else
  static std::byte* acquire(std::size_t bytes) {
    return static_cast<std::byte*>(::operator new(bytes, std::align_val_t{page_bytes()}));
  }
  static void release(std::byte* first, std::size_t /*bytes*/) noexcept {
    ::operator delete(first, std::align_val_t{page_bytes()});
  }
#endif

  static std::size_t whole_pages(std::size_t bytes) {
    if (bytes > std::size_t{PTRDIFF_MAX} - page_bytes()) throw std::bad_alloc();
    return (bytes + page_bytes() - 1) / page_bytes() * page_bytes();
  }
  static std::size_t page_bytes() noexcept {
#if defined(__linux__)
    static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return bytes;
#else
    return 4096;
#endif
  }

  std::size_t bytes_;
  std::byte* first_;
};

}  // namespace ringmpsc::detail
