// Arrow IPC messages, one behind the other: the schema, then dictionaries and record batches; as a file, with a footer for memory
// maps and random access, or as a stream.
//
// Format:  metadata V5, little-endian, uncompressed; buffers begin at multiples of 64 bytes of the file.
// Source:  apache/arrow, docs "Arrow Columnar Format", format/Message.fbs, Schema.fbs, File.fbs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "formats/arrow_format.h"
#include "formats/byte_sink.h"
#include "formats/flatbuffer.h"

namespace causal_sessions::arrow {

enum class Form : std::uint8_t { kFile, kStream };

// What a record batch or the values of a dictionary hold.
struct Body {
  struct Buffer {
    std::size_t bytes = 0;
    std::function<void(ByteSink&)> write = {};
  };
  std::size_t length = 0;           // rows
  std::vector<std::int64_t> nodes;  // of each field its length and its missing values
  std::vector<Buffer> buffers;

  void add_node(std::size_t size, std::size_t missing = 0) {
    nodes.push_back(static_cast<std::int64_t>(size));
    nodes.push_back(static_cast<std::int64_t>(missing));
  }
};

// Points the pointer at `from` at the type of whole numbers.
void add_int(flatbuffer::Writer& buffer, std::size_t from, std::int32_t bits, bool is_signed);

class MessageWriter {
 public:
  // Points the pointer at `from` at the schema's table.
  using AddSchema = std::function<void(flatbuffer::Writer& buffer, std::size_t from)>;

  // `add_schema` and `sink` have to outlive it.
  MessageWriter(Form form, const AddSchema& add_schema, ByteSink& sink);
  void put_dictionary(std::int64_t id, const Body& values);
  void put_batch(const Body& batch);
  void end();

 private:
  // Where a message is, as the footer lists it.
  struct Block {
    std::int64_t offset = 0, metadata_bytes = 0, body_bytes = 0;
  };
  Block put_message(std::vector<std::uint8_t> metadata);
  Block put_body(std::vector<std::uint8_t> metadata, const Body& body);
  [[nodiscard]] std::vector<std::uint8_t> footer() const;

  const Form form_;
  const AddSchema& add_schema_;
  ByteSink& sink_;
  const std::uint64_t begin_;
  std::vector<Block> dictionaries_, batches_;
};

}  // namespace causal_sessions::arrow
