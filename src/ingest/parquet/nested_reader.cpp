#include "ingest/parquet/nested_reader.h"

#include <algorithm>
#include <utility>

#include "core/cold.h"
#include "core/string_pool.h"

namespace causal_sessions::parquet {
namespace {

using Kind = NestedField::Kind;

// Values of a leaf taken at once, which are few, as a text can be long.
constexpr std::size_t kTaken = ColumnReader::kMostRows / 8;

bool is_number(Meaning meaning) {
  return meaning == Meaning::kSigned || meaning == Meaning::kUnsigned || meaning == Meaning::kFloat ||
         meaning == Meaning::kDouble || meaning == Meaning::kHalf || meaning == Meaning::kBoolean;
}

}  // namespace

COLD NestedReader::NestedReader(const std::string& file, const NestedColumn& column, const WantedColumn& wanted)
    : field_(column.field), most_(wanted.as == ReadAs::kNested ? SIZE_MAX : kMostShownNested) {
  (void)want_paths(field_, wanted.paths);
  add_leaves(field_, file, column.leaves, wanted.needed);
}

COLD void NestedReader::add_leaves(NestedField& field, const std::string& file, const std::vector<Column>& leaves, bool needed) {
  if (!field.wanted) return;
  for (NestedField& child : field.children) add_leaves(child, file, leaves, needed);
  if (field.kind != Kind::kValue) return;
  const Column& leaf = leaves[field.source];
  field.source = leaves_.size();
  leaves_.push_back({ColumnReader(file, leaf,
                                  is_time(leaf.meaning) ? ColumnAs::kTimes
                                  : needed              ? ColumnAs::kTexts
                                                        : ColumnAs::kAnyBytes)});
}

COLD Status NestedReader::begin(const RowGroup& group, std::uint64_t file_end) {
  texts_.clear();
  for (Leaf& leaf : leaves_) {
    leaf.json.clear();
    leaf.entries.clear();
    leaf.row_ends.clear();
    leaf.row = leaf.at = 0;
    leaf.rows_left = group.rows;
    leaf.open = false;
    const Chunk& chunk = group.chunks[leaf.reader.column().leaf];
    if (Status status = leaf.reader.begin_chunk(chunk, group.rows, file_end); !status.ok()) return status;
  }
  return {};
}

std::uint64_t NestedReader::rows_ready() const {
  std::size_t rows = ColumnReader::kMostRows;  // with nothing to read all of them are null
  for (const Leaf& leaf : leaves_) rows = std::min(rows, leaf.row_ends.size() - leaf.row);
  return rows;
}

Result<ColumnReader*> NestedReader::load() {
  for (Leaf& leaf : leaves_) {
    while (leaf.row == leaf.row_ends.size()) {
      if (leaf.reader.rows_ready() == 0) {
        const Result<bool> loaded = leaf.reader.load_page();
        if (!loaded.ok()) return loaded.error();
        if (!loaded.value()) return &leaf.reader;
      }
      if (Status status = take(leaf); !status.ok()) return status.error();
    }
  }
  return nullptr;
}

// The next values of the leaf become entries.
Status NestedReader::take(Leaf& leaf) {
  if (leaf.row == leaf.row_ends.size() && leaf.at > 0) {  // all whole rows have been used
    const std::size_t used = leaf.entries[leaf.at - 1].end;
    leaf.json.erase(0, used);
    leaf.entries.erase(leaf.entries.begin(), leaf.entries.begin() + static_cast<std::ptrdiff_t>(leaf.at));
    for (Entry& entry : leaf.entries) entry.end -= used;
    leaf.row_ends.clear();
    leaf.row = leaf.at = 0;
  }
  ColumnReader& reader = leaf.reader;
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(reader.rows_ready(), kTaken));
  if (Status status = reader.read(count); !status.ok()) return status;
  const auto definitions = reader.definitions(), repetitions = reader.repetitions();
  const Column& column = reader.column();
  const bool number = is_number(column.meaning), time = reader.is_time();
  const TextColumn texts = time ? TextColumn() : reader.texts();
  const TimeColumn times = time ? reader.times() : TimeColumn();
  NestedTexts values;
  std::vector<std::uint64_t> ends(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (definitions[i] == column.definition) {
      if (time) values.put_time(times, i);
      else if (const std::string_view text = texts.texts[texts.codes.empty() ? i : texts.codes[i]]; number)
        values.put_number(text);
      else values.put_text(text);
    }
    ends[i] = values.sink().position();
  }
  const std::size_t before = leaf.json.size();
  leaf.json += values.all();
  if (leaf.json.size() > NestedTexts::kMost || leaf.entries.size() > NestedTexts::kMost / 16) {
    return reader.refuse(ErrorCode::kTooLarge, "the value of a row is longer than a table of events needs");
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (repetitions[i] == 0) {
      if (leaf.open) leaf.row_ends.push_back(leaf.entries.size());
      if (leaf.rows_left-- == 0) return reader.damaged("its pages hold more rows than the group");
      leaf.open = true;
    } else if (!leaf.open) {
      return reader.damaged("its first value goes on with a list that has not begun");
    }
    leaf.entries.push_back({definitions[i], repetitions[i], before + static_cast<std::size_t>(ends[i])});
  }
  if (!reader.chunk_ended()) return {};
  if (leaf.rows_left != 0) return reader.damaged("its rows end early");
  if (std::exchange(leaf.open, false)) leaf.row_ends.push_back(leaf.entries.size());
  return {};
}

Status NestedReader::read(std::size_t rows) {
  texts_.clear();
  for (std::size_t i = 0; i < rows; ++i) {
    if (leaves_.empty()) texts_.put_null();
    else put(field_);
    texts_.end_row();
    for (Leaf& leaf : leaves_) {
      if (damaged_ || leaf.at != leaf.row_ends[leaf.row])
        return leaf.reader.damaged("the lists of a row are not equally long in all that is in them");
      ++leaf.row;
    }
    if (texts_.too_long())
      return leaves_[0].reader.refuse(ErrorCode::kTooLarge, "the values of some rows are longer than a table of events needs");
  }
  return {};
}

const NestedReader::Leaf* NestedReader::first_leaf(const NestedField& field) const {
  if (!field.wanted) return nullptr;
  if (field.kind == Kind::kValue) return &leaves_[field.source];
  for (const NestedField& child : field.children) {
    if (const Leaf* const leaf = first_leaf(child); leaf != nullptr) return leaf;
  }
  return nullptr;
}

// The one that the row goes on with in the first of the field's leaves; nullptr: the row has ended there.
const NestedReader::Entry* NestedReader::first_entry(const NestedField& field) const {
  const Leaf* const leaf = first_leaf(field);
  return leaf == nullptr || leaf->at == leaf->row_ends[leaf->row] ? nullptr : &leaf->entries[leaf->at];
}

// What is not there has one entry in each leaf.
void NestedReader::pass(const NestedField& field) {
  if (!field.wanted) return;
  for (const NestedField& child : field.children) pass(child);
  if (field.kind != Kind::kValue) return;
  Leaf& leaf = leaves_[field.source];
  if (leaf.at == leaf.row_ends[leaf.row]) damaged_ = true;
  else ++leaf.at;
}

void NestedReader::put(const NestedField& field) {
  const Entry* const entry = first_entry(field);
  if (entry == nullptr || entry->definition < field.present) {
    damaged_ = damaged_ || (entry == nullptr && first_leaf(field) != nullptr);
    pass(field);
    return texts_.put_null();
  }
  if (field.kind == Kind::kList) return put_list(field);
  if (field.kind == Kind::kObject) {
    texts_.put('{');
    bool first = true;
    for (const NestedField& child : field.children) {
      if (!child.wanted) continue;
      texts_.put_key(child.name, first);
      put(child);
      first = false;
    }
    return texts_.put('}');
  }
  Leaf& leaf = leaves_[field.source];
  const std::size_t begin = leaf.at == 0 ? 0 : leaf.entries[leaf.at - 1].end;
  ++leaf.at;
  texts_.sink().put(std::string_view(leaf.json).substr(begin, entry->end - begin));
}

void NestedReader::put_list(const NestedField& field) {
  const Entry* entry = first_entry(field);
  texts_.put('[');
  if (entry->definition == field.present) {
    pass(field);
    return texts_.put(']');
  }
  for (bool first = true; !damaged_ && !texts_.too_long(); first = false) {
    if (!first) texts_.put(',');
    put(field.children[0]);
    entry = first_entry(field);
    if (entry == nullptr || entry->repetition < field.repeated) break;
    damaged_ = damaged_ || entry->repetition > field.repeated;
  }
  texts_.put(']');
}

}  // namespace causal_sessions::parquet
