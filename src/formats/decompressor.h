// Decompressor: a gzip or zstd file, or the deflated entry of an archive, in pieces of any size -> the bytes inside, in pieces of
// any size.
//
// Members and frames one after another are one file; zero bytes may pad gzip. Nothing is kept but the decoder's window,
// so memory does not depend on how far the file expands. However the file is cut, the same bytes are given before damage,
// and the damage is told in the same words.
// Errors:  kBadSyntax with the byte of the file: damaged, cut off, something else behind the last member;
//          kTooLarge for a file that is meant to swamp its reader.
// Source:  RFC 1952, RFC 8878.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/result.h"
#include "formats/codec.h"

namespace causal_sessions {

// The codec around a file, told from its first bytes. Four are enough; with fewer it may not be known yet.
constexpr std::size_t kCompressionMarkBytes = 4;
[[nodiscard]] std::optional<Codec> detect_compression(std::span<const char> start);

// Whether so many bytes out of so few are meant to swamp a reader: more than 1 GB, and a thousandfold.
[[nodiscard]] bool is_bomb(std::uint64_t packed, std::uint64_t unpacked);
[[nodiscard]] Error refuse_bomb(const std::string& file, Codec codec);

class Decompressor {
 public:
  Decompressor(std::string file, Codec codec);

  // Unpacks from the front of `packed`, which is shortened by what was taken; returns the bytes put into `room`.
  // More may follow at once while `packed` is not empty or the room was filled. Fails once all before the damage is given.
  [[nodiscard]] Result<std::size_t> unpack(std::span<const char>& packed, std::span<char> room);
  // Nothing follows: refuses a file that has been cut off.
  [[nodiscard]] Status finish() const;

  [[nodiscard]] Codec codec() const { return codec_; }
  [[nodiscard]] std::uint64_t unpacked_bytes() const { return given_; }

 private:
  [[nodiscard]] Error refuse(ErrorCode code, const std::string& finding) const;
  [[nodiscard]] Error refuse_member() const;

  std::string file_;
  Codec codec_;
  std::unique_ptr<void, void (*)(void*)> stream_;
  std::uint64_t taken_ = 0, given_ = 0;  // bytes so far
  bool between_ = false;                 // a member is whole, and the next has not begun
  bool padded_ = false;                  // zero bytes have followed
  std::uint64_t member_ = 0;             // the byte that the member at hand begins at
  int failure_ = 0;                      // of it
};

}  // namespace causal_sessions
