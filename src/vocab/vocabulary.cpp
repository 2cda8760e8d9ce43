#include "vocab/vocabulary.h"

#include <algorithm>
#include <cstring>

#include "core/cold.h"
#include "core/sort_in_ranges.h"

namespace causal_sessions {
namespace {

// `skipped`: by type, other than kNone where its items are not looked at.
void count_items(const OrderedEvents& events, std::span<const IndexRange> ranges, std::span<const std::uint32_t> skipped,
                 std::vector<std::uint32_t>& counts) {
  for (const IndexRange& range : ranges) {
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
      if (events.item[i] != StringPool::kNone && skipped[events.type[i]] == StringPool::kNone) ++counts[events.item[i]];
    }
  }
}

std::vector<std::uint32_t> count_items(const OrderedEvents& events, std::span<const IndexRange> ranges,
                                       std::span<const std::uint32_t> skipped, const Workers& workers) {
  const std::size_t items = events.items.size(), shares = count_shares(events.size(), items, workers);
  std::vector<std::vector<std::uint32_t>> counts(shares);
  workers.each(shares, [&](std::size_t i) {
    const std::size_t begin = ranges.size() * i / shares, end = ranges.size() * (i + 1) / shares;
    counts[i].resize(items);
    count_items(events, ranges.subspan(begin, end - begin), skipped, counts[i]);
  });
  for (std::size_t i = 1; i < shares; ++i) {
    for (std::size_t item = 0; item < items; ++item) counts[0][item] += counts[i][item];
  }
  return std::move(counts[0]);
}

void fit_types(const OrderedEvents& events, std::span<const IndexRange> ranges, const VocabularyOptions& options,
               const VocabularyTypes& types, Vocabulary& vocabulary) {
  const std::size_t known = options.special_events ? types.planned : events.types.size();
  if (options.special_events) vocabulary.types = {std::string(kPadToken), std::string(kUnknownToken)};
  std::vector<bool> seen(events.types.size());
  for (const IndexRange& range : options.special_events ? ranges : std::span<const IndexRange>()) {
    for (std::uint32_t i = range.begin; i < range.end; ++i) seen[events.type[i]] = true;
  }
  for (std::size_t type = 0; type < known; ++type) {
    if (options.special_events && !seen[type] && events.types[type] != types.padding) {
      vocabulary.event_id.push_back(kUnknownEventId);
      continue;
    }
    vocabulary.event_id.push_back(static_cast<std::uint8_t>(vocabulary.types.size()));
    vocabulary.types.push_back(events.types[type]);
  }
  vocabulary.event_id.resize(events.types.size(), kUnknownEventId);
  std::vector<std::size_t> added;
  for (std::size_t type = known; type < seen.size(); ++type) {
    if (!seen[type]) continue;
    const auto above = [&](std::size_t other) { return events.types[type] < events.types[other]; };
    added.insert(std::find_if(added.begin(), added.end(), above), type);
  }
  for (const std::size_t type : added) {
    if (vocabulary.types.size() > 0xFF) break;  // an id is a byte; the others stay unknown
    vocabulary.event_id[type] = static_cast<std::uint8_t>(vocabulary.types.size());
    vocabulary.types.push_back(events.types[type]);
  }
}

// Out of line: std::sort inlines its comparison in a dozen places.
[[gnu::noinline]] bool text_less(const SharedTexts& pool, std::uint32_t a, std::uint32_t b) { return pool[a] < pool[b]; }

// Sorts pool ids by their texts. The first eight bytes, as a big-endian number, decide most comparisons without a
// look at the text.
void sort_by_text(std::vector<std::uint32_t>& ids, const SharedTexts& pool, const Workers& workers) {
  struct Entry {
    std::uint64_t prefix;
    std::uint32_t id;
  };
  std::vector<Entry> entries(ids.size());
  const auto prefix_of = [](std::string_view text) {
    std::uint64_t prefix = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      prefix = prefix << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
    }
    return prefix;
  };
  for (std::size_t i = 0; i < ids.size(); ++i) entries[i] = {prefix_of(pool[ids[i]]), ids[i]};
  sort_in_ranges(entries, workers, [&pool](const Entry& a, const Entry& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : text_less(pool, a.id, b.id);
  });
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = entries[i].id;
}

}  // namespace

std::vector<IndexRange> session_ranges(const Sessions& sessions, const TrialTable& table, std::span<const std::uint32_t> rows) {
  std::vector<IndexRange> ranges;
  std::size_t session = 0;
  for (const std::uint32_t row : rows) {
    while (sessions.begin[session] < table.history[row]) ++session;
    if (ranges.empty() || ranges.back().begin != sessions.begin[session]) {
      ranges.push_back({sessions.begin[session], sessions.end[session]});
    }
  }
  return ranges;
}

namespace {

// Of X that are listed: what one of them lacks another one may have.
COLD std::vector<IndexRange> listed_ranges(const TrialTable& table, std::span<const std::uint32_t> rows) {
  std::vector<bool> is_in;
  for (const std::uint32_t row : rows) {
    for (std::uint32_t i = 0; i < table.count[row]; ++i) {
      const std::uint32_t at = table.event_of_x(row, i);
      if (at >= is_in.size()) is_in.resize(at + std::size_t{1});
      is_in[at] = true;
    }
  }
  std::vector<IndexRange> ranges;
  for (std::uint32_t at = 0; at < is_in.size(); ++at) {
    if (!is_in[at]) continue;
    if (ranges.empty() || ranges.back().end != at) ranges.push_back({at, at});
    ranges.back().end = at + 1;
  }
  return ranges;
}

}  // namespace

std::vector<IndexRange> x_ranges(const TrialTable& table, std::span<const std::uint32_t> rows) {
  if (!table.listed.empty()) return listed_ranges(table, rows);
  std::vector<IndexRange> ranges;
  std::uint32_t end = 0;
  for (const std::uint32_t row : rows) {
    const IndexRange range = {std::max(end, table.begin[row]), table.begin[row] + table.count[row]};
    if (range.begin >= range.end) continue;
    ranges.push_back(range);
    end = range.end;
  }
  return ranges;
}

Vocabulary fit_vocabulary(OrderedEvents& events, std::span<const IndexRange> ranges, const VocabularyOptions& options,
                          const VocabularyTypes& types, const Workers& workers) {
  Vocabulary vocabulary;
  fit_types(events, ranges, options, types, vocabulary);
  vocabulary.tokens = {std::string(kPadToken), std::string(kAuctionToken), std::string(kUnknownToken)};
  vocabulary.token_of_type.assign(events.types.size(), StringPool::kNone);
  for (std::size_t type = 0; type < events.types.size(); ++type) {
    for (const auto& [name, token] : types.without_item) {
      if (name != events.types[type]) continue;
      auto& tokens = vocabulary.tokens;
      const auto found = std::find(tokens.begin(), tokens.end(), token);
      vocabulary.token_of_type[type] = static_cast<std::uint32_t>(found - tokens.begin());
      if (found == tokens.end()) tokens.push_back(token);
    }
  }
  const std::vector<std::uint32_t> none(events.types.size(), StringPool::kNone);
  const std::vector<std::uint32_t> counts =
      count_items(events, ranges, options.fit_on == FitOn::kTrainX ? vocabulary.token_of_type : none, workers);
  for (std::uint32_t item = 0; item < counts.size(); ++item) {
    if (counts[item] >= options.min_count) vocabulary.items.push_back(item);
  }
  vocabulary.pool = std::move(events.items);
  sort_by_text(vocabulary.items, vocabulary.pool, workers);
  vocabulary.item_id.assign(counts.size(), kUnknownId);
  for (std::uint32_t i = 0; i < vocabulary.items.size(); ++i) {
    vocabulary.item_id[vocabulary.items[i]] = i + static_cast<std::uint32_t>(vocabulary.tokens.size());
  }
  return vocabulary;
}

}  // namespace causal_sessions
