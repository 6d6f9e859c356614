// Counts heap allocations of the calling thread, for tests only.
//
// Linking this target replaces malloc, calloc, realloc and the aligned variants of the whole executable by ones that
// count and then call glibc's. Under a sanitizer, or with another C library, nothing is replaced.
#ifndef REPARTEE_CALLOCATIONCOUNTER_H
#define REPARTEE_CALLOCATIONCOUNTER_H

#include <stdbool.h>
#include <stdint.h>

// Whether allocations are counted in this build.
bool allocation_counter_works(void);

// Allocations made by the calling thread since it started.
uint64_t allocation_counter_of_thread(void);

#endif
