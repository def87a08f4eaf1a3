// Tests Student's quantiles against tables.

#include "analysis/student.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace bench::analysis {
namespace {

TEST(StudentQuantile, IsThatOfTheTables) {
  // M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, table 26.10.
  EXPECT_NEAR(student_quantile(0.025, 1), 12.706, 5e-4);
  EXPECT_NEAR(student_quantile(0.025, 2), 4.303, 5e-4);
  EXPECT_NEAR(student_quantile(0.05, 5), 2.015, 5e-4);
  EXPECT_NEAR(student_quantile(0.0025, 8), 3.833, 5e-4);
  EXPECT_NEAR(student_quantile(0.0005, 30), 3.646, 5e-4);
  EXPECT_NEAR(student_quantile(0.025, 1e6), 1.960, 5e-4);
}

TEST(StudentQuantile, OfOneOrTwoDegreesOfFreedomIsTheClosedForm) {
  for (const double tail : {1e-9, 1e-6, 0.0025, 0.1, 0.4, 0.49}) {
    const double one = 1 / std::tan(std::numbers::pi * tail);
    EXPECT_NEAR(student_quantile(tail, 1) / one, 1, 1e-6) << tail;
    const double two = (1 - 2 * tail) / std::sqrt(2 * tail * (1 - tail));
    EXPECT_NEAR(student_quantile(tail, 2) / two, 1, 1e-6) << tail;
  }
}

TEST(StudentQuantile, TakesDegreesThatAreNotWhole) {
  const double between = student_quantile(0.025, 2.5);
  EXPECT_LT(between, student_quantile(0.025, 2));
  EXPECT_GT(between, student_quantile(0.025, 3));
}

}  // namespace
}  // namespace bench::analysis
