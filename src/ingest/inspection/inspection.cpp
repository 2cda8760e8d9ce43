#include "ingest/inspection/inspection.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/civil_time.h"
#include "core/string_pool.h"
#include "core/utf8.h"

namespace causal_sessions {

namespace {

std::uint64_t whole(double value) { return static_cast<std::uint64_t>(std::min(value, 9e15) + 0.5); }

// Bytes that are no text as PostgreSQL shows them, the first of them: \x89504e47…
std::string cell_text(std::string_view bytes) {
  if (find_invalid_utf8(bytes) == bytes.size()) return std::string(bytes);
  constexpr std::size_t kShownBytes = 16;
  constexpr char kHex[] = "0123456789abcdef";
  std::string text = "\\x";
  for (const char c : bytes.substr(0, kShownBytes)) {
    text += kHex[static_cast<unsigned char>(c) >> 4];
    text += kHex[static_cast<unsigned char>(c) & 15];
  }
  return bytes.size() > kShownBytes ? text + "…" : text;
}

}  // namespace

void find_columns(Preview& preview, const ReadingOptions& options, Columns known) {
  Result<Schema> schema = find_columns(preview.name, preview.names, options, known);
  if (schema.ok()) {
    preview.schema = std::move(schema.value());
  } else if (!preview.problem) {
    preview.problem = schema.error();
  }
}

void lack_bytes(Preview& preview, std::uint64_t bytes) {
  preview.note.assign(preview.name).append(": its first rows are not shown; they lie beyond the ");
  preview.note.append(std::to_string(bytes)).append(" bytes that were looked at");
}

void note_rows(Preview& preview, const Result<EventTable>& events, bool whole) {
  if (events.ok()) return;
  const ErrorCode code = events.error().code;
  if (code == ErrorCode::kEmptyInput && whole) preview.problem = events.error();
  // No problem yet: they may be left out or read in another way.
  if (code == ErrorCode::kBadRows || code == ErrorCode::kMixedTimeUnits || code == ErrorCode::kBadTimes) {
    preview.note = (whole ? "" : "In the bytes that were looked at: ") + events.error().message;
  }
}

Error no_rows(const std::string& name) {
  return {ErrorCode::kEmptyInput, name + " has no rows of data", {name, {}, {}, {}}};
}

std::string preview_json(const Preview& preview) {
  using nlohmann::ordered_json;
  ordered_json out = {{"name", preview.name}, {"problem", nullptr}};
  if (preview.problem) out["problem"] = {{"code", code_name(preview.problem->code)}, {"message", preview.problem->message}};
  out["compression"] = preview.compression.empty() ? ordered_json(nullptr) : ordered_json(preview.compression);
  if (preview.more_columns) out["moreColumns"] = true;
  if (!preview.format.empty()) {
    out["format"] = preview.format;
    if (preview.format == "csv") {
      out["separator"] = preview.separator;
      out["header"] = preview.header;
    }
    out["columnNames"] = preview.names;
    if (!preview.types.empty()) out["columnTypes"] = preview.types;
    for (std::size_t role = 0; role < kRoles; ++role) {
      const bool found = preview.schema && preview.schema->column[role];
      out["columns"][kRoleNames[role]] = found ? ordered_json(preview.names[*preview.schema->column[role]]) : ordered_json(nullptr);
    }
    out["rows"] = preview.rows;
  }
  if (const auto& estimate = preview.estimate) {
    out["estimate"] = {{"rows", whole(estimate->rows)}, {"bytes", whole(estimate->bytes)}, {"leastBytes", whole(estimate->least_bytes)}};
  }
  if (!preview.note.empty()) out["note"] = preview.note;
  if (preview.needs_bytes != 0) out["needsBytes"] = preview.needs_bytes;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

void show_texts(const TextColumn& texts, std::vector<std::vector<std::string>>& rows, std::size_t first,
                std::size_t count, std::size_t column) {
  for (std::size_t i = 0; i < count; ++i) {
    const bool missing = !texts.codes.empty() && texts.codes[i] == StringPool::kNone;
    if (!missing) rows[first + i][column] = cell_text(texts.texts[texts.codes.empty() ? i : texts.codes[i]]);
  }
}

void show_times(const TimeColumn& times, bool dates, std::vector<std::vector<std::string>>& rows, std::size_t first,
                std::size_t count, std::size_t column) {
  for (std::size_t i = 0; i < count; ++i) {
    if (times.state(i) == TimeColumn::kMissing) continue;
    using Unit = TimeColumn::Unit;
    const std::int64_t value = times.values[i];
    const std::int64_t scale = times.unit == Unit::kSeconds ? 1'000'000 : times.unit == Unit::kMilliseconds ? 1000 : 1;
    constexpr std::int64_t kMostUs = INT64_MAX - 100'000'000'000'000;  // as the event builder has it
    if (value > kMostUs / scale || value < -kMostUs / scale || times.state(i) > TimeColumn::kDigitsCut) {
      rows[first + i][column] = times.shown(i);
      continue;
    }
    std::int64_t time_us = value * scale;
    if (times.unit == Unit::kNanoseconds) time_us = value / 1000 - (value % 1000 < 0);
    std::string text = format_utc(time_us);
    if (times.local) text.pop_back();  // the Z: it has no zone
    rows[first + i][column] = dates ? text.substr(0, text.find('T')) : text;
  }
}

}  // namespace causal_sessions
