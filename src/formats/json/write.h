// Text as Python writes it: json.dump's strings and the repr() of ints and floats.
//
// Needs:   strings in UTF-8, as the readers check it.
// Source:  CPython's json/encoder.py; core/number_text.h for the numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/number_text.h"
#include "formats/byte_sink.h"

namespace causal_sessions {

// ensure_ascii=True, json.dump's default, or False. Either way the text may hold any character.
enum class JsonText : std::uint8_t { kAscii, kUtf8 };

void put_json_string(ByteSink& sink, std::string_view text, JsonText form = JsonText::kAscii);
void put_int(ByteSink& sink, std::uint64_t value);
void put_signed(ByteSink& sink, std::int64_t value);
// NaN, Infinity and -Infinity are Python's words for what JSON cannot say.
void put_float(ByteSink& sink, double value);

}  // namespace causal_sessions
