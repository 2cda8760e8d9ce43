// Split columns: one part of the split as flat columns, for callers that want arrays rather than a file.
//
// Shapes:  n sessions, m tokens (padding included), offsets of n + 1; times in microseconds as doubles (exact to the
//          year 2255).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "sequence/sequence_table.h"
#include "vocab/vocabulary.h"

namespace causal_sessions {

struct SplitColumns {
  std::vector<std::uint32_t> offsets;          // n + 1: tokens of session i are [offsets[i], offsets[i + 1])
  std::vector<std::uint8_t> event_ids;         // m
  std::vector<std::uint32_t> item_ids;         // m
  std::vector<double> minutes;                 // m
  std::vector<std::uint8_t> treatment;         // n
  std::vector<std::uint8_t> outcome;           // n
  std::vector<double> start_us;                // n
  std::vector<std::uint32_t> session_numbers;  // n
  std::vector<std::uint32_t> user_offsets;     // n + 1, into user_bytes
  std::vector<std::uint8_t> user_bytes;        // UTF-8
  struct Further {
    std::string_view name;
    std::vector<double> values;
  };
  std::vector<Further> channels;     // m each: the plan's
  std::vector<Further> row_columns;  // n each: those of sequence/session_row.h
};

[[nodiscard]] SplitColumns build_split_columns(const SequenceTable& table, std::span<const std::uint32_t> rows);

// All item texts of a vocabulary by item id, special tokens included: text i is [offsets[i], offsets[i + 1]).
struct VocabularyTexts {
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint8_t> bytes;  // UTF-8
};

[[nodiscard]] VocabularyTexts build_vocabulary_texts(const Vocabulary& vocabulary);

}  // namespace causal_sessions
