#include "ingest/inspection/column_guesses.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/cold.h"
#include "ingest/build/time_shapes.h"
#include "ingest/inspection/column_values.h"
#include "ingest/inspection/event_roles.h"

namespace causal_sessions {
namespace {

bool names_thing(std::string_view name) {
  const std::string key = normalized_name(name);
  for (const std::string_view thing : {"product", "item", "sku", "article", "listing", "content", "offer", "movie", "song",
                                       "track", "video", "campaign", "creative", "banner"}) {
    if (key.find(thing) != key.npos) return true;
  }
  return false;
}

// Objects and lists, which a preview shows as JSON or as "...", are no value of an event; what is in them may be.
bool is_nested(const ColumnValues& values) {
  return std::any_of(values.of.begin(), values.of.end(), [](const auto& entry) {
    const std::string_view text = entry.first;
    return text.starts_with('{') || text.starts_with('[') || text == "...";
  });
}

// Whether all values are times that need a format, which the look at the rows then names.
COLD bool have_shape(const ColumnValues& values) {
  TimeShapes shapes;
  for (const auto& [text, value] : values.of) {
    if (value.time.kind == ParsedTime::Kind::kBad) shapes.note(text);
  }
  return !shapes.shapes.empty() && shapes.others == 0 && values.numbers == 0;
}

// Few texts that come again and again: an id of somebody has more, a free text does not repeat.
bool may_be_types(const ColumnValues& values, std::size_t known_types) {
  constexpr std::size_t kMost = 60;
  const std::size_t distinct = values.of.size();
  return values.present >= 2 && values.numbers == 0 && values.times == 0 && distinct <= kMost &&
         (distinct * 2 <= values.present || known_types * 2 > distinct);
}

}  // namespace

COLD ChosenColumns guess_columns(std::span<const std::string> names, std::span<const std::vector<std::string>> rows,
                                 const ChosenColumns& sure, const ReadingOptions& options) {
  std::vector<ColumnValues> values;
  std::vector<bool> nested;
  for (std::size_t i = 0; i < names.size(); ++i) {
    values.push_back(values_of(rows, i, options.time));
    nested.push_back(is_nested(values.back()));
  }
  ChosenColumns guessed;
  // Cells that have not been told apart, and pieces of JSON, have no names.
  const auto is_json = [](const std::string& name) { return name.find("\":") != name.npos; };
  if (names.size() < 2 || std::any_of(names.begin(), names.end(), is_json)) return guessed;
  const std::vector<std::size_t> of_known = columns_of_known(names, options);
  const auto is_free = [&](std::size_t i) {
    return !nested[i] && std::find(of_known.begin(), of_known.end(), i) == of_known.end() &&
           std::find(sure.begin(), sure.end(), i) == sure.end() && std::find(guessed.begin(), guessed.end(), i) == guessed.end();
  };
  // The free column with the highest score above 0, the first of equal ones.
  const auto guess = [&](Role role, auto score) {
    const auto at = static_cast<std::size_t>(role);
    if (sure[at]) return;
    std::size_t best = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::size_t own = is_free(i) ? score(i) : 0;
      if (own > best) best = own, guessed[at] = i;
    }
  };
  const auto hinted = [&](Role role, std::size_t i) {
    const std::vector<std::size_t> likely = likely_columns(names, role);
    return std::find(likely.begin(), likely.end(), i) != likely.end();
  };
  guess(Role::kTime, [&](std::size_t i) -> std::size_t {
    const bool times = values[i].present > 0 && (values[i].times == values[i].present || have_shape(values[i]));
    return 2 * static_cast<std::size_t>(times) + static_cast<std::size_t>(hinted(Role::kTime, i));
  });
  guess(Role::kType, [&](std::size_t i) -> std::size_t {
    const auto timed = static_cast<std::size_t>(Role::kTime);
    const bool hint = hinted(Role::kType, i);
    std::size_t known = 0;
    for (const auto& [text, value] : values[i].of) known += is_known_type(text);
    // Few texts alone may be anything, more so in a table without times.
    if (!may_be_types(values[i], known) || (known == 0 && !hint && !sure[timed] && !guessed[timed])) return 0;
    return 1 + static_cast<std::size_t>(hint) + 4 * std::min<std::size_t>(known, 3);
  });
  guess(Role::kUser, [&](std::size_t i) -> std::size_t { return hinted(Role::kUser, i); });
  guess(Role::kItem, [&](std::size_t i) -> std::size_t { return values[i].present > 0 && names_thing(names[i]); });
  return guessed;
}

}  // namespace causal_sessions
