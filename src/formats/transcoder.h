// Transcoder: text in another encoding, in pieces of any size -> UTF-8, the same from every host.
//
// A character that the piece cuts is left for the next one. Where no character can be read stands kUndecodable, which is never
// UTF-8, so that the reader of the text refuses it with its row; line ends are kept in any case.
//
// Cost:    a table of the characters, once a process, which the host fills where it is large; then a look at each character
//          beyond ASCII.
// Source:  the WHATWG's Encoding standard, whose decoders these are; what hosts do otherwise is set right.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "formats/text_encoding.h"

namespace causal_sessions {

constexpr char kUndecodable = '\xFF';

class Transcoder {
 public:
  // Not of UTF-8.
  explicit Transcoder(TextEncoding encoding);

  // False: the host does not know the encoding.
  [[nodiscard]] bool available() const { return available_; }

  // Room for what so many bytes become.
  [[nodiscard]] static constexpr std::size_t most_bytes(std::size_t size) { return size * 3; }
  // Returns the bytes put into `room`. `bytes` is shortened to those of the cut character, at most 3; `last`: nothing follows,
  // so there are none.
  [[nodiscard]] std::size_t decode(std::span<const char>& bytes, bool last, char* room) const;

 private:
  TextEncoding encoding_;
  bool available_ = true;
  std::span<const char16_t> table_, four_bytes_;
};

}  // namespace causal_sessions
