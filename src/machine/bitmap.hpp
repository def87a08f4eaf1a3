// A set of CPUs or NUMA nodes in hwloc's representation.
#pragma once

#include <hwloc.h>

#include <memory>

namespace bench::machine {

struct FreeBitmap {
  void operator()(hwloc_bitmap_t bitmap) const noexcept { hwloc_bitmap_free(bitmap); }
};
using Bitmap = std::unique_ptr<hwloc_bitmap_s, FreeBitmap>;

}  // namespace bench::machine
