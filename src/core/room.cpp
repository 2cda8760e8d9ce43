#include "core/room.h"

#include <cstdlib>

namespace causal_sessions {

bool has_room(std::size_t bytes) {
  void* const volatile block = std::malloc(bytes);  // volatile: or the compiler leaves both calls out
  std::free(block);
  return block != nullptr;
}

}  // namespace causal_sessions
