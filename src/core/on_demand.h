// ON_DEMAND marks the way into what most page loads do without: the audit, the simulator, the look at single sessions and
// some formats of tables. The wasm build moves these functions, and what is reached through them alone, into a module of
// its own (scripts/split-engine.mjs), which is loaded when one of them is first needed. Out of line, so that there is a call
// to cut.
#pragma once

#define ON_DEMAND __attribute__((noinline))
