#include "ingest/event_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/cold.h"
#include "ingest/chunks/chunk_bytes.h"
#include "ingest/file_notices.h"

namespace causal_sessions {

const std::shared_ptr<const Schema>& FileSummary::no_columns() {
  static const auto none = std::make_shared<const Schema>();
  return none;
}

EventReader::EventReader(const ReadingOptions& options) : options_(options), builder_(options), search_(options, builder_) {}

void EventReader::begin_file(std::string name, std::optional<std::uint64_t> size, bool found) {
  inputs_.push_back({files_.size(), nullptr});
  size_ = size;
  archive_.reset();
  begin(std::move(name), size, found);
}

void EventReader::begin(std::string name, std::optional<std::uint64_t> size, bool found) {
  std::vector<char> buffer = file_ ? file_->take_buffer() : std::vector<char>();
  files_.emplace_back().name = std::move(name);
  files_.back().found = found;
  file_ = std::make_unique<FileReading>(files_.back(), size, options_, builder_, std::move(buffer), &search_);
}

InputSummary EventReader::input(std::size_t i) const {
  if (inputs_[i].archive) return *inputs_[i].archive;
  const FileSummary& file = files_[inputs_[i].first_file];
  return {file.name, file.found, file.bytes};
}

COLD void EventReader::open_archive(std::uint64_t size) {
  const FileSummary& file = files_.back();
  inputs_.back().archive = std::make_unique<const InputSummary>(InputSummary{file.name, file.found, size});
  archive_ = std::make_unique<Archive>(file.name, size, static_cast<ArchiveSink&>(*this));
  file_.reset();
  files_.pop_back();  // its entries take its place
}

// A refusal, or an archive: of a stream, all of it has to come first.
COLD Status EventReader::look_at(Status status) {
  if (!status.ok()) return advise(std::move(status));
  if (size_) open_archive(*size_);
  return status;
}

COLD Status EventReader::commit_to_archive(std::size_t size) {
  Status status = archive_->supply(size);
  if (!status.ok()) return file_ ? advise(std::move(status)) : status;
  if (!archive_->wanted()) passed_over_ += archive_->passed_over();
  return status;
}

Status EventReader::commit_entry(std::size_t size) {
  Status status = file_->commit(size);
  if (!status.ok() || !file_->is_archive()) return status;
  return Error{ErrorCode::kUnknownFormat,
               files_.back().name + " is a zip archive inside of another one; unpack it first",
               {files_.back().name, {}, {}, {}}};
}

COLD Status EventReader::read_gathered_archive() {
  const std::uint64_t size = files_.back().bytes;
  const std::vector<char> bytes = file_->take_buffer();
  open_archive(size);
  while (const auto range = archive_->wanted()) {
    std::memcpy(archive_->room(range->size).data(), bytes.data() + range->offset, range->size);
    if (Status status = commit_to_archive(range->size); !status.ok()) return status;
  }
  return {};
}

Status EventReader::end_file() {
  if (!archive_ && file_->is_archive()) {
    if (Status status = read_gathered_archive(); !status.ok()) return status;
  }
  if (archive_) {
    if (archive_->wanted())
      return Error{ErrorCode::kBadCall, inputs_.back().archive->name + ": it was ended before all of its bytes were read", {}};
    return {};
  }
  return end();
}

Status EventReader::end() {
  Status status = end_reading();
  files_.back().events_end = builder_.size();
  if (status.ok()) return status;
  if (status.error().code != ErrorCode::kEmptyInput) return archive_ ? status : advise(std::move(status));
  note_empty(std::move(status.error().message));
  return {};
}

COLD void EventReader::note_empty(std::string reason) {
  if (empty_files_.count++ != 0) return;
  empty_files_.first = files_.back().name;
  empty_files_.reason = std::move(reason);
}

Status EventReader::end_reading() {
  if (Status status = file_->end(); !status.ok()) return status;
  set_columns(builder_.schema());
  if (files_.back().nested_item.empty()) files_.back().nested_item = search_.path(builder_.schema().names);
  return files_.back().rows == 0 ? no_rows(files_.back().name) : Status();
}

// Of the files before, the last few are looked at: alike are those of one folder, or of a few that take turns.
COLD void EventReader::set_columns(const Schema& schema) {
  constexpr std::size_t kLookedAt = 16;
  const std::span last = std::span(schemas_).last(std::min(schemas_.size(), kLookedAt));
  const auto known = std::find_if(last.begin(), last.end(), [&](const auto& other) { return *other == schema; });
  if (known != last.end()) {
    files_.back().columns = *known;
    return;
  }
  files_.back().columns = schemas_.emplace_back(std::make_shared<const Schema>(schema));
}

COLD Status EventReader::advise(Status refusal) const {
  const FileSummary& file = files_.back();
  const bool no_events = refusal.error().code == ErrorCode::kMissingColumn || file.format.empty();
  if (!file.found || !no_events || refusal.error().code == ErrorCode::kTooLarge) return refusal;
  if (archive_) {
    if (refusal.error().code != ErrorCode::kBadSyntax)
      refusal.error().message += "; leave it out of the archive if it holds no events";
    return refusal;
  }
  const auto ending = [](const std::string& name) { return name.substr(std::min(name.find_last_of("./"), name.size())); };
  std::string others = "*.csv";
  for (const FileSummary& other : files_) {
    if (other.rows != 0 && ending(other.name).starts_with('.')) others = "*" + ending(other.name);
  }
  if (others.substr(1) == ending(file.name)) others = "part-*";
  refusal.error().message.append("; to leave it out, give a pattern that the event files match, as in '");
  refusal.error().message.append(file.name, 0, file.name.find('/') + 1).append("**/").append(others).append("'");
  return refusal;
}

std::optional<std::vector<char>> EventReader::chunk_task() {
  if (archive_ || file_->is_archive()) return std::nullopt;
  const FileSummary& file = files_.back();
  const TextReader* const reader = file_->text_reader();
  if (reader == nullptr || reader->names() == nullptr) return std::nullopt;
  const bool item_may_come = options_.columns.item.is_set() && !builder_.schema().column[static_cast<std::size_t>(Role::kItem)];
  const auto& values = builder_.schema().values;
  const bool value_may_come = file.format == "ndjson" && std::find(values.begin(), values.end(), std::nullopt) != values.end();
  if ((file.format != "csv" && file.format != "ndjson") || item_may_come || value_may_come) return std::nullopt;
  if (file_->compares_with_folder()) return std::nullopt;  // what differs is counted in one place
  file_->drop_untaken();
  ChunkWriter task;
  task.put(std::string_view(file.name));
  task.put(file.format == "csv");
  task.put(file.separator);
  task.put<std::uint64_t>(reader->names()->size());
  for (const std::string& name : *reader->names()) task.put(std::string_view(name));
  const DerivedColumns* const nested = file_->nested_rows();
  task.put<std::uint64_t>(nested != nullptr ? nested->rows_keys().size() : 0);
  if (nested != nullptr) {
    for (const std::string& key : nested->rows_keys()) task.put(std::string_view(key));
  }
  builder_.write_start(task);
  return task.take();
}

bool EventReader::absorb(std::size_t reader, std::uint64_t offset, std::span<const char> chunk) {
  TextReader* const text = file_->text_reader();
  if (chunk.empty() || text == nullptr) return false;
  ChunkParser parser(chunk);
  const auto begin = parser.get<std::uint64_t>();
  const auto size = parser.get<std::uint64_t>();
  const auto rows = parser.get<std::uint64_t>();
  const auto lines = parser.get<std::uint64_t>();
  const auto elements = parser.get<std::uint64_t>();
  DerivedColumns* const nested = file_->nested_rows();
  ChunkIds& ids = ids_of(reader);
  const bool in_place = file_->untaken() == 0 && offset + begin == files_.back().bytes;
  if (!in_place || !builder_.absorb(parser, ids, nested != nullptr ? nested->elements() : text->rows(), text->line() - 1)) {
    ids.lost = true;
    return false;
  }
  files_.back().bytes += size;
  text->pass(rows, lines);
  if (nested != nullptr) nested->pass(elements);
  return true;
}

std::optional<EventReader::GroupTask> EventReader::group_task() {
  grouped_ = archive_ ? nullptr : file_->groups();
  if (grouped_ == nullptr) return std::nullopt;
  ChunkWriter task;
  task.put(std::string_view(files_.back().name));
  builder_.write_start(task);
  return GroupTask{grouped_, task.take()};
}

bool EventReader::absorb_group(std::size_t reader, std::span<const char> chunk) {
  if (chunk.empty()) return false;
  ChunkParser parser(chunk);
  const auto rows = parser.get<std::uint64_t>();
  if (!builder_.absorb(parser, ids_of(reader), grouped_->rows(), 0)) {
    ids_of(reader).lost = true;
    return false;
  }
  grouped_->pass_group(rows);
  return true;
}

ChunkIds& EventReader::ids_of(std::size_t reader) {
  if (chunk_ids_.size() <= reader) chunk_ids_.resize(reader + 1);
  return chunk_ids_[reader];
}

COLD void EventReader::add_input(InputSummary input, bool is_archive) {
  inputs_.push_back({files_.size(), is_archive ? std::make_unique<const InputSummary>(std::move(input)) : nullptr});
}

// Typed files with the same columns have the nested item that was found in the first of them.
COLD void EventReader::add_file(FileSummary file) {
  const auto is_typed = [](const FileSummary& one) { return one.format == "parquet" || one.format == "arrow"; };
  const auto is_like = [&](const FileSummary& one) { return is_typed(one) && one.schema().names == file.schema().names; };
  if (is_typed(file) || file.nested_item.empty()) {
    const auto first = std::find_if(files_.begin(), files_.end(), is_like);
    if (first != files_.end()) file.nested_item = first->nested_item;
  }
  const std::shared_ptr<const Schema> columns = file.columns;
  files_.push_back(std::move(file));
  if (columns->names.empty()) return;  // nothing is known of them
  set_columns(*columns);
  builder_.begin_file(files_.back().name, *columns);
}

COLD void EventReader::end_added_file(std::string_view first_empty) {
  files_.back().events_end = builder_.size();
  if (files_.back().rows == 0) note_empty(std::string(first_empty));
}

Result<EventTable> EventReader::finish(const Workers& workers) {
  if (files_.empty()) return Error{ErrorCode::kEmptyInput, "there is no input file", {}};
  if (empty_files_.count == files_.size())
    return Error{ErrorCode::kEmptyInput, empty_files_.reason, {empty_files_.first, {}, {}, {}}};
  file_.reset();
  Result<EventTable> events = builder_.finish(workers);
  if (events.ok()) find_same_files(files_, events.value());
  return events;
}

}  // namespace causal_sessions
