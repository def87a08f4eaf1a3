// An interval of a figure.
#pragma once

namespace bench::results {

struct Interval {
  double lo = 0;
  double hi = 0;

  friend bool operator==(const Interval&, const Interval&) = default;
};

}  // namespace bench::results
