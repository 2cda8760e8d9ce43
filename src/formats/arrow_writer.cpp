#include "formats/arrow_writer.h"

#include <bit>
#include <utility>

namespace causal_sessions::arrow {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr int kPointer = flatbuffer::Writer::kPointer;
constexpr std::size_t kAlignment = 64;

std::size_t padded(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

// A message whose header is still to be added, at the place given.
std::size_t add_message(flatbuffer::Writer& buffer, Header header, std::size_t body_bytes) {
  flatbuffer::Writer::Table message = buffer.add_table(flatbuffer::Writer::kRoot, {{3, 8}, {2, kPointer}, {0, 2}, {1, 1}});
  message.set(0, Version::kV5);
  message.set(1, header);
  message.set(3, static_cast<std::int64_t>(body_bytes));
  return message.at(2);
}

std::size_t body_bytes(const Body& body) {
  std::size_t bytes = 0;
  for (const Body::Buffer& buffer : body.buffers) bytes += padded(buffer.bytes);
  return bytes;
}

void add_batch(flatbuffer::Writer& out, std::size_t from, const Body& body) {
  std::vector<std::int64_t> places;
  std::size_t at = 0;
  for (const Body::Buffer& buffer : body.buffers) {
    places.push_back(static_cast<std::int64_t>(at));
    places.push_back(static_cast<std::int64_t>(buffer.bytes));
    at += padded(buffer.bytes);
  }
  flatbuffer::Writer::Table batch = out.add_table(from, {{0, 8}, {1, kPointer}, {2, kPointer}});
  batch.set(0, static_cast<std::int64_t>(body.length));
  out.add_structs(batch.at(1), body.nodes, 2);
  out.add_structs(batch.at(2), places, 2);
}

}  // namespace

void add_int(flatbuffer::Writer& buffer, std::size_t from, std::int32_t bits, bool is_signed) {
  flatbuffer::Writer::Table type = buffer.add_table(from, {{0, 4}, {1, 1}});
  type.set(0, bits);
  type.set(1, std::uint8_t{is_signed});
}

MessageWriter::MessageWriter(Form form, const AddSchema& add_schema, ByteSink& sink)
    : form_(form), add_schema_(add_schema), sink_(sink), begin_(sink.position()) {
  if (form_ == Form::kFile) sink_.put(kStartMark);
  flatbuffer::Writer schema;
  add_schema_(schema, add_message(schema, Header::kSchema, 0));
  put_message(schema.take());
}

// The metadata behind its length; filled up so that what follows begins at a multiple of 64 bytes.
MessageWriter::Block MessageWriter::put_message(std::vector<std::uint8_t> metadata) {
  constexpr std::size_t kPrefix = 8;
  Block block;
  block.offset = static_cast<std::int64_t>(sink_.position() - begin_);
  const std::size_t before = static_cast<std::size_t>(block.offset) % kAlignment + kPrefix;
  metadata.resize(padded(before + metadata.size()) - before);
  block.metadata_bytes = static_cast<std::int64_t>(kPrefix + metadata.size());
  sink_.put_le(kContinuation);
  sink_.put_le(static_cast<std::int32_t>(metadata.size()));
  sink_.put(metadata);
  return block;
}

MessageWriter::Block MessageWriter::put_body(std::vector<std::uint8_t> metadata, const Body& body) {
  Block block = put_message(std::move(metadata));
  block.body_bytes = static_cast<std::int64_t>(body_bytes(body));
  for (const Body::Buffer& buffer : body.buffers) {
    if (buffer.write) buffer.write(sink_);
    for (std::size_t i = buffer.bytes; i < padded(buffer.bytes); ++i) sink_.put(0);
  }
  return block;
}

void MessageWriter::put_dictionary(std::int64_t id, const Body& values) {
  flatbuffer::Writer out;
  const std::size_t header = add_message(out, Header::kDictionaryBatch, body_bytes(values));
  flatbuffer::Writer::Table dictionary = out.add_table(header, {{0, 8}, {1, kPointer}});
  dictionary.set(0, id);
  add_batch(out, dictionary.at(1), values);
  dictionaries_.push_back(put_body(out.take(), values));
}

void MessageWriter::put_batch(const Body& batch) {
  flatbuffer::Writer out;
  add_batch(out, add_message(out, Header::kRecordBatch, body_bytes(batch)), batch);
  batches_.push_back(put_body(out.take(), batch));
}

std::vector<std::uint8_t> MessageWriter::footer() const {
  flatbuffer::Writer out;
  flatbuffer::Writer::Table root =
      out.add_table(flatbuffer::Writer::kRoot, {{1, kPointer}, {2, kPointer}, {3, kPointer}, {0, 2}});
  root.set(0, Version::kV5);
  add_schema_(out, root.at(1));
  const auto add_blocks = [&](int slot, const std::vector<Block>& blocks) {
    std::vector<std::int64_t> places;
    for (const Block& block : blocks) {
      places.insert(places.end(), {block.offset, block.metadata_bytes, block.body_bytes});  // the second is an int32, padded
    }
    out.add_structs(root.at(slot), places, 3);
  };
  add_blocks(2, dictionaries_);
  add_blocks(3, batches_);
  return out.take();
}

void MessageWriter::end() {
  sink_.put_le(kContinuation);  // the end
  sink_.put_le(std::uint32_t{0});
  if (form_ == Form::kStream) return;
  const std::vector<std::uint8_t> end = footer();
  sink_.put(end);
  sink_.put_le(static_cast<std::uint32_t>(end.size()));
  sink_.put(kMark);
}

}  // namespace causal_sessions::arrow
