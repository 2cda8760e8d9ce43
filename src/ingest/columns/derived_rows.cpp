// The rows of derived columns, once these have been chosen.
#include <algorithm>
#include <utility>

#include "core/civil_time.h"
#include "ingest/columns/derived_columns.h"

namespace causal_sessions {
namespace {

constexpr const char* kNoJson = "it begins as JSON and is none, so nothing can be found in it";
constexpr const char* kListed =
    "a list stands where the path has an object; name its elements, with [0] for the first, [] for a row of each, or "
    "[key=NAME].value for the one of a key";

// A number behind a date counts from its midnight, in the plan's unit, of other clocks' in seconds. Beyond 24 hours it stays a
// number, and the time is none.
void append_clock(std::string& text, std::string_view number, TimeUnit unit) {
  std::int64_t value = 0;
  for (const char c : number) value = value * 10 + (c - '0');
  const std::int64_t per_second = unit == TimeUnit::kMilliseconds   ? 1000
                                  : unit == TimeUnit::kMicroseconds ? 1'000'000
                                  : unit == TimeUnit::kNanoseconds  ? 1'000'000'000
                                                                    : 1;
  char clock[kMaxClockText];
  const char* const end = write_clock(value, per_second, clock);
  if (end != clock) text.append(clock, static_cast<std::size_t>(end - clock));
  else text.append(number);
}

// A clock that was kept as a number has lost the zeros before it: of 093000 there is 93000.
void append_zeros(std::string& text, std::string_view number, const std::vector<std::string>& formats) {
  if (number.find_first_not_of("0123456789") != number.npos) return;
  std::size_t digits = 0;
  for (const std::string& format : formats) digits = format.ends_with(" %H%M%S") ? 6 : format.ends_with(" %H%M") ? 4 : digits;
  if (number.size() < digits) text.append(digits - number.size(), '0');
}

}  // namespace

void DerivedColumns::find_values(std::size_t list, const JsonValue* element) {
  KeyWatch* const keys = list == 1 && watch_ ? &*watch_ : nullptr;
  for (Walk& walk : walks_) {
    if (walk.list != list) continue;
    const std::span<const PathTree::Found> found =
        walk.paths.find(element != nullptr ? *element : roots_[walk.column], nested_values_, keys);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::size_t at = walk.values[i];
      if (found[i].damaged) cells_[at] = {{}, IssueReason::kBadValue, kNoJson};
      else if (found[i].listed) cells_[at] = {{}, IssueReason::kBadValue, kListed};
      else cells_[at] = json_cell(found[i].value, values_[at].id, nested_values_.texts);
    }
  }
}

void DerivedColumns::clear_values(std::size_t list) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (values_[i].list >= list) cells_[i] = {};
  }
}

template <class Emit>
Status DerivedColumns::unfold_list(std::size_t list, const JsonValue& from, Emit& emit) {
  // Copies, as a late key makes the list anew.
  const std::size_t column = lists_[list].column;
  const PathStep::Kind kind = lists_[list].kind;
  const bool at_once = lists_[list].path.empty();
  const auto [found, damaged, listed] = lists_[list].way.find(from, nested_values_)[0];
  if (damaged || listed) {
    listed_ |= listed;
    nested_values_.note_damage();
    return {};
  }
  const JsonValue value = nested_values_.opened(found);
  const bool present = found.kind != JsonKind::kNull || (list == 0 && at_once && !columns_[column].empty());
  bool any = false;
  Status status;
  const auto on_element = [&](const JsonValue& element) {
    any = true;
    if (list == 0 && rows_base_) row_ = ++elements_;
    plain_rows_ |= kind == PathStep::Kind::kRows && element.kind != JsonKind::kNested;
    find_values(list + 1, &element);
    if (list == 0 && watch_ && watch_->any_new()) {
      if (status = take_late_keys(); !status.ok()) return false;
      find_values(0, nullptr);
      find_values(1, &element);
    }
    status = list + 1 < lists_.size() ? unfold_list(list + 1, element, emit) : emit();
    return status.ok();
  };
  // One thing may stand without a list around it, as those who make JSON of XML write it.
  if (value.kind == JsonKind::kNested && !NestedValues::is_list(value)) on_element(value);
  else nested_values_.each(value, on_element);
  plain_rows_ |= kind == PathStep::Kind::kRows && present && value.kind != JsonKind::kNested;
  if (any || kind == PathStep::Kind::kRows || !status.ok()) return status;
  clear_values(list + 1);
  return emit();
}

// Calls emit() for each row that the reader's row makes, once columns_ have been set.
template <class Emit>
Status DerivedColumns::unfold(std::uint64_t row, std::optional<std::uint64_t> line, Emit emit) {
  for (std::size_t at = 0; at < wanted_.size(); ++at) {
    if (wanted_[at].as != ReadAs::kNested) continue;
    roots_[at] = slack_ ? nested_values_.value_of(columns_[at]) : nested_values_.value_of_copy(columns_[at]);
  }
  row_ = row;
  const auto emit_sound = [&] {
    const Value* const unusable = find_issue();
    if (unusable == nullptr || shows()) return emit();
    if (Status status = flush(); !status.ok()) return status;  // keeps issues in row order
    const JsonCell& cell = cells_[static_cast<std::size_t>(unusable - values_.data())];
    sink_.add_bad_row(*cell.issue, row_, line, unusable->name, cell.words);
    return Status();
  };
  find_values(0, nullptr);
  Status status = lists_.empty() ? emit_sound() : unfold_list(0, roots_[lists_[0].column], emit_sound);
  if (plain_rows_ && status.ok() && !shows()) {
    plain_rows_ = false;
    if (status = flush(); !status.ok()) return status;
    told_by_reader_ = true;
    sink_.add_bad_row(IssueReason::kBadValue, row, line, options_.input.rows,
                      "a plain value stands where input.rows looks for rows; name another place in input.rows");
  }
  // What is left is of a list itself.
  if (!nested_values_.take_damage() || !status.ok() || shows()) return status;
  told_by_reader_ = true;
  if (status = flush(); status.ok())
    sink_.add_bad_row(IssueReason::kBadValue, row_, line, names_[wanted_[lists_[0].column].position],
                      std::exchange(listed_, false) ? kListed : kNoJson);
  return status;
}

const DerivedColumns::Value* DerivedColumns::find_issue() const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (cells_[i].issue) return &values_[i];
  }
  return nullptr;
}

std::string_view DerivedColumns::text_of(const Source& source) {
  switch (source.kind) {
    case Source::Kind::kColumn: return columns_[source.at];
    case Source::Kind::kValue: return cells_[source.at].issue ? std::string_view("...") : cells_[source.at].text;
    case Source::Kind::kConstant: return source.text;
    case Source::Kind::kFirst:
      for (const Source& part : source.parts) {
        if (const std::string_view text = value_of(part); !text.empty()) return text;
      }
      return {};
    case Source::Kind::kFolder: {
      const std::string_view text = value_of(source.parts[0]);
      if (text.empty()) return source.text;
      if (text != source.text && found_.other_than_folder++ == 0) {
        found_.other = {names_[wanted_[source.parts[0].at].position], source.text, std::string(text), row_};
      }
      return text;
    }
    case Source::Kind::kJoined: break;
  }
  std::string joined;
  for (const Source& part : source.parts) {
    const std::string_view text = value_of(part);
    if (text.empty()) return {};  // half of a time is none
    // Which unit a number has is for the plan to say: it may be an hour as well.
    const bool number = !joined.empty() && unit_ != TimeUnit::kAuto && options_.time.format.empty() && text.size() < 12 &&
                        text.find_first_not_of("0123456789") == text.npos;
    const bool behind = !joined.empty();
    joined.append(behind ? " " : "");
    if (behind) append_zeros(joined, text, options_.time.format);
    if (number) append_clock(joined, text, unit_);
    else joined.append(text);
  }
  return nested_values_.texts.emplace_back(std::move(joined));
}

// Empty where a text for a missing value stands.
std::string_view DerivedColumns::value_of(const Source& source) {
  const std::string_view text = text_of(source);
  const auto& nulls = options_.input.nulls;
  return std::find(nulls.begin(), nulls.end(), text) == nulls.end() ? text : std::string_view();
}

Status DerivedColumns::flush() {
  Status status = out_->size == 0 ? Status() : sink_.add(*out_);
  out_->clear();
  return status;
}

Status DerivedColumns::add(const RowBatch& batch) {
  for (std::size_t i = 0; i < batch.size; ++i) {
    for (std::size_t at = 0; at < columns_.size(); ++at) columns_[at] = batch.cells[at][i];
    const auto emit = [&] {
      if (shows() && emitted_++ >= most_rows()) return Status();
      for (std::size_t k = 0; k < sources_.size(); ++k) out_->cells[k][out_->size] = text_of(sources_[k]);
      out_->place_row(row_, batch.line[i]);
      return out_->full() ? flush() : Status();
    };
    if (Status status = unfold(batch.row[i], batch.line[i], emit); !status.ok()) return status;
  }
  Status status = flush();
  nested_values_.clear();
  return status;
}

// Columns that are shown and not needed, one by one; those of the file, and not where rows are made of lists.
Status DerivedColumns::add_unneeded(const ColumnBatch& batch) {
  for (std::size_t k = needed_; lists_.empty() && k < sources_.size(); ++k) {
    if (sources_[k].kind != Source::Kind::kColumn || sources_[k].at < batch.first_column) continue;
    const std::size_t at = sources_[k].at - batch.first_column;
    if (at >= batch.columns.size()) continue;
    if (Status status = sink_.add(ColumnBatch{batch.size, batch.first_row, {batch.columns[at]}, k}); !status.ok()) return status;
  }
  return {};
}

namespace {

// Columns whose rows have been chosen from others.
class Gathered {
 public:
  [[nodiscard]] std::variant<TextColumn, TimeColumn> of(const std::variant<TextColumn, TimeColumn>& column,
                                                        std::span<const std::uint32_t> origin) {
    if (const auto* const from = std::get_if<TextColumn>(&column)) {
      TextColumn text = *from;
      if (!text.codes.empty()) text.codes = pick(from->codes, origin, codes_);
      else if (!text.texts.empty()) text.texts = pick(from->texts, origin, texts_);
      return text;
    }
    TimeColumn times = std::get<TimeColumn>(column);
    times.values = pick(times.values, origin, values_);
    if (!times.states.empty()) times.states = pick(times.states, origin, states_);
    return times;
  }

 private:
  template <class T>
  std::span<const T> pick(std::span<const T> from, std::span<const std::uint32_t> origin, std::deque<std::vector<T>>& kept) {
    std::vector<T>& picked = kept.emplace_back();
    picked.reserve(origin.size());
    for (const std::uint32_t i : origin) picked.push_back(from[i]);
    return picked;
  }

  std::deque<std::vector<std::uint32_t>> codes_;
  std::deque<std::vector<std::string_view>> texts_;
  std::deque<std::vector<std::int64_t>> values_;
  std::deque<std::vector<std::uint8_t>> states_;
};

}  // namespace

Status DerivedColumns::add(const ColumnBatch& batch) {
  if (batch.first_column != 0) return add_unneeded(batch);
  slack_ = false;
  std::vector<std::uint32_t> origin;  // the reader's row of each
  std::vector<std::uint64_t> numbers;
  std::vector<std::vector<std::string_view>> texts(needed_);
  for (std::size_t i = 0; i < batch.size; ++i) {
    for (std::size_t at = 0; at < std::min(columns_.size(), batch.columns.size()); ++at) {
      const auto* const times = std::get_if<TimeColumn>(&batch.columns[at]);
      if (times == nullptr) columns_[at] = std::get<TextColumn>(batch.columns[at]).text(i);
      else if (times->state(i) == TimeColumn::kMissing || wanted_[at].as != ReadAs::kShown) columns_[at] = {};
      else columns_[at] = nested_values_.texts.emplace_back(times->text(i));
    }
    const auto emit = [&] {
      origin.push_back(static_cast<std::uint32_t>(i));
      numbers.push_back(row_);
      for (std::size_t k = 0; k < needed_; ++k) {
        if (sources_[k].kind != Source::Kind::kColumn) texts[k].push_back(text_of(sources_[k]));
      }
      return Status();
    };
    if (Status status = unfold(batch.first_row + i, std::nullopt, emit); !status.ok()) return status;
  }
  ColumnBatch out{origin.size(), emitted_ + 1};
  out.rows = numbers;
  emitted_ += origin.size();
  const bool as_they_were = lists_.empty() && origin.size() == batch.size;
  Gathered gathered;
  for (std::size_t k = 0; k < needed_; ++k) {
    if (sources_[k].kind != Source::Kind::kColumn) out.columns.emplace_back(TextColumn{texts[k]});
    else if (as_they_were) out.columns.push_back(batch.columns[sources_[k].at]);
    else out.columns.push_back(gathered.of(batch.columns[sources_[k].at], origin));
  }
  Status status = origin.empty() ? Status() : sink_.add(out);
  nested_values_.clear();
  return status.ok() ? add_unneeded(batch) : status;
}

}  // namespace causal_sessions
