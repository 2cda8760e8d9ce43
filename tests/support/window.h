// A window of bytes as the readers are promised it: kWindowSlack readable bytes follow, not one more.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ingest/file_reader.h"

namespace causal_sessions::support {

class Window {
 public:
  explicit Window(std::string_view text) : size_(text.size()) {
    bytes_.reserve(size_ + kWindowSlack);  // exactly, for the address sanitizer
    bytes_.assign(text.begin(), text.end());
    bytes_.resize(size_ + kWindowSlack, 'x');
  }
  [[nodiscard]] std::span<const char> span() const { return std::span(bytes_).first(size_); }

 private:
  std::vector<char> bytes_;
  std::size_t size_;
};

// Shows `text` to a reader in pieces of `piece` bytes, as the event reader does: what it leaves comes again.
inline Status read_in_pieces(TextReader& reader, std::string_view text, std::size_t piece) {
  std::size_t begin = 0;
  for (std::size_t end = 0; end < text.size();) {
    end = text.size() - end < piece ? text.size() : end + piece;
    const Window window(text.substr(begin, end - begin));
    const Result<std::size_t> taken = reader.consume(window.span(), end == text.size());
    if (!taken.ok()) return taken.error();
    begin += taken.value();
  }
  return {};
}

}  // namespace causal_sessions::support
