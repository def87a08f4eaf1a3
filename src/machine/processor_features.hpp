// The instruction sets that a compiler may be allowed to use, by the macro that tells so: what a
// build requires of the processor, and what the processor has.
#pragma once

namespace bench::machine {

#if defined(__x86_64__)
/// X(macro, name): the name is the one that __builtin_cpu_supports() knows.
#define RINGMPSC_PROCESSOR_FEATURES(X)      \
  X(__SSE3__, "sse3")                       \
  X(__SSSE3__, "ssse3")                     \
  X(__SSE4_1__, "sse4.1")                   \
  X(__SSE4_2__, "sse4.2")                   \
  X(__SSE4A__, "sse4a")                     \
  X(__POPCNT__, "popcnt")                   \
  X(__AES__, "aes")                         \
  X(__PCLMUL__, "pclmul")                   \
  X(__AVX__, "avx")                         \
  X(__AVX2__, "avx2")                       \
  X(__FMA__, "fma")                         \
  X(__FMA4__, "fma4")                       \
  X(__XOP__, "xop")                         \
  X(__BMI__, "bmi")                         \
  X(__BMI2__, "bmi2")                       \
  X(__AVX512F__, "avx512f")                 \
  X(__AVX512VL__, "avx512vl")               \
  X(__AVX512BW__, "avx512bw")               \
  X(__AVX512DQ__, "avx512dq")               \
  X(__AVX512CD__, "avx512cd")               \
  X(__AVX512VBMI__, "avx512vbmi")           \
  X(__AVX512IFMA__, "avx512ifma")           \
  X(__AVX512VBMI2__, "avx512vbmi2")         \
  X(__AVX512VNNI__, "avx512vnni")           \
  X(__AVX512BITALG__, "avx512bitalg")       \
  X(__AVX512VPOPCNTDQ__, "avx512vpopcntdq") \
  X(__GFNI__, "gfni")                       \
  X(__VPCLMULQDQ__, "vpclmulqdq")
#else
#define RINGMPSC_PROCESSOR_FEATURES(X)
#endif

/// Whether the build may use each feature, in the order of the list. Defined by a file that is
/// compiled as the measured code is; data alone, so that any processor can read it.
extern const bool kProcessorFeaturesUsed[];

}  // namespace bench::machine
