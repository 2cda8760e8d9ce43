#include "ingest/arrow/stream.h"

namespace causal_sessions::arrow {

Result<std::size_t> StreamReader::consume(std::span<const char> window, bool last) {
  Status status = batches_.take(window);
  if (status.ok() && last && !batches_.full()) status = batches_.finish_stream();
  if (!status.ok()) return status.error();
  return window.size();
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
