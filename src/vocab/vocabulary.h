// Vocabulary: event types and items -> dense ids.
//
// Items: [PAD] 0, [AUCTION] 1, [UNK] 2, then further tokens of the plan in order of event type, then the items that
// occur at least min_count times in the events it is fitted on, sorted by UTF-8 bytes (= by code point).
// Event types: their position in the plan's list. With special events [PAD] 0, [UNK] 1, then those of the plan's list that
// occur in the events it is fitted on, then those added from the data that occur in the events it is fitted on, sorted likewise; other ones are [UNK].
//
// Threads: shares of the events, with a counter of each item for each thread, and fewer where items have few events; the sort
//          by stretches of the items.
// Cost:    one pass over the events, a sort of the distinct items.
// Source:  the notebook's create_vocabularies.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ranges.h"
#include "session/order.h"
#include "session/sessionize.h"
#include "trial/trial_table.h"

namespace causal_sessions {

constexpr std::uint32_t kPadId = 0, kAuctionId = 1, kUnknownId = 2;
constexpr std::string_view kPadToken = "[PAD]", kAuctionToken = "[AUCTION]", kUnknownToken = "[UNK]";

constexpr std::uint8_t kPadEventId = 0, kUnknownEventId = 1;  // with special events

struct Vocabulary {
  std::vector<std::string> types;            // by event id
  std::vector<std::uint8_t> event_id;        // by position in the events' list of types
  std::vector<std::string> tokens;           // special item tokens by item id, [PAD] first
  std::vector<std::uint32_t> items;          // pool id of each item, by item id - tokens.size()
  std::vector<std::uint32_t> item_id;        // item id by pool id; kUnknownId where an item is not in it
  std::vector<std::uint32_t> token_of_type;  // item id of types that have no item, else StringPool::kNone
  SharedTexts pool;                          // the items' texts

  [[nodiscard]] std::size_t size() const { return tokens.size() + items.size(); }
  [[nodiscard]] std::string_view text(std::uint32_t id) const {
    return id < tokens.size() ? std::string_view(tokens[id]) : pool[items[id - tokens.size()]];
  }
};

enum class FitOn {
  kAll,     // the events of all kept sessions
  kTrain,   // those of the training part
  kTrainX,  // those in X of the training part, where items of types without an item are no tokens
};

struct VocabularyOptions {
  FitOn fit_on = FitOn::kAll;
  std::uint32_t min_count = 1;  // items seen fewer times are [UNK]
  bool special_events = false;  // event ids 0 and 1 are [PAD] and [UNK]
};

// What it is to know of the events' types.
struct VocabularyTypes {
  std::span<const std::pair<std::string, std::string>> without_item;  // event type, token
  std::string_view padding = {};                                      // a type that keeps its id in any case
  std::size_t planned = 0;  // so many are the plan's; the others were added from the data
};

// All events of the sessions that have a row among `rows`, ascending.
[[nodiscard]] std::vector<IndexRange> session_ranges(const Sessions& sessions, const TrialTable& table,
                                                     std::span<const std::uint32_t> rows);
// The events of X of these rows, ascending, each once however many rows share it.
[[nodiscard]] std::vector<IndexRange> x_ranges(const TrialTable& table, std::span<const std::uint32_t> rows);

// Fits on these events, of which none may be in two ranges; takes the item texts over from `events`.
[[nodiscard]] Vocabulary fit_vocabulary(OrderedEvents& events, std::span<const IndexRange> ranges,
                                        const VocabularyOptions& options, const VocabularyTypes& types,
                                        const Workers& workers = Workers());

}  // namespace causal_sessions
