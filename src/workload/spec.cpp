#include "workload/spec.hpp"

#include <utility>

namespace bench::workload {
namespace {

template <class E, std::size_t N>
std::string_view name_in(const std::array<Named<E>, N>& names, E value) noexcept {
  for (const auto& [name, named] : names) {
    if (named == value) return name;
  }
  std::unreachable();
}

}  // namespace

std::string_view name(Pattern pattern) noexcept { return name_in(kPatternNames, pattern); }
std::string_view name(Write write) noexcept { return name_in(kWriteNames, write); }
std::string_view name(Layout layout) noexcept { return name_in(kLayoutNames, layout); }
std::string_view name(Consume consume) noexcept { return name_in(kConsumeNames, consume); }
std::string_view name(Wait wait) noexcept { return name_in(kWaitNames, wait); }

Layout layout_for(const Spec& spec) noexcept {
  constexpr std::size_t kLineBytes = 64;
  if (spec.pattern != Pattern::stream) return Layout::celled;
  const bool fills_a_line = spec.batch > 1 && spec.batch * spec.payload_bytes >= kLineBytes;
  return fills_a_line || spec.write == Write::deferred ? Layout::dense : Layout::celled;
}

}  // namespace bench::workload
