// What the host knows of encodings whose tables are large: iconv natively, TextDecoder in JavaScript. It is asked once for all
// characters of an encoding (transcoder.cpp), so that what differs between hosts is settled there, and text is read alike.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  kHostGb18030 = 0,
  kHostShiftJis = 1,
  kHostIso8859_15 = 2,
  kHostWindows1250 = 3,
  kHostWindows1251 = 4,
  kHostKoi8R = 5,
  kHostIso8859_2 = 6,
  kHostMacintosh = 7,
};

// `bytes`: whole characters, a line feed behind each. As UTF-8, so many bytes of the room: a line of what is no character is
// empty, or holds U+FFFD. 0 where the host does not know the encoding.
size_t host_decode(int encoding, const char* bytes, size_t size, char* room, size_t room_size);

#ifdef __cplusplus
}
#endif
