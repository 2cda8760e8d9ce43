#include "ingest/arrow/stream.h"

#include <span>

#include "formats/arrow_format.h"
#include "formats/flatbuffer.h"

namespace causal_sessions::arrow {

Result<std::size_t> StreamReader::consume(std::span<const char> window, bool last) {
  Status status = batches_.take(window);
  if (status.ok() && last && !batches_.full()) status = batches_.finish_stream();
  if (!status.ok()) return status.error();
  return window.size();
}

// A length below 16 MB, then how far it is to the message's table, which every writer puts first.
bool may_begin_old_stream(std::string_view start) {
  constexpr char kMostDistance = 64;
  return start.size() >= 8 && start[3] == 0 && (start[0] & 3) == 0 && start[4] > 0 && start[4] <= kMostDistance &&
         (start[4] & 3) == 0 && start.substr(5, 3) == std::string_view("\0\0\0", 3);
}

bool begins_old_stream(std::string_view start) {
  if (!may_begin_old_stream(start)) return false;
  const std::string_view metadata = start.substr(4);
  flatbuffer::Reader reader({reinterpret_cast<const std::uint8_t*>(metadata.data()), metadata.size()});
  const auto message = flatbuffer::Table::root(reader);
  const auto version = message.scalar(0, Version::kV1);
  const bool is_schema = message.scalar(1, Header::kNone) == Header::kSchema && message.has(2);
  return is_schema && version >= Version::kV1 && version <= Version::kV5 && !reader.damaged();
}

// The first message has the columns.
Result<Sniffed> sniff_stream(const FileStart& start) {
  Sniffed sniffed{.format = "arrow", .columns_come_later = true, .stream = true};
  sniffed.open = [name = start.name](std::span<const WantedColumn>, TableSink& sink) {
    return std::make_unique<StreamReader>(name, sink);
  };
  return sniffed;
}

}  // namespace causal_sessions::arrow
