// Source: glibc, whose CP932 is the Shift JIS of the WHATWG's standard.
#include "formats/host_decoder.h"

#include <iconv.h>

#include <cstdint>
#include <cstring>

size_t host_decode(int encoding, const char* bytes, size_t size, char* room, size_t room_size) {
  constexpr const char* kNames[] = {"GB18030", "CP932", "ISO-8859-15", "CP1250", "CP1251", "KOI8-R", "ISO-8859-2", "MACINTOSH"};
  const iconv_t converter = iconv_open("UTF-8", kNames[encoding]);
  if (reinterpret_cast<std::intptr_t>(converter) == -1) return 0;
  char* to = room;
  size_t left = room_size;
  for (size_t at = 0; at < size && left > 0;) {
    const void* const feed = std::memchr(bytes + at, '\n', size - at);
    const size_t end = feed == nullptr ? size : static_cast<size_t>(static_cast<const char*>(feed) - bytes);
    char* from = const_cast<char*>(bytes) + at;  // not written to
    size_t rest = end - at;
    char* const begin = to;
    iconv(converter, nullptr, nullptr, nullptr, nullptr);
    // What comes out may be held back until it is asked for.
    const bool whole = iconv(converter, &from, &rest, &to, &left) != static_cast<size_t>(-1) &&
                       iconv(converter, nullptr, nullptr, &to, &left) != static_cast<size_t>(-1);
    if (!whole) {
      left += static_cast<size_t>(to - begin);
      to = begin;
    }
    if (left > 0) {
      *to++ = '\n';
      --left;
    }
    at = end + 1;
  }
  iconv_close(converter);
  return room_size - left;
}
