// Random numbers of which the same seed gives the same on every machine and every library.
#pragma once

#include <bit>
#include <cstdint>

namespace bench::stress {

/// SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators",
/// OOPSLA 2014): the outputs are the mixed terms of an arithmetic sequence.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) noexcept : state_(seed) {}

  constexpr std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }

  /// 0 to `count` - 1; the smallest numbers are more likely by less than one part in 2^40 for the
  /// counts that are drawn here. Precondition: `count` is at least 1.
  constexpr std::uint64_t below(std::uint64_t count) noexcept { return next() % count; }

  constexpr std::uint64_t between(std::uint64_t least, std::uint64_t most) noexcept {
    return least + below(most - least + 1);
  }

  /// Small numbers as often as large ones: each power of two is as likely as the next.
  constexpr std::uint64_t spread(std::uint64_t least, std::uint64_t most) noexcept {
    const auto low = static_cast<unsigned>(std::bit_width(least));
    const auto high = static_cast<unsigned>(std::bit_width(most));
    const std::uint64_t width = between(low, high);
    const std::uint64_t from = width == 0 ? 0 : std::uint64_t{1} << (width - 1);
    const std::uint64_t to = width == 0 ? 0 : from + (from - 1);
    return between(from < least ? least : from, to > most ? most : to);
  }

  /// True once in `times` calls, on average.
  constexpr bool once_in(std::uint64_t times) noexcept { return below(times) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace bench::stress
