// Out of core: a run whose memory does not suffice goes on in a file.
//
// All that is large in a run are columns, which steps go through from the first to the last, a user's events beside each other
// (steps/steps.h). So they need no other form on a disk than in memory. Once the large blocks of this process are as many bytes
// as it may hold, further ones come from a temporary file that is mapped into memory; and whenever the process has more of it in
// memory than it may, it lets go of it, and the system writes what changed. No step knows of it, so every output is that of a run
// in memory, whatever the limit is.
//
// The file has no name, so it is gone when the process ends, however it ends. Each block is given its room on the disk before it
// is used, so that a full disk is a refused allocation and not a fault somewhere.
//
// In memory stay blocks below 64 KB, the first large ones, and the pages in use. What the system keeps of the file besides, while
// nobody else asks for that memory, is no part of the process.
//
// Needs:   Linux; elsewhere --memory is refused.
// Source:  mmap(2), fallocate(2), madvise(2) with MADV_DONTNEED of a shared mapping.
#pragma once

#include <filesystem>
#include <optional>

#include "cli/command.h"

namespace causal_sessions {

// Lets this process go out of core by --memory SIZE, or else where three quarters of what the machine and its control group have
// free do not suffice. The file is in `folder`, or the nearest one above it that is there.
[[nodiscard]] std::optional<Failure> allow_memory(const Arguments& arguments, const std::filesystem::path& folder);

// For a command that writes no folder of its own: TMPDIR, or else /var/tmp, which unlike /tmp is on a disk.
[[nodiscard]] std::filesystem::path temporary_folder();

// Says once that the run goes out of core, after it has begun to.
void tell_out_of_core(Watch& watch);

// Why memory ran out: a sentence, which takes none.
[[nodiscard]] const char* out_of_memory_text();

}  // namespace causal_sessions
