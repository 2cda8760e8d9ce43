#include "vocab/vocabulary.h"

#include <algorithm>
#include <cstring>

namespace causal_sessions {
namespace {

std::vector<std::uint32_t> count_items(const OrderedEvents& events, const Sessions& sessions,
                                       std::span<const std::uint32_t> rows) {
  std::vector<std::uint32_t> counts(events.items.size(), 0);
  for (const std::uint32_t row : rows) {
    for (std::uint32_t i = sessions.begin[row]; i < sessions.end[row]; ++i) {
      if (events.item[i] != StringPool::kNone) ++counts[events.item[i]];
    }
  }
  return counts;
}

// Out of line: std::sort inlines its comparison in a dozen places.
[[gnu::noinline]] bool text_less(const StringPool& pool, std::uint32_t a, std::uint32_t b) { return pool[a] < pool[b]; }

// Sorts pool ids by their texts. The first eight bytes, as a big-endian number, decide most comparisons without a
// look at the text.
void sort_by_text(std::vector<std::uint32_t>& ids, const StringPool& pool) {
  struct Entry {
    std::uint64_t prefix;
    std::uint32_t id;
  };
  std::vector<Entry> entries;
  entries.reserve(ids.size());
  for (const std::uint32_t id : ids) {
    const std::string_view text = pool[id];
    std::uint64_t prefix = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      prefix = prefix << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
    }
    entries.push_back({prefix, id});
  }
  std::sort(entries.begin(), entries.end(), [&pool](const Entry& a, const Entry& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : text_less(pool, a.id, b.id);
  });
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = entries[i].id;
}

}  // namespace

Vocabulary fit_vocabulary(OrderedEvents& events, const Sessions& sessions, std::span<const std::uint32_t> rows,
                          const VocabularyOptions& options) {
  Vocabulary vocabulary;
  vocabulary.types = events.types;
  vocabulary.tokens = {std::string(kPadToken), std::string(kAuctionToken), std::string(kUnknownToken)};
  vocabulary.token_of_type.assign(events.types.size(), StringPool::kNone);
  for (std::size_t type = 0; type < events.types.size(); ++type) {
    for (const auto& [name, token] : options.without_item) {
      if (name != events.types[type]) continue;
      auto& tokens = vocabulary.tokens;
      const auto found = std::find(tokens.begin(), tokens.end(), token);
      vocabulary.token_of_type[type] = static_cast<std::uint32_t>(found - tokens.begin());
      if (found == tokens.end()) tokens.push_back(token);
    }
  }
  const std::vector<std::uint32_t> counts = count_items(events, sessions, rows);
  for (std::uint32_t item = 0; item < counts.size(); ++item) {
    if (counts[item] >= options.min_count) vocabulary.items.push_back(item);
  }
  vocabulary.pool = std::move(events.items);
  sort_by_text(vocabulary.items, vocabulary.pool);
  vocabulary.item_id.assign(counts.size(), kUnknownId);
  for (std::uint32_t i = 0; i < vocabulary.items.size(); ++i) {
    vocabulary.item_id[vocabulary.items[i]] = i + static_cast<std::uint32_t>(vocabulary.tokens.size());
  }
  return vocabulary;
}

}  // namespace causal_sessions
