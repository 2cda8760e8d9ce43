// JSON events: an array of objects, or one object after another (NDJSON, JSON lines). An object of columns is for
// json_columns_reader.h.
//
// Objects are scanned where they stand (formats/json/scan.h); one that is unusual is cut out whole and read by json_object.h. Cells are the plain values of an object's own keys; nested values are skipped, not built. true and false
// are text. Numbers keep their digits, but that a user, type or item written with a point or an exponent is the whole
// number it stands for: 7.0 is 7, as in other formats. NaN is a missing value, which is what Python writes it for.
// Errors:  kBadSyntax (row and line of the object that is not JSON), kBadEncoding; a nested value, half of a surrogate pair
//          or Infinity where an event needs a plain value is a row issue, elsewhere it is read over. Of repeated keys the
//          last one counts. A key that first turns up far into the file is found all the same. Where rows are shown, a nested
//          value is "...", other values are what they are, and commas may stand between objects or not.
//          An object of more than 64 MB is read in pieces of the list that input.rows names, so that only its longest element
//          is held; without that list it is refused.
// Source:  RFC 8259; https://jsonlines.org for lines.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json/scan.h"
#include "ingest/file_reader.h"
#include "ingest/json/json_nested.h"
#include "ingest/json/json_object.h"
#include "ingest/json/json_pieces.h"
#include "ingest/table_sink.h"

namespace causal_sessions {

enum class JsonLayout { kArray, kLines };

struct JsonSample {
  JsonLayout layout = JsonLayout::kLines;
  std::vector<std::string> names = {};  // keys in order of first appearance
  std::vector<JsonNested> nested = {};
  ItemPlace item = {};
  std::shared_ptr<const std::string> piece = {};  // of the first object, with room behind it, where that is too long to be held
};

// Keys of the whole objects at the front of a file, before its first byte that is not UTF-8, which is at `bad`. `rows`: input.rows.
[[nodiscard]] Result<JsonSample> sample_json(const std::string& file, std::span<const char> bytes, std::size_t bad,
                                             std::size_t most_objects = 1000, TextEncoding planned = TextEncoding::kAuto,
                                             std::string_view rows = {});

// The keys of the objects at the end of a path below a column, in those objects.
[[nodiscard]] std::vector<std::string> keys_below(std::span<const char> window, const std::string& name,
                                                  std::span<const PathStep> steps);

class JsonReader final : public TextReader {
 public:
  // `wanted`: what the sink chose of the sample's names, among which others may turn up.
  JsonReader(std::string file, JsonSample sample, std::span<const WantedColumn> wanted, const ReadingOptions& options,
             TableSink& sink);

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override;
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] const std::vector<std::string>* names() const override { return &sample_.names; }
  [[nodiscard]] std::uint64_t line() const override { return line_; }
  void pass(std::uint64_t rows, std::uint64_t lines) override {
    rows_ += rows;
    line_ += lines;
  }

 private:
  // A key where it usually stands, and its column in a batch.
  struct Usual {
    std::string key;
    std::size_t slot = kNoSlot;
  };
  static constexpr std::size_t kNoSlot = SIZE_MAX;

  std::size_t scan_object(JsonScanner& scanner, std::size_t at, std::uint64_t& line_breaks);
  [[nodiscard]] std::size_t begin_pieces(std::span<const char> window);
  [[nodiscard]] Result<std::size_t> take_pieces(std::span<const char> window);
  void take_key_behind(std::span<const std::string> around, std::string_view key);
  [[nodiscard]] Status read_object(std::span<const char> text, std::uint64_t& line_breaks);
  void take_value(const JsonValue& value, std::size_t slot);
  void take_member(const JsonValue& value, std::size_t slot);
  void take_nested(const JsonValue& value, std::string_view& cell);
  void take_unusable(const JsonValue& value, std::size_t slot, IssueReason reason, std::string words);
  void show_member(const JsonValue& value, std::string_view& cell);
  [[nodiscard]] Status finish_row(std::uint64_t line_breaks);
  [[nodiscard]] std::size_t slot_at(std::size_t index, std::string_view key);
  [[nodiscard]] std::size_t slot_of(std::string_view key);
  [[nodiscard]] Status check_columns();
  void take_late_key(std::string_view key);
  [[nodiscard]] std::string_view id_text(std::string_view number);
  [[nodiscard]] Status flush();
  [[nodiscard]] Error refuse_here(const std::string& finding);
  [[nodiscard]] Error refuse(ErrorCode code, const std::string& finding, std::uint64_t row) const;

  std::string file_;
  JsonSample sample_;
  std::vector<WantedColumn> wanted_;
  const ReadingOptions& options_;  // for messages
  TableSink& sink_;
  bool shows_;
  std::uint64_t most_rows_;
  RowBatch batch_;
  std::vector<Usual> usual_;   // by position in the object
  std::optional<Error> late_;  // what a key that turned up late has made impossible
  // Of the row at hand: the needed key whose value cannot be used.
  struct {
    std::size_t slot = kNoSlot;
    IssueReason reason = IssueReason::kNestedValue;
    std::string text;
  } unusable_;
  std::size_t nested_rows_ = 0;       // that could not be used for an object or list
  std::optional<JsonPieces> pieces_;  // of the object at hand, if it is read so
  bool any_piece_ = false;            // of it has been read
  std::uint64_t piece_breaks_ = 0;    // lines of it, so far
  std::string behind_;                // a key behind the list that an event needs
  bool opened_ = false;               // the array's bracket has been taken
  bool closed_ = false;
  bool comma_needed_ = false;
  std::uint64_t rows_ = 0;
  std::uint64_t line_ = 1;
};

}  // namespace causal_sessions
