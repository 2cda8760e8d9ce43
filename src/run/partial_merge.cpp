#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "core/wording.h"
#include "formats/arrow_format.h"
#include "formats/flatbuffer.h"
#include "ingest/arrow/file.h"
#include "plan/keys.h"
#include "run/partial.h"
#include "run/partial_columns.h"

namespace causal_sessions {
namespace {

using Kind = PartialColumn::Kind;

Error damaged(std::string finding) { return {ErrorCode::kBadSyntax, std::move(finding), {}}; }
Error not_together(std::string sentence) { return {ErrorCode::kBadCall, std::move(sentence), {}}; }

bool read_all(const PartialSource& source, std::uint64_t offset, std::span<char> room) {
  return source.read_at(offset, room) == room.size();
}

// What stands at the partial run's keys in the schema of the file's footer.
Result<PartialMetadata> read_metadata(const PartialSource& source) {
  constexpr std::size_t kEnd = sizeof(std::uint32_t) + arrow::kMark.size();
  const Error none =
      damaged("it is no whole partial run; make it with causal-sessions partial, and copy it to its end where it was cut off");
  std::array<char, arrow::kStartMark.size()> start;
  std::array<char, kEnd> end;
  if (source.size < start.size() + kEnd || !read_all(source, 0, start) || !read_all(source, source.size - kEnd, end)) return none;
  std::uint32_t size = 0;
  std::memcpy(&size, end.data(), sizeof size);
  const bool marked = std::string_view(start.data(), start.size()) == arrow::kStartMark &&
                      std::string_view(end.data() + sizeof size, arrow::kMark.size()) == arrow::kMark;
  if (!marked || size > source.size - start.size() - kEnd) return none;
  std::vector<char> bytes(size);
  if (!read_all(source, source.size - kEnd - size, bytes)) return none;
  flatbuffer::Reader reader({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  const flatbuffer::Table root = flatbuffer::Table::root(reader);
  PartialMetadata metadata;
  if (reader.damaged() || !root.has(1)) return none;
  const flatbuffer::Table schema = root.table(1);
  const flatbuffer::Vector entries = schema.vector(2, 4);
  for (std::uint32_t i = 0; i < entries.size && !reader.damaged(); ++i) {
    const flatbuffer::Table entry = schema.element(entries, i);
    const std::string_view key = entry.text(0);
    if (key == kPartialKey) metadata.head = entry.text(1);
    if (key == kPartialSumKey) metadata.sum = entry.text(1);
  }
  return reader.damaged() || metadata.head.empty() ? Result<PartialMetadata>(none) : Result<PartialMetadata>(std::move(metadata));
}

}  // namespace

// A part: what it says of itself, and its rows on their way to the run, as far as they have been asked for.
class PartialMerge::Part final : private TableSink {
 public:
  Part(PartialSource from, CheckSum check) : source(std::move(from)), check_(check) {}

  [[nodiscard]] Status open() {
    Result<PartialMetadata> metadata = read_metadata(source);
    if (!metadata.ok()) return metadata.error();
    Result<PartialHead> read = read_partial_head(metadata.value().head, plan);
    if (!read.ok()) return read.error();
    metadata_ = std::move(metadata.value());
    head = std::move(read.value());
    return {};
  }

  // Adds one of its inputs, of which those before have been added.
  [[nodiscard]] Status add_input(std::size_t at, EventReader& reader) {
    PartialInput& input = head.inputs[at];
    if (!file_) begin(reader.builder());

    until_ = &input;
    if (Status status = add_types(input); !status.ok()) return status;
    reader.add_input({input.name, input.found, input.bytes}, input.archive);
    for (FileSummary& file : input.files) {
      const std::uint64_t end = file.events_end;
      reader.add_file(std::move(file));
      if (Status status = read_rows(end); !status.ok()) return status;
      reader.end_added_file(head.first_empty);
    }
    builder_->add_found(std::move(input.of));
    input.files = {};
    return at + 1 < head.inputs.size() ? Status() : finish();
  }

  PartialSource source;
  PartialHead head;
  Plan plan;

 private:
  void begin(EventBuilder& builder) {
    builder_ = &builder;
    columns_ = partial_columns(plan.reading, head.fractions);
    sums_.emplace(columns_.size());
    codes_.resize(columns_.size());
    numbers_.resize(columns_.size());
    file_ = std::make_unique<arrow::FileReader>(source.name, source.size, static_cast<TableSink&>(*this));
    file_holds_ = head.events();
  }

  [[nodiscard]] Status read_rows(std::uint64_t end) {
    while (rows_ < end) {
      const auto range = file_->wanted();
      if (!range) return damaged("it has fewer events than it says");
      const std::span<char> room = file_->room(range->size);
      if (Status status = file_->supply(source.read_at(range->offset, room)); !status.ok()) return status;
    }
    return rows_ == end ? Status() : damaged("its events are not cut where its files end");
  }

  [[nodiscard]] Status finish() {
    while (const auto range = file_->wanted()) {
      if (Status status = file_->supply(source.read_at(range->offset, file_->room(range->size))); !status.ok()) return status;
    }
    if (rows_ != file_holds_) return damaged("it has more events than it says");
    if (check_ == CheckSum::kYes && sums_->finish(metadata_.head) != metadata_.sum)
      return damaged("it is not as it was written; copy it, or make it, again");
    builder_->add_inexact(head.inexact, ids_);
    file_.reset();
    ids_ = {};
    metadata_ = {};
    return {};
  }

  [[nodiscard]] Status add_types(const PartialInput& input) {
    const std::size_t known = ids_.types.size();
    PartTexts texts;
    texts.values.resize(plan.reading.values.names().size());
    texts.types = std::span(head.types).subspan(known, input.types - known);
    return builder_->add_texts(texts, ids_);
  }

  [[nodiscard]] Result<std::vector<WantedColumn>> choose(const std::string&, TableColumns columns) override {
    std::vector<WantedColumn> wanted;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (c >= columns.names.size() || columns.names[c] != columns_[c].name)
        return damaged("its columns are not those of its plan");
      const bool text = columns_[c].kind == Kind::kTexts || columns_[c].kind == Kind::kTypes;
      wanted.push_back({c, text ? ReadAs::kId : ReadAs::kTime});
    }
    return wanted;
  }
  [[nodiscard]] bool may_choose(const std::string&, std::size_t) const override { return true; }
  [[nodiscard]] bool may_change(std::string_view) const override { return false; }
  [[nodiscard]] std::uint64_t most_rows() const override { return UINT64_MAX; }
  [[nodiscard]] bool shows() const override { return false; }
  [[nodiscard]] Status add(const RowBatch&) override { return damaged("it has rows of text"); }
  void add_bad_row(IssueReason, std::uint64_t, std::optional<std::uint64_t>, std::string, std::string_view) override {}

  [[nodiscard]] Status add(const ColumnBatch& batch) override {
    PartEvents events;
    events.size = batch.size;
    events.values.resize(plan.reading.values.names().size());
    PartTexts texts;
    texts.values.resize(events.values.size());
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const PartialColumn& column = columns_[c];
      const bool whole = column.kind == Kind::kTexts   ? take_texts(c, batch, texts) && take_codes(c, batch)
                         : column.kind == Kind::kTypes ? take_codes(c, batch)
                                                       : take_numbers(c, batch);
      if (!whole) return damaged("its column " + column.name + " is not what a partial run writes");
      switch (column.kind) {
        case Kind::kTexts:
          (column.at == 0 ? events.user : column.at == 1 ? events.item : events.values[column.at - 2]) = codes_[c];
          break;
        case Kind::kTypes: events.type = codes_[c]; break;
        case Kind::kTimes: events.time = numbers_[c]; break;
        case Kind::kKnown: events.known = numbers_[c]; break;
        case Kind::kMillionths: events.millionths[column.at] = numbers_[c]; break;
      }
    }
    rows_ += batch.size;
    if (Status status = builder_->add_texts(texts, ids_); !status.ok()) return status;
    return builder_->add_events(events, ids_);
  }

  // Those that the input at hand brings, once.
  bool take_texts(std::size_t c, const ColumnBatch& batch, PartTexts& texts) {
    const auto* const found = std::get_if<TextColumn>(&batch.columns[c]);
    if (found == nullptr || found->codes.empty()) return false;
    const std::size_t at = columns_[c].at;
    const std::size_t known = at == 0 ? ids_.users.size() : at == 1 ? ids_.items.size() : ids_.values[at - 2].size();
    const std::size_t until = at == 0 ? until_->users : at == 1 ? until_->items : until_->values[at - 2];
    if (until > found->texts.size() || known > until) return false;
    if (rows_ == 0) {
      for (const std::string_view text : found->texts) sums_->add(c, text);
    }
    (at == 0 ? texts.users : at == 1 ? texts.items : texts.values[at - 2]) = found->texts.subspan(known, until - known);
    return true;
  }
  bool take_codes(std::size_t c, const ColumnBatch& batch) {
    const auto* const found = std::get_if<TextColumn>(&batch.columns[c]);
    if (found == nullptr || found->codes.size() != batch.size) return false;
    codes_[c] = found->codes;
    sums_->add(c, codes_[c]);
    return true;
  }
  bool take_numbers(std::size_t c, const ColumnBatch& batch) {
    const auto* const found = std::get_if<TimeColumn>(&batch.columns[c]);
    if (found == nullptr || found->values.size() != batch.size) return false;
    const bool number =
        columns_[c].kind == Kind::kMillionths || head.kind(columns_[c].kind == Kind::kKnown ? 1 : 0) == ParsedTime::Kind::kNumber;
    const bool as_written = found->unit == (number ? TimeColumn::Unit::kEpoch : TimeColumn::Unit::kMicroseconds) && !found->local;
    for (std::size_t i = 0; i < batch.size; ++i) {
      if (found->state(i) != TimeColumn::kPresent) return false;
    }
    numbers_[c] = found->values;
    sums_->add(c, numbers_[c]);
    return as_written;
  }

  const CheckSum check_;
  PartialMetadata metadata_;
  EventBuilder* builder_ = nullptr;
  std::vector<PartialColumn> columns_;
  std::optional<ColumnSums> sums_;
  std::unique_ptr<arrow::FileReader> file_;  // while its rows are read
  std::uint64_t rows_ = 0, file_holds_ = 0;
  ChunkIds ids_;
  const PartialInput* until_ = nullptr;                 // the input at hand
  std::vector<std::span<const std::uint32_t>> codes_;   // of the batch at hand, by column
  std::vector<std::span<const std::int64_t>> numbers_;  // the same
};

PartialMerge::PartialMerge() = default;
PartialMerge::~PartialMerge() = default;

Result<std::unique_ptr<PartialMerge>> PartialMerge::open(std::vector<PartialSource> sources, CheckSum check) {
  std::unique_ptr<PartialMerge> merge(new PartialMerge);
  for (PartialSource& source : sources) {
    const std::string name = source.name;
    merge->parts_.push_back(std::make_unique<Part>(std::move(source), check));
    if (Status status = merge->parts_.back()->open(); !status.ok()) {
      status.error().message.insert(0, name + ": ");
      status.error().where.file = name;
      return status.error();
    }
  }
  if (Status status = merge->order(); !status.ok()) return status.error();
  if (Status status = merge->check_kinds(); !status.ok()) return status.error();
  return merge;
}

// The places of all inputs, of which each is in one part.
Status PartialMerge::order() {
  const Part& first = *parts_.front();
  for (const auto& part : parts_) {
    if (part->head.share.of != first.head.share.of) {
      return not_together(filled("{} and {} were made with another --part, or one of them without; make all parts in one way",
                                 {first.source.name, part->source.name}));
    }
    if (!(part->plan.reading == first.plan.reading)) {
      const auto settings = differing_settings(first.plan, part->plan);
      const std::string key = settings.empty() ? "time.zone" : std::string(settings.front().key);
      return not_together(filled("{} and {} were made by plans that read otherwise, in {}; make all parts by one plan",
                                 {first.source.name, part->source.name, key}));
    }
  }
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    for (std::size_t i = 0; i < parts_[p]->head.inputs.size(); ++i) places_.push_back({p, i});
  }
  if (first.head.share.is_one()) return order_shares();
  const auto name_of = [&](const Place& place) -> const std::string& {
    return parts_[place.part]->head.inputs[place.input].name;
  };
  std::stable_sort(places_.begin(), places_.end(),
                   [&](const Place& one, const Place& other) { return name_of(one) < name_of(other); });
  for (std::size_t i = 1; i < places_.size(); ++i) {
    const Place &one = places_[i - 1], &other = places_[i];
    if (one.part == other.part && one.input > other.input)
      return damaged(parts_[one.part]->source.name + ": its inputs are in no order");
    if (one.part == other.part || name_of(one) != name_of(other)) continue;
    return not_together(filled("{} and {} both hold the events of {}; give each part once, and each input to one part",
                               {parts_[one.part]->source.name, parts_[other.part]->source.name, name_of(one)}));
  }
  return {};
}

Status PartialMerge::order_shares() {
  const PartialHead& first = parts_.front()->head;
  std::map<std::uint32_t, const Part*> numbers;
  for (const auto& part : parts_) {
    const PartialHead& head = part->head;
    const auto [same, is_new] = numbers.try_emplace(head.share.number, part.get());
    if (!is_new) {
      return not_together(filled(
          "{} and {} are both part {} of {}; give each part once",
          {same->second->source.name, part->source.name, std::to_string(head.share.number), std::to_string(head.share.of)}));
    }
    if (head.all != first.all || head.all_sum != first.all_sum) {
      return not_together(
          filled("{} and {} were made of other inputs; with --part every run is given all inputs, in one order, and "
                 "takes its share of them",
                 {parts_.front()->source.name, part->source.name}));
    }
  }
  for (std::uint32_t number = 1; number <= first.share.of; ++number) {
    if (numbers.contains(number)) continue;
    return not_together(filled("part {} of {} is missing", {std::to_string(number), std::to_string(first.share.of)}));
  }
  const auto place_of = [&](const Place& place) { return parts_[place.part]->head.inputs[place.input].place; };
  std::stable_sort(places_.begin(), places_.end(),
                   [&](const Place& one, const Place& other) { return place_of(one) < place_of(other); });
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (place_of(places_[i]) != i) return damaged(parts_[places_[i].part]->source.name + ": it lacks inputs of its share");
  }
  return places_.size() == first.all ? Status() : damaged(parts_.front()->source.name + ": it lacks inputs of its share");
}

// One process leaves out the times of another kind than its first, whose texts no part has any more.
Status PartialMerge::check_kinds() const {
  for (const std::size_t of : {0u, 1u}) {
    const Part* first = nullptr;
    for (const auto& part : parts_) {
      const ParsedTime::Kind kind = part->head.kind(of);
      if (kind == ParsedTime::Kind::kBad) continue;
      if (first == nullptr) first = part.get();
      if (kind == first->head.kind(of)) continue;
      const bool numbers = kind == ParsedTime::Kind::kNumber;
      return not_together(filled("{} has {} that are {}, and {} such that are {}; one run takes one kind, so write them alike",
                                 {part->source.name, of == 0 ? "times" : "times at which events became known",
                                  numbers ? "numbers" : "dates", first->source.name, numbers ? "dates" : "numbers"}));
    }
  }
  return {};
}

Result<std::string> PartialMerge::plan() const {
  const Part& first = *parts_.front();
  for (const auto& part : parts_) {
    const auto settings = differing_settings(first.plan, part->plan);
    if (settings.empty()) continue;
    return not_together(filled("{} and {} were made by plans that differ in {}; give merge the one that counts with --plan",
                               {first.source.name, part->source.name, std::string(settings.front().key)}));
  }
  return first.head.plan;
}

Status PartialMerge::read_into(Run& run, const std::function<bool()>& go_on) {
  const Part& first = *parts_.front();
  if (!(run.plan.reading == first.plan.reading)) {
    const auto settings = differing_settings(first.plan, run.plan);
    return not_together(
        filled("the plan reads otherwise than that of {}, in {}; what a part has read stays as it is, so make the parts again",
               {first.source.name, settings.empty() ? "time.zone" : std::string(settings.front().key)}));
  }
  EventReader& reader = run.reader();
  reader.expect_files(places_.size());
  for (const auto& part : parts_) reader.pass_over(part->head.passed_over);
  for (const Place& place : places_) {
    Part& part = *parts_[place.part];
    if (Status status = part.add_input(place.input, reader); !status.ok()) {
      if (!status.error().message.starts_with(part.source.name)) status.error().message.insert(0, part.source.name + ": ");
      return status;
    }
    if (!go_on()) return {};
  }
  return {};
}

const std::string& PartialMerge::sha256(std::size_t input) const {
  return parts_[places_[input].part]->head.inputs[places_[input].input].sha256;
}

}  // namespace causal_sessions
