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
std::string_view name(Consume consume) noexcept { return name_in(kConsumeNames, consume); }
std::string_view name(Wait wait) noexcept { return name_in(kWaitNames, wait); }

}  // namespace bench::workload
