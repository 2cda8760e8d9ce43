#include "write/json_sequence.h"

#include <string_view>

#include "core/number_text.h"
#include "sequence/session_row.h"

namespace causal_sessions {

void put_json_sequence(const SequenceTable& table, std::uint32_t row, ByteSink& sink) {
  bool first = true;
  for_each_token(table, row, [&](const Token& token) {
    char text[(3 + kMostChannels) * (kMaxNumberText + 2) + 2];
    char* out = text;
    const auto separate = [&out] {
      *out++ = ',';
      *out++ = ' ';
    };
    if (!first) separate();
    first = false;
    *out++ = '[';
    out = write_int(token.event_id, out);
    separate();
    out = write_int(token.item_id, out);
    separate();
    out = write_float(token.minutes, out);
    for (const Channel channel : table.channels) {
      separate();
      out = write_float(channel_value(table, row, token, channel), out);
    }
    *out++ = ']';
    sink.put(std::string_view(text, static_cast<std::size_t>(out - text)));
  });
}

}  // namespace causal_sessions
