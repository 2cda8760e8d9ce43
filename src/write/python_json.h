// Text as Python writes it: json.dump's strings and the repr() of ints and floats.
//
// Needs:   strings in UTF-8, as the readers check it.
// Source:  CPython's json/encoder.py and float.__repr__: the shortest digits that read back to the
//          same double, in exponent form below 1e-4 and from 1e16 on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "write/byte_sink.h"

namespace causal_sessions {

// ensure_ascii=True, json.dump's default, or False. Either way the text may hold any character.
enum class JsonText : std::uint8_t { kAscii, kUtf8 };

void put_json_string(ByteSink& sink, std::string_view text, JsonText form = JsonText::kAscii);
void put_int(ByteSink& sink, std::uint64_t value);
// NaN, Infinity and -Infinity are Python's words for what JSON cannot say.
void put_float(ByteSink& sink, double value);

// The same into a buffer with room for kMaxNumberText; returns the end.
inline constexpr std::size_t kMaxNumberText = 32;
char* write_int(std::uint64_t value, char* out);
char* write_float(double value, char* out);

}  // namespace causal_sessions
