// Vocabulary: event types and items -> dense ids.
//
// Items: [PAD] 0, [AUCTION] 1, [UNK] 2, then further tokens of the plan in order of event type, then the items that
// occur at least min_count times in the sessions it is fitted on, sorted by UTF-8 bytes (= by code point).
// Event types: their position in the plan's list.
//
// Cost:    one pass over the events, a sort of the distinct items.
// Source:  the notebook's create_vocabularies.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/order.h"
#include "session/sessionize.h"

namespace causal_sessions {

constexpr std::uint32_t kPadId = 0, kAuctionId = 1, kUnknownId = 2;
constexpr std::string_view kPadToken = "[PAD]", kAuctionToken = "[AUCTION]", kUnknownToken = "[UNK]";

struct Vocabulary {
  std::vector<std::string> types;       // by event id
  std::vector<std::string> tokens;      // special item tokens by item id, [PAD] first
  std::vector<std::uint32_t> items;     // pool id of each item, by item id - tokens.size()
  std::vector<std::uint32_t> item_id;   // item id by pool id; kUnknownId where an item is not in it
  std::vector<std::uint32_t> token_of_type;  // item id of types that have no item, else StringPool::kNone
  StringPool pool;                      // the items' texts

  [[nodiscard]] std::size_t size() const { return tokens.size() + items.size(); }
  [[nodiscard]] std::string_view text(std::uint32_t id) const {
    return id < tokens.size() ? std::string_view(tokens[id]) : pool[items[id - tokens.size()]];
  }
};

struct VocabularyOptions {
  std::vector<std::pair<std::string, std::string>> without_item;  // event type, token
  std::uint32_t min_count = 1;
};

// Fits on the events of the sessions at `rows`; takes the item texts over from `events`.
[[nodiscard]] Vocabulary fit_vocabulary(OrderedEvents& events, const Sessions& sessions,
                                        std::span<const std::uint32_t> rows, const VocabularyOptions& options);

}  // namespace causal_sessions
