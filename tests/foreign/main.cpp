// Must not be reached: it was compiled for processors with FMA4, which only AMD made, 2011 to 2015.
#include <cstdio>

int main() {
  std::puts("reached");
  return 0;
}
