// relacy replaces `operator new` and `operator delete` but is older than the sized `delete`, which
// would hand what the simulated heap allocated to the library's own.

#include <cstddef>

#include "model/relacy_headers.hpp"

void operator delete(void* memory, std::size_t /*bytes*/) noexcept { ::operator delete(memory); }
void operator delete[](void* memory, std::size_t /*bytes*/) noexcept {
  ::operator delete[](memory);
}
