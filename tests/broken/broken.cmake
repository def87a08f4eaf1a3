# A copy of the core that has faults on purpose, of which the environment variable FAULT turns one on
# (broken.hpp): for the tests that see the command stress find each of them.
set(broken_core ${CMAKE_CURRENT_BINARY_DIR}/broken)
file(GLOB_RECURSE headers RELATIVE ${PROJECT_SOURCE_DIR}/include CONFIGURE_DEPENDS
     ${PROJECT_SOURCE_DIR}/include/ringmpsc/*.hpp)
foreach(header IN LISTS headers)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/${header})
  file(READ ${PROJECT_SOURCE_DIR}/include/${header} text)
  set("text_of_${header}" "${text}")
endforeach()

# break_core(HEADER BEFORE AFTER): replaces the text where it stands first.
function(break_core header before after)
  set(text "${text_of_${header}}")
  string(FIND "${text}" "${before}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "tests/broken/broken.cmake: ${header} no longer has \"${before}\"")
  endif()
  string(LENGTH "${before}" length)
  string(SUBSTRING "${text}" 0 ${place} head)
  math(EXPR rest "${place} + ${length}")
  string(SUBSTRING "${text}" ${rest} -1 tail)
  set("text_of_${header}" "${head}${after}${tail}" PARENT_SCOPE)
endfunction()

set(fault "bench::testing::CoreFault")

break_core(ringmpsc/detail/dense.hpp
  "const std::size_t to_wrap = capacity() - (sequence & capacity_.mask());"
  "const std::size_t to_wrap = capacity() - (sequence & capacity_.mask()) + (bench::testing::broken(${fault}::wrap) ? 1 : 0);")
break_core(ringmpsc/detail/celled.hpp
  "  return (capacity + k - 1) / k;"
  "  return bench::testing::broken(${fault}::reuse) && capacity > k ? capacity / k : (capacity + k - 1) / k;")
break_core(ringmpsc/detail/celled.hpp
  "    return {at(sequence), std::min<std::size_t>(count, cell_end_ - sequence)};"
  "    const std::size_t to_end = cell_end_ - sequence + (bench::testing::broken(${fault}::wrap) ? 1 : 0);
    return {at(sequence), std::min<std::size_t>(count, to_end)};")
break_core(ringmpsc/receiver.hpp
  "      batch.give_run([&]"
  "      if (bench::testing::broken(${fault}::head_first)) published_->head.store(batch.head() + 1, std::memory_order_release);
      batch.give_run([&]")
break_core(ringmpsc/reservation.hpp
  "  ~Reservation() { drop(); }"
  "  ~Reservation() {
    if (bench::testing::broken(${fault}::destructor_commits) && !empty() && sender_->published_ != nullptr) commit();
    drop();
  }")
break_core(ringmpsc/receiver.hpp
  "    ~Destroyed() { std::destroy(messages_.begin(), messages_.end()); }"
  "    ~Destroyed() {
      if (messages_.empty()) return;
      if (bench::testing::broken(${fault}::destroys_twice)) std::destroy_at(messages_.data());
      std::destroy(messages_.begin(), messages_.end() - (bench::testing::broken(${fault}::forgets_destroy) ? 1 : 0));
    }")
break_core(ringmpsc/detail/parking.hpp
  "    if (!word_.compare_exchange_strong(seen, seen + 1, std::memory_order_relaxed)) return;"
  "    if (bench::testing::broken_once_in(${fault}::misses_sleeper, 100)) return;
    if (!word_.compare_exchange_strong(seen, seen + 1, std::memory_order_relaxed)) return;
    if (bench::testing::broken_once_in(${fault}::loses_wake_up, 100)) return;")
break_core(ringmpsc/receiver.hpp
  "    if (available() > 0) return false;"
  "    if (bench::testing::broken(${fault}::frees_early) && published_->finished.load(std::memory_order_acquire)) return true;
    if (available() > 0) return false;")
break_core(ringmpsc/receiver.hpp
  "  static void handle(std::span<T> run, F& handler, Batch& batch) {"
  "  static void handle(std::span<T> run, F& handler, Batch& batch) {
    bench::testing::hand_over_broken<T>(
        run, [&](std::span<T> some) { handle_right(some, handler, batch); },
        [&]([[maybe_unused]] T& message) {
          // Not in a run: recv() has no room for one more.
          if constexpr (!RunHandler<F, T> && Plain<T>) {
            T copy = message;
            if constexpr (std::invocable<F&, T&&>) std::invoke(handler, std::move(copy));
            else std::invoke(handler, copy);
          }
        },
        [&](T& message) { batch.add(1); std::destroy_at(&message); });
  }

  template <class F>
  static void handle_right(std::span<T> run, F& handler, Batch& batch) {")
break_core(ringmpsc/receiver.hpp
  "    if (published_ == nullptr) return 0;  // moved from"
  "    if (published_ == nullptr) return 0;
    if (bench::testing::broken(${fault}::stops) && head_ >= 1000) return 0;")
break_core(ringmpsc/channel.hpp
  "      : state_(std::make_shared<detail::ChannelState<T, L>>(config)) {}"
  "      : state_(std::make_shared<detail::ChannelState<T, L>>(config)) {
    if (bench::testing::broken(${fault}::leaks)) bench::testing::leak();
  }")
break_core(ringmpsc/sender.hpp
  "    if (gate_->closed.load(std::memory_order_acquire)) [[unlikely]] {  // [closed]"
  "    if (gate_->closed.load(std::memory_order_acquire) && !bench::testing::broken_once_in(${fault}::lets_one_in, 2)) [[unlikely]] {")

foreach(header IN LISTS headers)
  string(REPLACE "#pragma once" "#pragma once\n\n#include \"broken/broken.hpp\"" text "${text_of_${header}}")
  file(CONFIGURE OUTPUT ${broken_core}/${header} CONTENT "${text}" @ONLY)
endforeach()

# The rounds of the command stress with that core, under a namespace of its own: the rest of the program
# has the right one. It comes before the tool's own rounds, whose place it thus takes.
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/stress/*.cpp)
add_library(broken_rounds OBJECT ${sources})
set_target_properties(broken_rounds PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0 CXX_CLANG_TIDY "")
target_include_directories(broken_rounds BEFORE PRIVATE ${broken_core})
target_include_directories(broken_rounds PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(broken_rounds PRIVATE ringmpsc=ringmpsc_broken)
target_compile_options(broken_rounds PRIVATE $<$<CONFIG:Release>:-O2>)
target_link_libraries(broken_rounds PRIVATE ringmpsc_bench_measuring ringmpsc_build_options)
add_executable(ringmpsc-bench-broken ${PROJECT_SOURCE_DIR}/src/main.cpp $<TARGET_OBJECTS:broken_rounds>)
target_link_libraries(ringmpsc-bench-broken PRIVATE
  ringmpsc_bench_rooms ringmpsc_bench_queues ringmpsc_bench_processor ringmpsc_build_options)
