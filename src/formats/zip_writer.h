// ZIP files written as a stream, their entries stored as they are.
//
// An entry's length and checksum stand before its bytes, which every reader understands; so its bytes are made twice.
// Times are ZIP's first, 1980-01-01, so that the same entries give the same file.
// Source:  PKWARE's APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12, 4.3.14 to 16, 4.5.3.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "formats/byte_sink.h"

namespace causal_sessions {

class ZipWriter {
 public:
  // The sink must outlive the writer; the file begins at its present position.
  explicit ZipWriter(ByteSink& sink) : sink_(sink), begin_(sink.position()) {}

  // `fill` gives the same bytes both times.
  void add(std::string name, const std::function<void(ByteSink&)>& fill);
  void finish();

 private:
  struct Entry {
    std::string name;
    std::uint64_t offset = 0, bytes = 0;
    std::uint32_t crc = 0;
  };
  void put_central(const Entry& entry);

  ByteSink& sink_;
  std::uint64_t begin_;
  std::vector<Entry> entries_;
};

}  // namespace causal_sessions
