#include "ingest/columns/nested_field.h"

#include <algorithm>

#include "core/civil_time.h"
#include "core/cold.h"
#include "formats/json/write.h"

namespace causal_sessions {
namespace {

using Kind = NestedField::Kind;

const NestedField* want_all(NestedField& field, bool skip) {
  if (!field.readable()) return skip ? nullptr : &field;
  field.wanted = true;
  const NestedField* unreadable = nullptr;
  for (NestedField& child : field.children) {
    if (const NestedField* const found = want_all(child, skip); unreadable == nullptr) unreadable = found;
  }
  return unreadable;
}

bool has_value(const NestedField& field) {
  if (!field.wanted) return false;
  return field.kind == Kind::kValue || std::any_of(field.children.begin(), field.children.end(), has_value);
}

// Whether a field is there is told by a value of it, so one is read whether or not a path ends in it.
bool want_any_value(NestedField& field) {
  if (!field.readable()) return false;
  field.wanted = field.kind == Kind::kValue || std::any_of(field.children.begin(), field.children.end(), want_any_value);
  return field.wanted;
}

const NestedField* want_steps(NestedField& field, std::span<const PathStep> steps) {
  if (steps.empty()) return want_all(field, false);
  if (!field.readable()) return &field;
  field.wanted = true;
  if (field.kind == Kind::kValue) return nullptr;  // text that holds JSON is gone into
  const PathStep& step = steps[0];
  const NestedField* unreadable = nullptr;
  if (field.kind == Kind::kObject) {
    if (step.kind == PathStep::Kind::kRows) return want_steps(field, steps.subspan(1));
    for (NestedField& child : field.children) {
      if (step.kind != PathStep::Kind::kKey || child.name != step.key) continue;
      if (const NestedField* const found = want_steps(child, steps.subspan(1)); unreadable == nullptr) unreadable = found;
    }
  } else if (step.kind != PathStep::Kind::kKey) {
    NestedField& element = field.children[0];
    if (step.kind == PathStep::Kind::kWhere) {
      const PathStep key{PathStep::Kind::kKey, step.key};
      unreadable = want_steps(element, std::span(&key, 1));
    }
    if (const NestedField* const found = want_steps(element, steps.subspan(1)); unreadable == nullptr) unreadable = found;
  }
  if (unreadable == nullptr && !has_value(field)) (void)want_any_value(field);
  return unreadable;
}

void unwant(NestedField& field) {
  field.wanted = false;
  for (NestedField& child : field.children) unwant(child);
}

constexpr std::size_t kMostPaths = 100;

void list_below(const NestedField& field, const std::string& place, bool top, std::vector<std::string>& paths) {
  if (paths.size() >= kMostPaths) return;
  if (field.kind == Kind::kValue) {
    if (!top && field.readable()) paths.push_back(place);
  } else if (field.kind == Kind::kList) {
    list_below(field.children[0], place + "[0]", false, paths);
  } else {
    for (const NestedField& child : field.children) list_below(child, place + key_step(child.name), false, paths);
  }
}

// A list of keys and values.
bool is_map(const NestedField& field) {
  if (field.kind != Kind::kList || field.children[0].kind != Kind::kObject) return false;
  const std::vector<NestedField>& pair = field.children[0].children;
  return pair.size() == 2 && pair[0].name == "key" && pair[1].name == "value";
}

}  // namespace

COLD const NestedField* want_paths(NestedField& column, std::span<const Path> paths) {
  unwant(column);
  if (paths.empty()) return want_all(column, true);
  for (const Path& path : paths) {
    if (const NestedField* const unreadable = want_steps(column, path)) return unreadable;
  }
  return nullptr;
}

COLD std::vector<std::string> keys_below(const NestedField& column, std::span<const PathStep> steps) {
  const NestedField* field = &column;
  for (const PathStep& step : steps) {
    if (step.kind == PathStep::Kind::kRows && field->kind == Kind::kObject) continue;
    if ((step.kind == PathStep::Kind::kKey) != (field->kind == Kind::kObject) || field->kind == Kind::kValue) return {};
    const auto fits = [&](const NestedField& child) { return step.kind != PathStep::Kind::kKey || child.name == step.key; };
    const auto found = std::find_if(field->children.begin(), field->children.end(), fits);
    if (found == field->children.end()) return {};
    field = &*found;
  }
  std::vector<std::string> keys;
  if (field->kind != Kind::kObject) return keys;
  for (const NestedField& child : field->children) {
    if (std::find(keys.begin(), keys.end(), child.name) == keys.end()) keys.push_back(child.name);
  }
  return keys;
}

COLD void list_paths(const NestedField& column, std::vector<std::string>& paths) { list_below(column, column.name, true, paths); }

COLD std::string path_advice(const NestedField& column) {
  if (is_map(column)) {
    return ". A path names a value in it, such as \"" + column.name + "[key=NAME].value\" for the one whose key is NAME";
  }
  std::vector<std::string> paths;
  list_paths(column, paths);
  return paths.empty() ? std::string() : ". A path names a value in it, such as \"" + paths[0] + "\"";
}

NestedTexts::NestedTexts()
    : sink_([this](
                std::span<const std::uint8_t> bytes) { text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); },
            1 << 12) {}

void NestedTexts::put_key(std::string_view name, bool first) {
  if (!first) put(',');
  put_json_string(sink_, name, JsonText::kUtf8);
  put(':');
}

void NestedTexts::put_text(std::string_view text) { put_json_string(sink_, text, JsonText::kUtf8); }

void NestedTexts::put_number(std::string_view number) {
  if (number.empty()) put_null();
  else if (number.back() == 'y') put_text(number);  // Infinity
  else sink_.put(number);
}

COLD std::string time_text(const TimeColumn& times, std::size_t row) {
  using Unit = TimeColumn::Unit;
  const std::int64_t value = times.values[row];
  const std::int64_t scale = times.unit == Unit::kSeconds ? 1'000'000 : times.unit == Unit::kMilliseconds ? 1000 : 1;
  constexpr std::int64_t kMostUs = INT64_MAX - 100'000'000'000'000;  // as the event builder has it
  if (times.unit == Unit::kEpoch || value > kMostUs / scale || value < -kMostUs / scale ||
      times.state(row) > TimeColumn::kDigitsCut)
    return times.shown(row);
  std::int64_t time_us = value * scale;
  std::int64_t more = 0;  // nanoseconds
  if (times.unit == Unit::kNanoseconds) {
    more = (value % 1000 + 1000) % 1000;
    time_us = (value - more) / 1000;
  }
  std::string text = format_utc(time_us);
  text.pop_back();  // the Z, which a time without a zone has not
  if (times.dates) return text.substr(0, text.find('T'));
  if (more != 0) {
    if (text.find('.') == text.npos) text.append(".000000");
    text.append(std::to_string(1000 + more).substr(1));
  }
  return times.local ? text : text + "Z";
}

void NestedTexts::put_time(const TimeColumn& times, std::size_t row) { put_text(time_text(times, row)); }

void NestedTexts::end_row() { ends_.push_back(sink_.position() - begin_); }

std::span<const std::string_view> NestedTexts::rows(std::size_t most) {
  sink_.flush();
  rows_.clear();
  cut_.clear();
  cut_.reserve(ends_.size());
  std::size_t begin = 0;
  for (const std::uint64_t end : ends_) {
    std::string_view row = std::string_view(text_).substr(begin, static_cast<std::size_t>(end) - begin);
    begin = static_cast<std::size_t>(end);
    if (row == "null") row = {};
    if (row.size() > most) {
      std::size_t size = most;
      while (size > 0 && (static_cast<unsigned char>(row[size]) & 0xC0) == 0x80) --size;
      row = cut_.emplace_back(row.substr(0, size)).append("...");
    }
    rows_.push_back(row);
  }
  return rows_;
}

std::string_view NestedTexts::all() {
  sink_.flush();
  return text_;
}

void NestedTexts::clear() {
  sink_.flush();
  begin_ = sink_.position();
  text_.clear();
  ends_.clear();
}

}  // namespace causal_sessions
