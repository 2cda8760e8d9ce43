// COLD marks a function that runs rarely: it is compiled for size, stays out of line, and the branches that lead to it
// count as unlikely, so that what is inlined around it shrinks too. For refusals and set-up, never for a loop over rows.
#pragma once

#if defined(__clang__)
#define COLD __attribute__((cold, noinline, minsize))
#else
#define COLD __attribute__((cold, noinline))
#endif
