#include <algorithm>

#include "audit/topics.h"

namespace causal_sessions {
namespace {

// By item of the events: whether those it was fitted on have it, but too few times. Empty where one is enough.
std::vector<bool> rare_items(const Run& run) {
  if (run.plan.vocabulary.min_count <= 1) return {};
  const bool tokens_only = run.plan.vocabulary.fit_on == FitOn::kTrainX;
  std::vector<std::uint32_t> counts(run.vocabulary.item_id.size());
  for (const IndexRange& range : run.fitted) {
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
      const bool token = !tokens_only || run.vocabulary.token_of_type[run.events.type[i]] == StringPool::kNone;
      if (run.events.item[i] != StringPool::kNone && token) ++counts[run.events.item[i]];
    }
  }
  std::vector<bool> rare(counts.size());
  for (std::size_t item = 0; item < rare.size(); ++item)
    rare[item] = counts[item] != 0 && counts[item] < run.plan.vocabulary.min_count;
  return rare;
}

}  // namespace

VocabularyAudit audit_vocabulary(const Run& run) {
  const Vocabulary& vocabulary = run.vocabulary;
  std::vector<bool> seen_in_train(vocabulary.size());
  const std::vector<bool> rare = rare_items(run);
  VocabularyAudit audit;
  for (std::size_t part = 0; part < kParts; ++part) {
    VocabularyAudit::PartCounts& counts = audit.parts[part];
    for (const IndexRange& range : x_ranges(run.trials.table, run.split.rows[part])) {
      for (std::uint32_t i = range.begin; i < range.end; ++i) {
        const std::uint8_t type = run.events.type[i];
        ++counts.tokens;
        counts.unknown_types += run.plan.vocabulary.special_events && vocabulary.event_id[type] == kUnknownEventId;
        if (vocabulary.token_of_type[type] != StringPool::kNone) {
          ++counts.without_item;
          continue;
        }
        const std::uint32_t item = run.events.item[i];
        const std::uint32_t id = item == StringPool::kNone ? kUnknownId : vocabulary.item_id[item];
        counts.unknown += id == kUnknownId;
        counts.below_min_count += !rare.empty() && item != StringPool::kNone && rare[item];
        if (part == 0) seen_in_train[id] = true;
      }
    }
  }
  audit.items_in_data = vocabulary.item_id.size();
  audit.items = vocabulary.items.size();
  for (std::size_t id = vocabulary.tokens.size(); id < vocabulary.size(); ++id) audit.never_in_train_x += !seen_in_train[id];
  audit.below_min_count = static_cast<std::uint64_t>(std::count(rare.begin(), rare.end(), true));
  return audit;
}

}  // namespace causal_sessions
