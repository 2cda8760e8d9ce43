#include "trial/column_covariates.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/cold.h"
#include "core/number_text.h"
#include "core/small_sort.h"
#include "core/wording.h"
#include "trial/covariates.h"
#include "trial/known_events.h"

namespace causal_sessions {
namespace {

constexpr std::uint8_t kReference = 0xFF;

std::string in_quotes(std::string_view text) { return filled("\"{}\"", {visible(text)}); }

// Whether a text that is no number of a cell is one all the same, too great for sums of squares or for any double.
COLD bool is_too_great(std::string_view text) {
  const bool digits = text.find_first_not_of("+-.") != text.npos && text.find_first_not_of("0123456789+-.eE") == text.npos;
  return read_number(text) || (digits && std::isinf(std::strtod(std::string(text).c_str(), nullptr)));
}

}  // namespace

COLD std::vector<std::uint32_t> codes_at_time_zero(const OrderedEvents& events, const TrialSetup& setup, const TrialTable& table,
                                                   std::size_t column) {
  const bool of_exposure = is_of_exposures(setup);
  KnownEvents known(events, setup);
  const GroupedValues& values = *events.values;
  std::vector<std::uint32_t> codes(table.rows(), StringPool::kNone);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::uint32_t* const of_user = values.columns[column].codes.data() + values.user_begin[table.user[row]];
    std::uint32_t begin = table.history[row], end = table.history_end[row];
    const auto code_of = [&](std::uint32_t i) { return of_user[events.input_rank[i]]; };
    if (of_exposure) {
      const ExposedInstant shown = last_exposed(events, setup.exposure_type, begin, end);
      for (std::uint32_t i = shown.begin; i < shown.end && codes[row] == StringPool::kNone; ++i) {
        if (events.type[i] == setup.exposure_type) codes[row] = code_of(i);
      }
    } else {
      known.enter(begin, end, table.time_zero_us[row]);
      while (end > begin && codes[row] == StringPool::kNone) {
        if (--end; !known.told() || known.has(end)) codes[row] = code_of(end);
      }
    }
  }
  return codes;
}

COLD ColumnCovariates::ColumnCovariates(std::span<const std::string> columns, const OrderedEvents& events,
                                        const TrialSetup& setup, const TrialTable& table, std::span<const std::uint32_t> train,
                                        const ColumnCovariateOptions& options) {
  std::string taken_as;
  for (std::size_t at = 0; at < columns.size(); ++at) {
    const SharedTexts& texts = events.values->columns[at].texts;
    Column& column = columns_.emplace_back();
    column.codes = codes_at_time_zero(events, setup, table, at);
    std::uint32_t first_text = StringPool::kNone, first_great = StringPool::kNone, others = 0, great = 0;
    for (std::uint32_t code = 0; code < texts.size(); ++code) {
      const std::optional<double> number = read_cell_number(texts[code]);
      column.numbers.push_back(number.value_or(0));
      if (!number && others++ == 0) first_text = code;
      if (!number && is_too_great(texts[code]) && great++ == 0) first_great = code;
    }
    const std::string name = std::string(kOfColumn) + columns[at], shown = in_quotes(columns[at]);
    const std::size_t numbers = texts.size() - others;
    if (others == 0 && numbers != 0) {
      names_.push_back(name);
    } else {
      column.numbers = {};
      add_texts(columns[at], texts, column, train, options.min_count);
    }
    names_.push_back(name + std::string(kMissingValue));
    const std::string categories =
        column.categories == 0 ? "texts without categories"
                               : filled("{} categories, one of them for all other texts", {count_text(column.categories + 1)});
    taken_as += filled("{}{} as {}", {taken_as.empty() ? "" : ", ", shown,
                                      numbers + others == 0 ? "missing everywhere"
                                      : others == 0         ? "numbers"
                                                            : categories});
    if (great != 0) {
      note("greatNumbers", "covariates.columns",
           filled("Column {} has {} of 1e150 or more in size, such as {}, whose squares cannot be added up, so its values are "
                  "taken as "
                  "categories; write it in a larger unit, or name such texts in input.nulls where they stand for a missing value",
                  {shown, great == 1 ? "1 number" : count_text(great) + " numbers", in_quotes(texts[first_great])}));
    } else if (numbers > others && others != 0) {
      note("mixedColumn", "input.nulls",
           filled(
               "Column {} has {} different numbers, and texts that are none, such as {}, so its values are taken as categories; "
               "name such texts in input.nulls where they stand for a missing value",
               {shown, count_text(numbers), in_quotes(texts[first_text])}));
    }
  }
  note("columnCovariates", "covariates.columns",
       filled("The columns of covariates.columns are taken as follows: {}", {taken_as}));
}

COLD void ColumnCovariates::add_texts(const std::string& name, const SharedTexts& texts, Column& column,
                                      std::span<const std::uint32_t> train, std::uint32_t min_count) {
  std::vector<std::uint32_t> rows(texts.size());
  for (const std::uint32_t row : train) {
    if (column.codes[row] != StringPool::kNone) ++rows[column.codes[row]];
  }
  std::vector<std::uint32_t> own;
  for (std::uint32_t code = 0; code < texts.size(); ++code) {
    if (rows[code] != 0 && rows[code] >= min_count) own.push_back(code);
  }
  const std::size_t frequent = own.size();
  small_sort(own.begin(), own.end(), [&](std::uint32_t one, std::uint32_t other) {
    return rows[one] != rows[other] ? rows[one] > rows[other] : texts[one] < texts[other];
  });
  own.resize(std::min(frequent, kMostCategories));
  if (frequent > kMostCategories) {
    note(
        "manyCategories", "covariates.minCount",
        filled("Column {} has {} texts that {} training rows or more have; the {} most frequent are categories of their own, and "
               "all others share one",
               {in_quotes(name), count_text(frequent), count_text(min_count), count_text(kMostCategories)}));
  } else if (frequent == 0 && texts.size() != 0) {
    note("noCategories", "covariates.minCount",
         filled("Column {} has no text that {} training rows have, so it tells no more than where it is missing; set "
                "covariates.minCount to less, or leave the column out",
                {in_quotes(name), count_text(min_count)}));
  }
  column.category.assign(texts.size(), kReference);
  if (own.empty()) return;
  const std::uint32_t reference = own[0];
  own.erase(own.begin());
  small_sort(own.begin(), own.end(), [&](std::uint32_t one, std::uint32_t other) { return texts[one] < texts[other]; });
  std::fill(column.category.begin(), column.category.end(), static_cast<std::uint8_t>(own.size()));
  column.category[reference] = kReference;
  for (const std::uint32_t code : own) {
    column.category[code] = static_cast<std::uint8_t>(column.categories++);
    names_.push_back(std::string(kOfColumn) + name + "=" + std::string(texts[code]));
  }
  ++column.categories;
  names_.push_back(std::string(kOfColumn) + name + std::string(kOtherValues));
}

void ColumnCovariates::put(std::size_t row, double* values) const {
  for (const Column& column : columns_) {
    const std::uint32_t code = column.codes[row];
    const bool missing = code == StringPool::kNone;
    if (!column.numbers.empty()) *values++ = missing ? 0 : column.numbers[code];
    for (std::size_t k = 0; k < column.categories; ++k) *values++ = !missing && column.category[code] == k;
    *values++ = missing;
  }
}

}  // namespace causal_sessions
