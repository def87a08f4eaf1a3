// relacy replaces `operator new` and `operator delete`, but it is older than the sized `delete`.
// Without these definitions, the sized `delete` would hand memory of the simulated heap to the
// library's own heap.

#include <cstddef>

#include "model/relacy_headers.hpp"

void operator delete(void* memory, std::size_t /*bytes*/) noexcept { ::operator delete(memory); }
void operator delete[](void* memory, std::size_t /*bytes*/) noexcept {
  ::operator delete[](memory);
}
