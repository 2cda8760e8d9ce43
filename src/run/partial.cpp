#include "run/partial.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "formats/arrow_writer.h"
#include "run/partial_columns.h"

namespace causal_sessions {
namespace {

using Kind = PartialColumn::Kind;
constexpr int kPointer = flatbuffer::Writer::kPointer;

// Codes are as narrow as they can be.
std::int32_t bits_of(std::size_t texts) { return texts <= 0x80 ? 8 : texts <= 0x8000 ? 16 : 32; }

// The events of a builder as columns of a file.
class PartialFile {
 public:
  PartialFile(const EventBuilder& builder, const PartialHead& head, const ReadingOptions& options)
      : built_(builder.built()), head_(head), columns_(partial_columns(options, head.fractions)), sums_(columns_.size()) {
    for (const PartialColumn& column : columns_) {
      if (column.kind != Kind::kTexts) continue;
      for (std::uint32_t id = 0; id < pool(column).size(); ++id) sums_.add(sum_at(column), pool(column)[id]);
    }
    each_batch([&](std::size_t begin, std::size_t end) {
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        if (is_code(columns_[c])) sums_.add(c, std::span<const std::uint32_t>(codes(columns_[c], begin, end)));
        else sums_.add(c, std::span<const std::int64_t>(numbers(columns_[c], begin, end)));
      }
    });
  }

  void write(ByteSink& sink) {
    const std::string text = write_partial_head(head_), sum = sums_.finish(text);
    const arrow::MessageWriter::AddSchema schema = [&](flatbuffer::Writer& buffer, std::size_t from) {
      add_schema(buffer, from, text, sum);
    };
    arrow::MessageWriter writer(arrow::Form::kFile, schema, sink);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (is_code(columns_[c])) put_texts(writer, c);
    }
    each_batch([&](std::size_t begin, std::size_t end) { put_batch(writer, begin, end); });
    writer.end();
  }

 private:
  static bool is_code(const PartialColumn& column) { return column.kind == Kind::kTexts || column.kind == Kind::kTypes; }
  [[nodiscard]] std::size_t sum_at(const PartialColumn& column) const {
    return static_cast<std::size_t>(&column - columns_.data());
  }
  [[nodiscard]] const StringPool& pool(const PartialColumn& column) const {
    if (column.at < 2) return column.at == 0 ? built_.table.users : built_.table.items;
    return built_.table.values[column.at - 2].texts;
  }
  [[nodiscard]] std::size_t texts(const PartialColumn& column) const {
    return column.kind == Kind::kTypes ? built_.table.types.size() : pool(column).size();
  }
  [[nodiscard]] std::string_view text(const PartialColumn& column, std::size_t id) const {
    if (column.kind == Kind::kTypes) return built_.table.types[id];
    return pool(column)[static_cast<std::uint32_t>(id)];
  }
  [[nodiscard]] bool is_large(const PartialColumn& column) const {
    return column.kind == Kind::kTexts && pool(column).text_bytes() > INT32_MAX;
  }

  // Batches end where a file does.
  template <class Take>
  void each_batch(Take take) const {
    constexpr std::size_t kRows = 1 << 16;
    std::size_t begin = 0;
    for (const PartialInput& input : head_.inputs) {
      for (const FileSummary& file : input.files) {
        for (const std::size_t end = file.events_end; begin < end;) {
          const std::size_t next = std::min(begin + kRows, end);
          take(begin, next);
          begin = next;
        }
      }
    }
  }
  template <class T, class Column>
  static std::vector<T> values(const Column& column, std::size_t begin, std::size_t end) {
    std::vector<T> out(end - begin);
    for (std::size_t i = begin; i < end; ++i) out[i - begin] = column[i];
    return out;
  }
  [[nodiscard]] std::vector<std::uint32_t> codes(const PartialColumn& column, std::size_t begin, std::size_t end) const {
    const EventTable& table = built_.table;
    if (column.kind == Kind::kTypes) return values<std::uint32_t>(table.type, begin, end);
    return values<std::uint32_t>(column.at == 0   ? table.user
                                 : column.at == 1 ? table.item
                                                  : table.values[column.at - 2].codes,
                                 begin, end);
  }
  [[nodiscard]] std::vector<std::int64_t> numbers(const PartialColumn& column, std::size_t begin, std::size_t end) const {
    if (column.kind == Kind::kMillionths) return values<std::int64_t>(*built_.millionths[column.at], begin, end);
    return values<std::int64_t>(column.kind == Kind::kTimes ? built_.table.time_us : built_.table.known_us, begin, end);
  }

  void add_schema(flatbuffer::Writer& buffer, std::size_t from, std::string_view text, std::string_view sum) const {
    flatbuffer::Writer::Table schema = buffer.add_table(from, {{0, 2}, {1, kPointer}, {2, kPointer}});
    std::size_t pointer = buffer.add_vector(schema.at(1), columns_.size());
    for (const PartialColumn& column : columns_) {
      add_field(buffer, pointer, column);
      pointer += 4;
    }
    pointer = buffer.add_vector(schema.at(2), 2);
    for (const auto& [key, value] : {std::pair(kPartialKey, text), std::pair(kPartialSumKey, sum)}) {
      const flatbuffer::Writer::Table entry = buffer.add_table(pointer, {{0, kPointer}, {1, kPointer}});
      buffer.add_text(entry.at(0), key);
      buffer.add_text(entry.at(1), value);
      pointer += 4;
    }
  }
  void add_field(flatbuffer::Writer& buffer, std::size_t from, const PartialColumn& column) const {
    using arrow::TypeNumber;
    const bool is_epoch = head_.kind(column.kind == Kind::kKnown ? 1 : 0) == ParsedTime::Kind::kNumber;
    const bool is_number = column.kind == Kind::kMillionths || is_epoch;
    flatbuffer::Writer::Table field =
        is_code(column) ? buffer.add_table(from, {{0, kPointer}, {3, kPointer}, {4, kPointer}, {5, kPointer}, {1, 1}, {2, 1}})
                        : buffer.add_table(from, {{0, kPointer}, {3, kPointer}, {5, kPointer}, {1, 1}, {2, 1}});
    field.set(1, std::uint8_t{1});  // nullable
    buffer.add_text(field.at(0), column.name);
    if (is_code(column)) {
      field.set(2, is_large(column) ? TypeNumber::kLargeUtf8 : TypeNumber::kUtf8);
      buffer.add_table(field.at(3), {});
      flatbuffer::Writer::Table encoding = buffer.add_table(field.at(4), {{0, 8}, {1, kPointer}});
      encoding.set(0, static_cast<std::int64_t>(sum_at(column)));
      arrow::add_int(buffer, encoding.at(1), bits_of(texts(column)), true);
    } else if (is_number) {
      field.set(2, TypeNumber::kInt);
      arrow::add_int(buffer, field.at(3), column.kind == Kind::kMillionths ? 32 : 64, column.kind != Kind::kMillionths);
    } else {
      field.set(2, TypeNumber::kTimestamp);
      flatbuffer::Writer::Table type = buffer.add_table(field.at(3), {{1, kPointer}, {0, 2}});
      type.set(0, arrow::TimeUnit::kMicrosecond);
      buffer.add_text(type.at(1), "UTC");
    }
    buffer.add_vector(field.at(5), 0);
  }

  void put_texts(arrow::MessageWriter& writer, std::size_t c) const {
    const PartialColumn& column = columns_[c];
    arrow::Body body;
    body.length = texts(column);
    body.add_node(body.length);
    body.buffers.push_back({});
    const bool large = is_large(column);
    std::size_t bytes = 0;
    for (std::size_t id = 0; id < body.length; ++id) bytes += text(column, id).size();
    body.buffers.push_back({(body.length + 1) * (large ? 8 : 4), [&, large](ByteSink& sink) {
                              std::uint64_t end = 0;
                              const auto put = [&] { large ? sink.put_le(end) : sink.put_le(static_cast<std::uint32_t>(end)); };
                              put();
                              for (std::size_t id = 0; id < body.length; ++id) {
                                end += text(column, id).size();
                                put();
                              }
                            }});
    body.buffers.push_back({bytes, [&](ByteSink& sink) {
                              for (std::size_t id = 0; id < body.length; ++id) sink.put(text(column, id));
                            }});
    writer.put_dictionary(static_cast<std::int64_t>(c), body);
  }

  void put_batch(arrow::MessageWriter& writer, std::size_t begin, std::size_t end) const {
    arrow::Body body;
    body.length = end - begin;
    for (const PartialColumn& column : columns_) {
      if (is_code(column)) {
        add_codes(body, codes(column, begin, end), bits_of(texts(column)));
        continue;
      }
      body.add_node(body.length);
      body.buffers.push_back({});
      const bool narrow = column.kind == Kind::kMillionths;
      body.buffers.push_back({body.length * (narrow ? 4 : 8), [narrow, all = numbers(column, begin, end)](ByteSink& sink) {
                                for (const std::int64_t value : all)
                                  narrow ? sink.put_le(static_cast<std::uint32_t>(value)) : sink.put_le(value);
                              }});
    }
    writer.put_batch(body);
  }

  static void add_codes(arrow::Body& body, std::vector<std::uint32_t> all, std::int32_t bits) {
    const auto missing = static_cast<std::size_t>(std::count(all.begin(), all.end(), StringPool::kNone));
    body.add_node(all.size(), missing);
    std::vector<std::uint8_t> marks(missing == 0 ? 0 : (all.size() + 7) / 8);
    for (std::size_t i = 0; i < all.size() && missing != 0; ++i) {
      if (all[i] == StringPool::kNone) all[i] = 0;
      else marks[i / 8] = static_cast<std::uint8_t>(marks[i / 8] | 1U << i % 8);
    }
    body.buffers.push_back({marks.size(), [marks](ByteSink& sink) { sink.put(marks); }});
    body.buffers.push_back({all.size() * static_cast<std::size_t>(bits / 8), [bits, all = std::move(all)](ByteSink& sink) {
                              for (const std::uint32_t code : all) {
                                if (bits == 8) sink.put_le(static_cast<std::uint8_t>(code));
                                else if (bits == 16) sink.put_le(static_cast<std::uint16_t>(code));
                                else sink.put_le(code);
                              }
                            }});
  }

  const BuiltEvents built_;
  const PartialHead& head_;
  const std::vector<PartialColumn> columns_;
  ColumnSums sums_;
};

}  // namespace

PartialSource source_of_bytes(std::string name, std::string bytes) {
  const auto held = std::make_shared<const std::string>(std::move(bytes));
  return {std::move(name), held->size(), [held](std::uint64_t offset, std::span<char> room) {
            const std::size_t from = std::min<std::uint64_t>(offset, held->size());
            const std::size_t size = std::min(room.size(), held->size() - from);
            std::copy_n(held->data() + from, size, room.data());
            return size;
          }};
}

void PartialRun::end_input(std::uint64_t place) {
  EventReader& reader = run_.reader();
  const EventTable& table = reader.builder().built().table;
  const std::size_t at = reader.inputs() - 1;
  const InputSummary summary = reader.input(at);
  PartialInput& input = head_.inputs.emplace_back();
  input.name = summary.name;
  input.found = summary.found;
  input.bytes = summary.bytes;
  input.archive = reader.is_archive(at);
  input.place = place;
  input.of = reader.builder().take_found();
  input.users = table.users.size();
  input.items = table.items.size();
  input.types = static_cast<std::uint32_t>(table.types.size());
  for (const EventValues& values : table.values) input.values.push_back(values.texts.size());
}

std::uint64_t PartialRun::rows() const {
  std::uint64_t rows = 0;
  for (const PartialInput& input : head_.inputs) rows += input.of.rows;
  return rows;
}

std::uint64_t PartialRun::unusable() const {
  std::uint64_t rows = 0;
  for (const PartialInput& input : head_.inputs) rows += input.of.issues.total();
  return rows;
}

void PartialRun::write(const InputShare& share, std::span<const std::string> names,
                       const std::function<std::string(std::size_t)>& sha256, ByteSink& sink) {
  EventReader& reader = run_.reader();
  const BuiltEvents built = reader.builder().built();
  head_.engine = CAUSAL_SESSIONS_VERSION;
  head_.share = share;
  if (share.is_one()) {
    head_.all = names.size();
    head_.all_sum = sum_of_names(names);
  }
  head_.plan = write_plan(run_.plan);
  head_.passed_over = reader.passed_over();
  head_.first_empty = reader.empty_files().reason;
  head_.types = built.table.types;
  head_.fractions = {built.millionths[0]->size() != 0, built.millionths[1]->size() != 0};
  head_.inexact = built.inexact;
  for (std::size_t i = 0; i < head_.inputs.size(); ++i) {
    const auto first = reader.files().begin();
    head_.inputs[i].sha256 = sha256(i);
    head_.inputs[i].files.assign(first + static_cast<std::ptrdiff_t>(reader.first_file(i)),
                                 first + static_cast<std::ptrdiff_t>(reader.first_file(i + 1)));
  }
  PartialFile(reader.builder(), head_, run_.plan.reading).write(sink);
  sink.flush();
}

}  // namespace causal_sessions
