// JSON events: an array of objects, or one object after another (NDJSON, JSON lines). An object of columns is for
// json_columns_reader.h.
//
// Objects of plain values are scanned where they stand (formats/json/scan.h); any other is cut out whole and read by
// json_object.h. Cells are the plain values of an object's own keys; nested values are skipped, not built. true and false
// are text. Numbers keep their digits, but that a user, type or item written with a point or an exponent is the whole
// number it stands for: 7.0 is 7, as in other formats. NaN is a missing value, which is what Python writes it for.
// Errors:  kBadSyntax (row and line of the object that is not JSON), kBadEncoding; a nested value, half of a surrogate pair
//          or Infinity where an event needs a plain value is a row issue, elsewhere it is read over. Of repeated keys the
//          last one counts. A key that first turns up far into the file is found all the same.
// Source:  RFC 8259; https://jsonlines.org for lines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/json/scan.h"
#include "ingest/build/event_builder.h"
#include "ingest/json/json_nested.h"
#include "ingest/json/json_object.h"
#include "ingest/schema.h"
#include "ingest/text_reader.h"

namespace causal_sessions {

enum class JsonLayout { kArray, kLines };

struct JsonSample {
  JsonLayout layout = JsonLayout::kLines;
  std::vector<std::string> names;               // keys in order of first appearance
  std::vector<std::vector<std::string>> rows;   // cells by position in `names`
  std::vector<JsonNested> nested;
};

// Keys and first rows of the whole objects at the front of a file; no more rows than hold as many cells as the window has
// bytes, but for the first few. `bad_byte`: the window ends where a byte is not UTF-8.
[[nodiscard]] Result<JsonSample> sample_json(const std::string& file, std::span<const char> window, bool bad_byte,
                                             std::size_t most_rows, std::size_t most_objects = 1000);

// Of all whole objects at the front of a file the cells of some keys, by position in `names`.
[[nodiscard]] std::vector<std::vector<std::string>> read_json_cells(std::span<const char> window,
                                                                    std::span<const std::string> names);

class JsonReader final : public TextReader {
 public:
  JsonReader(std::string file, JsonLayout layout, const Schema& schema, const ReadingOptions& options, EventBuilder& builder);

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override;
  [[nodiscard]] const Schema& schema() const override { return schema_; }
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] std::uint64_t line() const override { return line_; }
  void pass(std::uint64_t rows, std::uint64_t lines) override {
    rows_ += rows;
    line_ += lines;
  }

 private:
  // A key where it usually stands, and what it is.
  struct Usual {
    std::string key;
    std::size_t role = kRoles;
  };

  std::size_t scan_flat(FlatJsonScanner& scanner, std::size_t at, std::uint64_t& line_breaks);
  [[nodiscard]] Status read_object(std::span<const char> text, std::uint64_t& line_breaks);
  void take_member(const JsonObjectReader& object, std::size_t role);
  [[nodiscard]] Status finish_row(std::uint64_t line_breaks);
  [[nodiscard]] std::size_t role_at(std::size_t index, std::string_view key);
  [[nodiscard]] std::size_t role_of(std::string_view key);
  void take_late_key(std::string_view key);
  [[nodiscard]] std::string_view id_text(std::string_view number);
  [[nodiscard]] Status flush();
  [[nodiscard]] Error refuse_here(const std::string& finding);
  [[nodiscard]] Error refuse(ErrorCode code, const std::string& finding, std::uint64_t row) const;

  std::string file_;
  JsonLayout layout_;
  Schema schema_;
  const ReadingOptions& options_;
  EventBuilder& builder_;
  RowBatch batch_;
  std::vector<Usual> usual_;            // by position in the object
  std::optional<Error> late_;           // what a key that turned up late has made impossible
  // Of the row at hand: the needed key whose value cannot be used.
  struct {
    std::size_t role = kRoles;
    IssueReason reason = IssueReason::kNestedValue;
    std::string text;
  } unusable_;
  bool opened_ = false;  // the array's bracket has been taken
  bool closed_ = false;
  bool comma_needed_ = false;
  std::uint64_t rows_ = 0;
  std::uint64_t line_ = 1;
};

}  // namespace causal_sessions
