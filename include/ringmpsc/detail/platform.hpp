// Platform-dependent parts of the core: the distance between data of two writers, the spin-wait
// hint, the fastest copy of many bytes, memory near a thread, and the atomic type (which the model
// checker replaces).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstring>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define RINGMPSC_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
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

/// Tells the core that this is a spin loop (x86 PAUSE, ARM YIELD). Never makes a system call.
inline void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#elif defined(__aarch64__) || defined(__arm__)
  asm volatile("yield" ::: "memory");
#endif
}

/// Copies `bytes` bytes. The source and the destination must not overlap.
///
/// From 1 KiB on, x86-64 uses `rep movsb`. With fast string operations it claims whole destination
/// lines without reading them first, and the destination lines here were last held by the other
/// core. C libraries switch to `rep movsb` at a larger size or, on some processors, never.
/// Sanitizers cannot see into it, so sanitized builds use memcpy.
inline void copy_bytes(void* to, const void* from, std::size_t bytes) noexcept {
#if defined(__x86_64__) && !defined(RINGMPSC_SANITIZED)
  if (bytes >= 1024) {
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes)::"memory");
    return;
  }
#endif
  std::memcpy(to, from, bytes);
}

/// Whole pages that the constructing thread faults in, so that they lie on its NUMA node.
///
/// An allocator may hand out memory that another thread touched first, which decided where it lies.
/// On Linux the constructor therefore gives the pages back to the kernel first. Throws
/// std::bad_alloc.
class NearPages {
 public:
  explicit NearPages(std::size_t bytes)
      : bytes_((bytes + page_bytes() - 1) / page_bytes() * page_bytes()),
        first_(static_cast<std::byte*>(::operator new(bytes_, std::align_val_t{page_bytes()}))) {
#if defined(__linux__)
    madvise(first_, bytes_, MADV_DONTNEED);
#endif
    volatile std::byte* const touched = first_;
    for (std::size_t i = 0; i < bytes_; i += page_bytes()) touched[i] = std::byte{0};
  }
  NearPages(const NearPages&) = delete;
  NearPages& operator=(const NearPages&) = delete;
  ~NearPages() { ::operator delete(first_, std::align_val_t{page_bytes()}); }

  [[nodiscard]] std::byte* first() const noexcept { return first_; }

 private:
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
