#include <algorithm>

#include "audit/rows.h"

namespace causal_sessions {
namespace {

// By item of the events: whether those it was fitted on have it, but too few times. Empty where one is enough.
std::vector<bool> rare_items(const AuditRows& rows) {
  if (rows.plan.vocabulary.min_count <= 1) return {};
  const bool tokens_only = rows.plan.vocabulary.fit_on == FitOn::kTrainX;
  std::vector<std::uint32_t> counts(rows.vocabulary.item_id.size());
  for (const EventRange& range : rows.fitted) {
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
      const bool token = !tokens_only || rows.vocabulary.token_of_type[rows.events.type[i]] == StringPool::kNone;
      if (rows.events.item[i] != StringPool::kNone && token) ++counts[rows.events.item[i]];
    }
  }
  std::vector<bool> rare(counts.size());
  for (std::size_t item = 0; item < rare.size(); ++item) rare[item] = counts[item] != 0 && counts[item] < rows.plan.vocabulary.min_count;
  return rare;
}

}  // namespace

Json audit_vocabulary(const AuditRows& rows) {
  const Vocabulary& vocabulary = rows.vocabulary;
  std::vector<bool> seen_in_train(vocabulary.size());
  const std::vector<bool> rare = rare_items(rows);
  Json parts = Json::object();
  for (std::size_t part = 0; part < kParts; ++part) {
    std::uint64_t tokens = 0, special = 0, unknown = 0, below = 0, unknown_types = 0;
    for (const EventRange& range : x_ranges(rows.table, rows.split.rows[part])) {
      for (std::uint32_t i = range.begin; i < range.end; ++i) {
        const std::uint8_t type = rows.events.type[i];
        ++tokens;
        unknown_types += rows.plan.vocabulary.special_events && vocabulary.event_id[type] == kUnknownEventId;
        if (vocabulary.token_of_type[type] != StringPool::kNone) {
          ++special;
          continue;
        }
        const std::uint32_t item = rows.events.item[i];
        const std::uint32_t id = item == StringPool::kNone ? kUnknownId : vocabulary.item_id[item];
        unknown += id == kUnknownId;
        below += !rare.empty() && item != StringPool::kNone && rare[item];
        if (part == 0) seen_in_train[id] = true;
      }
    }
    parts[kPartNames[part]] = Fields()
                                  .count("tokens", tokens)
                                  .count("withoutItem", special)
                                  .count("known", tokens - special - unknown)
                                  .count("unknown", unknown)
                                  .share("unknownShare", unknown, tokens - special)
                                  .count("belowMinCount", below)
                                  .count("unknownTypes", unknown_types)
                                  .done();
  }
  std::uint64_t never_seen = 0;
  for (std::size_t id = vocabulary.tokens.size(); id < vocabulary.size(); ++id) never_seen += !seen_in_train[id];
  return Fields()
      .count("itemsInData", vocabulary.item_id.size())
      .count("items", vocabulary.items.size())
      .count("neverInTrainX", never_seen)
      .share("neverInTrainXShare", never_seen, vocabulary.items.size())
      .count("belowMinCount", static_cast<std::uint64_t>(std::count(rare.begin(), rare.end(), true)))
      .put("parts", std::move(parts))
      .done();
}

}  // namespace causal_sessions
