#include "analysis/student.hpp"

#include <algorithm>
#include <cmath>

namespace bench::analysis {
namespace {

/// The continued fraction of the incomplete beta function, DLMF 8.17.22, by the algorithm of Lentz
/// as I. Thompson and A. Barnett modified it (Journal of Computational Physics 64, 1986). It
/// converges quickly for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) noexcept {
  constexpr double kTiny = 1e-300;
  constexpr int kMostTerms = 10'000;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < 1e-14) break;
  }
  return fraction;
}

/// The regularised incomplete beta function; `y` is 1 - x, which would lose digits if it were
/// subtracted here.
double incomplete_beta(double a, double b, double x, double y) noexcept {
  if (x <= 0 || y <= 0) return x <= 0 ? 0 : 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log(y));
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a
                                   : 1 - front * beta_fraction(b, a, y) / b;
}

/// How likely Student's t is more than `t`, which is at least 0.
double student_tail(double t, double freedom) noexcept {
  const double square = t * t;
  return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + square),
                         square / (freedom + square)) /
         2;
}

}  // namespace

double student_quantile(double tail, double degrees_of_freedom) {
  double high = 1;
  while (student_tail(high, degrees_of_freedom) > tail) high *= 2;
  double low = high > 1 ? high / 2 : 0;
  while (high - low > 1e-10 * std::max(high, 1e-3)) {
    const double middle = (low + high) / 2;
    (student_tail(middle, degrees_of_freedom) > tail ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace bench::analysis
