// CSV against a reader that looks at one byte after the other: the same cells, in windows of any size, and the masks of 64 bytes
// against one byte after the other.
//
// An input begins with the letter of its marks, of which "a" are the usual ones.
#include <algorithm>
#include <iterator>
#include <vector>

#include "core/simd.h"
#include "core/utf8.h"
#include "ingest/csv/csv_reader.h"
#include "support.h"
#include "support/row_sink.h"
#include "support/window.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

using Row = std::vector<std::string>;

constexpr CsvMarks kMarks[] = {{},
                               {';'},
                               {'\t', 0, '\\'},
                               {',', '"', '\\'},
                               {'|', '\''},
                               {' ', '"', 0, '#'},
                               {',', 0},
                               {',', 0, '\\', ';'},
                               {'\t', '"', '^'}};

class ByteReader {
 public:
  using End = CsvRecord::End;

  ByteReader(std::string_view text, const CsvMarks& marks) : text_(text), marks_(marks) {
    while (end == End::kDone && at_ < text_.size()) {
      if (marks_.comment != 0 && text_[at_] == marks_.comment) pass_line();
      else take_row();
    }
  }

  std::vector<Row> rows;
  End end = End::kDone;

 private:
  char peek(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
  bool ends_row() const { return at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }
  bool ends_cell() const { return ends_row() || text_[at_] == marks_.separator; }
  void pass_break() { at_ += peek(at_) == '\r' && peek(at_ + 1) == '\n' ? 2 : 1; }

  void pass_line() {
    while (!ends_row()) ++at_;
    if (at_ < text_.size()) pass_break();
  }

  // Of an escape at hand what it makes of the character behind it; false: it stands for itself.
  bool take_escape(std::string& cell) {
    if (marks_.escape == 0 || text_[at_] != marks_.escape || at_ + 1 == text_.size()) return false;
    constexpr std::string_view kLetters = "bfnrtv", kControls = "\b\f\n\r\t\v";
    const char next = text_[at_ + 1];
    const std::size_t letter = marks_.quote == 0 && marks_.escape == '\\' ? kLetters.find(next) : kLetters.npos;
    const bool line_end = next == '\n' || next == '\r';
    if (letter != kLetters.npos) {
      cell += kControls[letter];
    } else if (line_end || next == marks_.escape || next == marks_.separator || (marks_.quote != 0 && next == marks_.quote)) {
      cell += next;
      if (next == '\r' && peek(at_ + 2) == '\n') cell += text_[at_++ + 2];
    } else {
      return false;
    }
    at_ += 2;
    return true;
  }

  void take_quoted(std::string& cell) {
    for (++at_; at_ < text_.size();) {
      if (take_escape(cell)) continue;
      if (text_[at_] != marks_.quote) {
        cell += text_[at_++];
      } else if (peek(at_ + 1) == marks_.quote) {
        cell += marks_.quote;
        at_ += 2;
      } else {
        ++at_;
        if (!ends_cell()) end = End::kTextBehindQuote;
        return;
      }
    }
    end = End::kUnclosedQuote;
  }

  void take_row() {
    const std::size_t begin = at_;
    Row row;
    for (bool more = true; more;) {
      std::string& cell = row.emplace_back();
      if (marks_.quote != 0 && peek(at_) == marks_.quote) {
        take_quoted(cell);
        if (end != End::kDone) return;
      } else {
        while (!ends_cell()) {
          if (!take_escape(cell)) cell += text_[at_++];
        }
      }
      more = !ends_row();
      if (more) ++at_;
    }
    const bool blank = at_ == begin;
    if (at_ < text_.size()) pass_break();
    if (!blank) rows.push_back(std::move(row));
  }

  std::string_view text_;
  const CsvMarks& marks_;
  std::size_t at_ = 0;
};

// Gathers the wanted cells of all rows as text, and rows that have too many or too few.
class CellSink final : public support::RowSink {
 public:
  std::string cells;

  using support::RowSink::add;
  Status add(const RowBatch& batch) override {
    for (std::size_t row = 0; row < batch.size; ++row) {
      cells.append(std::to_string(batch.row[row])).append(":");
      for (std::size_t slot = 0; slot < wanted; ++slot) cells.append(batch.cells[slot][row]).append("|");
      cells += '\n';
    }
    return {};
  }
  void add_bad_row(IssueReason, std::uint64_t row, std::optional<std::uint64_t>, std::string, std::string_view) override {
    cells.append(std::to_string(row)).append(": other cells\n");
  }

  std::size_t wanted = 0;
};

// The rows by the reader that runs use, of columns as many as the first row has cells, of which some are wanted.
void check_reader(std::string_view text, const CsvMarks& marks, const ByteReader& bytes, Dice& dice) {
  CsvDialect dialect;
  dialect.marks = marks;
  dialect.header = false;
  const std::size_t columns = bytes.rows[0].size();
  for (std::size_t i = 0; i < columns; ++i) dialect.names.push_back(std::to_string(i + 1));
  std::vector<WantedColumn> wanted;
  for (std::size_t i = 0; i < columns; ++i) {
    if (wanted.empty() ? i + 1 == columns || dice.chance(60) : dice.chance(60)) wanted.push_back({i});
  }
  std::string expected;
  for (std::size_t row = 0; row < bytes.rows.size(); ++row) {
    expected.append(std::to_string(row + 1)).append(":");
    if (bytes.rows[row].size() != columns) {
      expected.append(" other cells\n");
      continue;
    }
    for (const WantedColumn& column : wanted) expected.append(bytes.rows[row][column.position]).append("|");
    expected += '\n';
  }
  for (const std::size_t piece : {text.size(), std::size_t{1} + dice.below(100)}) {
    CellSink sink;
    sink.wanted = wanted.size();
    CsvReader reader("events.csv", dialect, wanted, sink);
    const Status status = support::read_in_pieces(reader, text, piece);
    expect(status.ok() == (bytes.end == CsvRecord::End::kDone), "a quote is closed, and a separator behind it", text);
    expect_same("cells, one byte after the other and 64 at a time", expected, sink.cells);
  }
}

std::uint64_t mask_of(std::string_view block, bool (*is)(char)) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < simd::kBlock; ++i) bits |= std::uint64_t{is(block[i])} << i;
  return bits;
}

void check_masks(std::string_view text) {
  using simd::splat;
  std::string padded(text);
  padded.resize((padded.size() + simd::kBlock - 1) / simd::kBlock * simd::kBlock);
  for (std::size_t at = 0; at < padded.size(); at += simd::kBlock) {
    const char* const begin = padded.data() + at;
    const std::string_view block(begin, simd::kBlock);
    simd::Vector seen = splat(0);
    const auto of = [&](bool (*is)(char)) { return mask_of(block, is); };
    bool same = simd::match4(begin, splat(','), splat('"'), splat('\n'), splat('\r'), seen) ==
                of([](char c) { return c == ',' || c == '"' || c == '\n' || c == '\r'; });
    same = same && (simd::mask(seen) != 0) == (of([](char c) { return static_cast<unsigned char>(c) > 0x7F; }) != 0);
    same = same && simd::match(begin, '\\') == of([](char c) { return c == '\\'; });
    const std::uint64_t controls = of([](char c) { return static_cast<unsigned char>(c) < 0x20; });
    same = same && simd::match_at_most(begin, '\x1F') == controls;
    same = same && simd::match_json_stops(begin) == (controls | of([](char c) { return c == '"' || c == '\\'; }));
    const simd::JsonMasks json = simd::match_json(begin);
    same = same && json.quotes == of([](char c) { return c == '"'; }) && json.blanks == of([](char c) { return c == ' '; }) &&
           json.opening == of([](char c) { return c == '{' || c == '['; }) &&
           json.closing == of([](char c) { return c == '}' || c == ']'; }) &&
           json.colons == of([](char c) { return c == ':'; }) && json.commas == of([](char c) { return c == ','; }) &&
           json.controls == (controls != 0) && json.backslashes == (block.find('\\') != block.npos);
    std::uint64_t parities = 0;
    bool odd = false;
    for (std::size_t i = 0; i < simd::kBlock; ++i) parities |= std::uint64_t{odd ^= (json.quotes >> i & 1) != 0} << i;
    expect(same && simd::parities(json.quotes) == parities, "masks are those of one byte after the other", block);
  }
}

}  // namespace

void run_csv(std::string_view input) {
  if (input.empty()) return;
  const CsvMarks& marks = kMarks[static_cast<unsigned char>(input[0] - 'a') % std::size(kMarks)];
  const std::string_view text = input.substr(1);
  Dice dice = dice_of(input);
  check_masks(text);
  const ByteReader bytes(text, marks);
  const CsvRows rows = read_csv_rows(support::Window(text).span(), true, marks, SIZE_MAX);
  expect(rows.next.end == bytes.end, "a quote is closed, and a separator behind it", text);
  expect(rows.cells == bytes.rows, "rows are those of one byte after the other", text);
  if (!bytes.rows.empty() && find_invalid_utf8(text) == text.size()) check_reader(text, marks, bytes, dice);
}

}  // namespace causal_sessions::fuzz
