// Files that every thread of the engine reads by itself, through its host.
#pragma once

namespace causal_sessions {

// Puts a file's bytes from `offset` on into the room and says how many there were; -1: the host cannot read them. `file`: in Node a
// descriptor, elsewhere the number of a Blob (web/lib/engine/shared-blobs.ts).
int read_shared_file(double file, double offset, char* room, int size);

// The bytes before `offset` will not be read again.
void tell_taken(double file, double offset);

}  // namespace causal_sessions
