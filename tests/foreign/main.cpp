// Must not be reached: it was compiled for a processor with FMA4, which only AMD's of 2011 to 2015 have.
#include <cstdio>

int main() {
  std::puts("reached");
  return 0;
}
