// Pickle of one split: plain pickle.load makes the notebook's pandas DataFrame of it.
//
// The stream calls pandas.DataFrame on a dict of lists of Python objects, so the column types are
// those that the reader's own pandas infers, as they were in the notebook, and no NumPy or pandas
// internals that differ between versions are named. Loads with pandas 1.5 to 3.
//
// Columns: session_id, user_id, sequence (lists of (int, int, float) tuples), sequence_length,
//          treatment, outcome; the index is the session's position before the split.
// Cost:    15 to 18 bytes and about 20 ns a token; nothing held back but the sink's buffer.
// Source:  Python's Lib/pickletools.py, protocol 4 (PEP 3154); frames are optional and left out.
#include <bit>
#include <string>
#include <string_view>

#include "core/cold.h"
#include "sequence/session_row.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

enum Opcode : std::uint8_t {
  kProto = 0x80,
  kStop = '.',
  kMark = '(',
  kEmptyDict = '}',
  kSetItems = 'u',
  kEmptyList = ']',
  kAppends = 'e',
  kTuple = 't',  // of all behind the mark
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kBinInt = 'J',    // 4 bytes, signed
  kBinInt1 = 'K',   // 1 byte
  kBinInt2 = 'M',   // 2 bytes
  kLong1 = 0x8A,    // a byte of length, then as many bytes, signed
  kBinFloat = 'G',  // 8 bytes, big-endian
  kShortBinUnicode = 0x8C,
  kBinUnicode = 'X',
  kStackGlobal = 0x93,
  kReduce = 'R',
};

// Items between MARK and APPENDS, as Python's own pickler batches them: they wait on a stack.
constexpr std::size_t kBatch = 1000;

constexpr std::size_t kMaxIntBytes = 7;
constexpr std::size_t kFloatBytes = 9;

template <class T>
std::uint8_t* write_le(T value, std::uint8_t* out) {
  std::memcpy(out, &value, sizeof(value));
  return out + sizeof(value);
}

std::uint8_t* write_int(std::uint32_t value, std::uint8_t* out) {
  if (value <= 0xFF) {
    *out++ = kBinInt1;
    return write_le(static_cast<std::uint8_t>(value), out);
  }
  if (value <= 0xFFFF) {
    *out++ = kBinInt2;
    return write_le(static_cast<std::uint16_t>(value), out);
  }
  if (value <= 0x7FFFFFFF) {
    *out++ = kBinInt;
    return write_le(value, out);
  }
  *out++ = kLong1;
  *out++ = 5;
  out = write_le(value, out);
  *out++ = 0;  // the sign
  return out;
}

// Times before 1970 are negative, and microseconds need more than 32 bits.
void put_long(ByteSink& sink, std::int64_t value) {
  std::uint8_t bytes[10] = {kLong1, 8};
  std::memcpy(bytes + 2, &value, sizeof(value));
  sink.put(std::span<const std::uint8_t>(bytes));
}

std::uint8_t* write_float(double value, std::uint8_t* out) {
  *out++ = kBinFloat;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int shift = 56; shift >= 0; shift -= 8) *out++ = static_cast<std::uint8_t>(bits >> shift);
  return out;
}

void put_binint(ByteSink& sink, std::uint32_t value) {
  std::uint8_t bytes[kMaxIntBytes];
  sink.put(std::span<const std::uint8_t>(bytes, write_int(value, bytes)));
}

void put_text(ByteSink& sink, std::string_view text) {
  if (text.size() <= 0xFF) {
    sink.put(kShortBinUnicode);
    sink.put(static_cast<std::uint8_t>(text.size()));
  } else {
    sink.put(kBinUnicode);
    sink.put_le(static_cast<std::uint32_t>(text.size()));
  }
  sink.put(text);
}

COLD void put_global(ByteSink& sink, std::string_view module, std::string_view name) {
  put_text(sink, module);
  put_text(sink, name);
  sink.put(kStackGlobal);
}

// A list of what put_item(i) puts for each i.
template <class PutItem>
void put_list(ByteSink& sink, std::size_t size, PutItem put_item) {
  sink.put(kEmptyList);
  for (std::size_t i = 0; i < size; ++i) {
    if (i % kBatch == 0) sink.put(kMark);
    put_item(i);
    if (i % kBatch == kBatch - 1 || i == size - 1) sink.put(kAppends);
  }
}

void put_sequence(const SequenceTable& table, std::uint32_t row, ByteSink& sink) {
  sink.put(kEmptyList);
  std::size_t waiting = 0;
  for_each_token(table, row, [&](const Token& token) {
    std::uint8_t bytes[2 * kMaxIntBytes + (1 + kMostChannels) * kFloatBytes + 5];
    std::uint8_t* out = bytes;
    if (waiting == kBatch) {
      *out++ = kAppends;
      waiting = 0;
    }
    if (waiting++ == 0) *out++ = kMark;
    if (!table.channels.empty()) *out++ = kMark;
    out = write_int(token.event_id, out);
    out = write_int(token.item_id, out);
    out = write_float(token.minutes, out);
    for (const Channel channel : table.channels) out = write_float(channel_value(table, row, token, channel), out);
    *out++ = table.channels.empty() ? kTuple3 : kTuple;
    sink.put(std::span<const std::uint8_t>(bytes, out));
  });
  if (waiting > 0) sink.put(kAppends);
}

void put_columns(const SequenceTable& table, std::span<const std::uint32_t> rows, ByteSink& sink) {
  const auto put_column = [&](std::string_view name, auto put_cell) {
    put_text(sink, name);
    put_list(sink, rows.size(), [&](std::size_t i) { put_cell(rows[i]); });
  };
  std::string id;
  sink.put(kEmptyDict);
  sink.put(kMark);
  put_column("session_id", [&](auto row) { put_text(sink, session_id(table, row, id)); });
  put_column("user_id", [&](auto row) { put_text(sink, table.users[table.user[row]]); });
  put_column("sequence", [&](auto row) { put_sequence(table, row, sink); });
  put_column("sequence_length", [&](auto row) { put_binint(sink, table.length(row)); });
  put_column("treatment", [&](auto row) { put_binint(sink, table.treatment[row]); });
  put_column("outcome", [&](auto row) { put_binint(sink, table.outcome[row]); });
  for (const RowColumn& column : row_columns(table)) {
    put_column(column.name, [&](auto row) { put_long(sink, column.value(table, row)); });
  }
  for (const NumberColumn& column : number_columns(table)) {
    put_column(column.name, [&](auto row) {
      std::uint8_t bytes[kFloatBytes];
      sink.put(std::span<const std::uint8_t>(bytes, write_float(column.value(table, row), bytes)));
    });
  }
  sink.put(kSetItems);
}

void put_frame(const SequenceTable& table, std::span<const std::uint32_t> rows, ByteSink& sink) {
  put_global(sink, "pandas", "DataFrame");
  put_columns(table, rows, sink);
  put_list(sink, rows.size(), [&](std::size_t i) { put_binint(sink, rows[i]); });
  sink.put(kTuple2);
  sink.put(kReduce);
}

// A frame without rows whose columns have the types that pandas infers from one row: frame[0:0].
COLD void put_empty_frame(const SequenceTable& like, ByteSink& sink) {
  SequenceTable table;
  table.event_id = {0};
  table.item_id = {0};
  table.time_us = {0};
  StringPool users;
  table.user = {users.intern("user")};
  table.users = std::move(users);
  for (auto* column : {&table.history, &table.begin, &table.padding}) *column = {0};
  for (auto* column : {&table.number, &table.count}) *column = {1};
  table.start_us = {0};
  for (auto* column : {&table.treatment, &table.outcome, &table.censored}) *column = {0};
  table.with_time_zero = like.with_time_zero;
  table.time_zero_us = {0};
  table.trial = {1};
  table.with_folds = like.with_folds;
  table.fold = {0};
  table.with_outcome_value = like.with_outcome_value;
  table.outcome_value = {0};

  put_global(sink, "operator", "getitem");
  put_frame(table, std::vector<std::uint32_t>{0}, sink);
  put_global(sink, "builtins", "slice");
  put_binint(sink, 0);
  put_binint(sink, 0);
  sink.put(kTuple2);
  sink.put(kReduce);
  sink.put(kTuple2);
  sink.put(kReduce);
}

}  // namespace

void write_pickle(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  sink.put(kProto);
  sink.put(std::uint8_t{4});
  if (rows.empty()) {
    put_empty_frame(table, sink);
  } else {
    put_frame(table, rows, sink);
  }
  sink.put(kStop);
}

}  // namespace causal_sessions
