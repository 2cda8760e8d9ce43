#include "ingest/csv_reader.h"

#include <algorithm>
#include <array>
#include <bit>

#include "core/cold.h"
#include "core/simd.h"
#include "core/utf8.h"

namespace causal_sessions {
// Walks the structural bytes of a window: separators, quotes and line ends, in order. On the way it sees whether the
// bytes are UTF-8.
class CsvCursor {
 public:
  CsvCursor(std::span<const char> window, bool last, char separator)
      : window_(window),
        last_(last),
        separator_byte_(separator),
        separator_(simd::splat(separator)),
        quote_(simd::splat('"')),
        feed_(simd::splat('\n')),
        carriage_return_(simd::splat('\r')),
        invalid_(window.size()) {}

  // Position of the next structural byte, which is taken; the window's size when there is none.
  std::size_t take() {
    if (taken_ == found_ && !find_more()) return window_.size();
    return stretch_ + positions_[taken_++];
  }

  // The ends of the cells of the next record, in units of bytes from stretch(), if it is plain: so many cells, none with
  // a quote, then a line end. Null if it is not, or not yet known to be. Nothing is taken.
  [[nodiscard]] const std::uint16_t* plain_record(std::size_t cells) const {
    if (found_ - taken_ <= cells) return nullptr;  // one more, that a line feed after a carriage return is among them
    const char* bytes = window_.data() + stretch_;
    const std::uint16_t* ends = positions_.data() + taken_;
    for (std::size_t i = 0; i + 1 < cells; ++i) {
      if (bytes[ends[i]] != separator_byte_) return nullptr;
    }
    const char end = bytes[ends[cells - 1]];
    return end == '\n' || (end == '\r' && bytes[ends[cells - 1] + 1] == '\n') ? ends : nullptr;
  }
  void take_plain(std::size_t cells) { taken_ += cells + (window_[stretch_ + positions_[taken_ + cells - 1]] == '\r'); }
  [[nodiscard]] std::size_t stretch() const { return stretch_; }

  // Position of the first byte that is not UTF-8, up to the last structural byte taken; else the window's size.
  [[nodiscard]] std::size_t invalid() const { return invalid_; }

  [[nodiscard]] char operator[](std::size_t at) const { return window_[at]; }
  [[nodiscard]] std::size_t size() const { return window_.size(); }
  [[nodiscard]] std::string_view text(std::size_t begin, std::size_t end) const {
    return {window_.data() + begin, end - begin};
  }

 private:
  static constexpr std::size_t kStretch = 64 * simd::kBlock;

  // Finds those of the next stretch that has any. All of a stretch at once: where they lie in their blocks is
  // unpredictable, and a branch on it for each of them would cost more than the search.
  bool find_more() {
    taken_ = found_ = 0;
    while (found_ == 0 && next_ < window_.size()) {
      stretch_ = next_;
      const std::size_t end = std::min(stretch_ + kStretch, window_.size());
      simd::Vector bytes = simd::splat(0);
      for (; next_ < end; next_ += simd::kBlock) {
        std::uint64_t mask = simd::match4(window_.data() + next_, separator_, quote_, feed_, carriage_return_, bytes);
        if (next_ + simd::kBlock > end) mask &= ~std::uint64_t{0} >> (next_ + simd::kBlock - end);
        add_positions(mask);
      }
      // Up to here all was ASCII, so the stretch begins with a whole character.
      if (simd::mask(bytes) != 0 && !looked_at_all_) look_at_all();
    }
    return found_ != 0;
  }

  void add_positions(std::uint64_t mask) {
    const auto add = [&] {
      positions_[found_] = static_cast<std::uint16_t>(next_ - stretch_ + static_cast<std::size_t>(std::countr_zero(mask)));
      found_ += mask != 0;
      mask &= mask - 1;
    };
    for (int i = 0; i < 4; ++i) add();  // a block of usual cells has no more, and needs no branch
    while (mask != 0) add();
  }

  void look_at_all() {
    looked_at_all_ = true;
    const auto rest = window_.subspan(stretch_);
    invalid_ = stretch_ + (last_ ? find_invalid_utf8(rest) : find_invalid_utf8_prefix(rest));
  }

  std::span<const char> window_;
  bool last_;
  char separator_byte_;
  simd::Vector separator_, quote_, feed_, carriage_return_;
  std::size_t stretch_ = 0;                        // where the stretch at hand begins
  std::size_t next_ = 0;                           // where the next one begins
  std::size_t found_ = 0, taken_ = 0;              // of positions_
  std::array<std::uint16_t, kStretch + 1> positions_;  // in the stretch; one more for what is not counted
  std::size_t invalid_;
  bool looked_at_all_ = false;
};

namespace {

struct Record {
  enum class End : std::uint8_t { kDone, kIncomplete, kUnclosedQuote };
  End end = End::kDone;
  std::size_t next = 0;           // first byte after the record
  std::size_t cells = 0;
  bool blank = false;             // an empty line
  std::uint64_t line_breaks = 0;  // inside quotes
  std::uint64_t quote_break = 0;  // those before the last quoted cell
};

struct QuotedCell {
  std::string_view text;
  std::size_t end;  // the structural byte that ends the cell; the window's size if none
};

std::string without_doubled_quotes(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    plain += text[i];
    if (text[i] == '"') ++i;
  }
  return plain;
}

// A cell whose opening quote, at `open`, has just been taken. Sets record.end when the quote does not close.
QuotedCell read_quoted(CsvCursor& cursor, std::size_t open, bool last, std::deque<std::string>& texts, Record& record) {
  bool doubled = false;
  std::size_t close;
  record.quote_break = record.line_breaks;
  for (;;) {
    close = cursor.take();
    if (close == cursor.size()) {
      record.end = last ? Record::End::kUnclosedQuote : Record::End::kIncomplete;
      return {{}, close};
    }
    const char c = cursor[close];
    const bool at_end = close + 1 == cursor.size();
    if (c == '\n' || (c == '\r' && (at_end || cursor[close + 1] != '\n'))) ++record.line_breaks;
    if (c != '"') continue;
    if (at_end && !last) {  // the next byte decides whether the quote is doubled
      record.end = Record::End::kIncomplete;
      return {{}, cursor.size()};
    }
    if (at_end || cursor[close + 1] != '"') break;
    doubled = true;
    cursor.take();
  }
  std::string_view text = cursor.text(open + 1, close);
  if (doubled) text = texts.emplace_back(without_doubled_quotes(text));
  std::size_t end = cursor.take();
  while (end < cursor.size() && cursor[end] == '"') end = cursor.take();
  if (end != close + 1) {  // text after the closing quote belongs to the cell, as in pandas
    text = texts.emplace_back(std::string(text) + std::string(cursor.text(close + 1, end)));
  }
  return {text, end};
}

// Reads the record that begins at `begin`; on_cell(index, text) gets its cells.
template <class OnCell>
Record read_record(CsvCursor& cursor, std::size_t begin, bool last, std::deque<std::string>& texts, OnCell on_cell) {
  Record record;
  std::size_t start = begin;
  for (;;) {
    std::size_t end = cursor.take();
    if (end == start && end < cursor.size() && cursor[end] == '"') {
      const QuotedCell cell = read_quoted(cursor, start, last, texts, record);
      if (record.end != Record::End::kDone) return record;
      end = cell.end;
      record.blank = false;
      on_cell(record.cells++, cell.text);
    } else {
      while (end < cursor.size() && cursor[end] == '"') end = cursor.take();
      on_cell(record.cells++, cursor.text(start, end));
      record.blank = end == begin;
    }
    if (end == cursor.size()) {
      record.end = last ? Record::End::kDone : Record::End::kIncomplete;
      record.next = end;
      return record;
    }
    start = end + 1;
    if (cursor[end] == '\r') {
      if (start == cursor.size() && !last) {  // a line feed may follow
        record.end = Record::End::kIncomplete;
        return record;
      }
      if (start < cursor.size() && cursor[start] == '\n') {
        cursor.take();
        ++start;
      }
    } else if (cursor[end] != '\n') {
      continue;
    }
    record.next = start;
    return record;
  }
}

COLD bool is_time(std::string_view text) {
  const ParsedTime time = TimestampParser().parse(text);
  return time.kind == ParsedTime::Kind::kDate ||
         (time.kind == ParsedTime::Kind::kNumber && text.size() >= 9);
}

COLD char detect_separator(std::span<const char> window, bool last, std::size_t most_rows) {
  char best = ',';
  std::size_t best_agreeing = 0, best_cells = 1;
  for (const char separator : {',', ';', '\t', '|'}) {
    const auto rows = read_csv_rows(window, last, separator, most_rows);
    if (rows.empty() || rows[0].size() < 2) continue;
    const auto agreeing = static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return row.size() == rows[0].size(); }));
    if (agreeing > best_agreeing || (agreeing == best_agreeing && rows[0].size() > best_cells)) {
      best = separator;
      best_agreeing = agreeing;
      best_cells = rows[0].size();
    }
  }
  return best;
}

}  // namespace

std::vector<std::vector<std::string>> read_csv_rows(std::span<const char> window, bool last, char separator,
                                                    std::size_t most) {
  std::vector<std::vector<std::string>> rows;
  CsvCursor cursor(window, last, separator);
  std::deque<std::string> texts;
  for (std::size_t at = 0; at < window.size() && rows.size() < most;) {
    std::vector<std::string> row;
    const Record record =
        read_record(cursor, at, last, texts, [&row](std::size_t, std::string_view text) { row.emplace_back(text); });
    if (record.end != Record::End::kDone) break;
    at = record.next;
    if (!record.blank) rows.push_back(std::move(row));
  }
  return rows;
}

Result<CsvDialect> detect_csv(const std::string& file, std::span<const char> window, bool last, const Plan& plan,
                              std::size_t most_rows) {
  CsvDialect dialect;
  dialect.separator = plan.input.separator != 0 ? plan.input.separator
                                                : detect_separator(window, last, std::min<std::size_t>(most_rows, 20));
  auto rows = read_csv_rows(window, last, dialect.separator, 1);
  if (rows.empty()) {
    return Error{ErrorCode::kBadSyntax,
                 file + ", row 1 (line 1): the first row does not end; a quote is opened there and never closed",
                 {file, 1, 1, {}}};
  }
  dialect.names = std::move(rows[0]);
  const ColumnName& time = plan.columns.time;
  const bool by_number = plan.columns.user.number != 0 || time.number != 0 || plan.columns.type.number != 0;
  const bool has_name = std::any_of(dialect.names.begin(), dialect.names.end(), is_known_column);
  if (plan.input.header != CsvHeader::kAuto) {
    dialect.header = plan.input.header == CsvHeader::kYes;
  } else if (by_number && time.number != 0 && time.number <= dialect.names.size()) {
    dialect.header = !is_time(dialect.names[time.number - 1]);
  } else if (!has_name && std::any_of(dialect.names.begin(), dialect.names.end(), is_time)) {
    dialect.header = false;
  }
  if (!dialect.header) {
    for (std::size_t i = 0; i < dialect.names.size(); ++i) dialect.names[i] = std::to_string(i + 1);
  }
  if (!dialect.header && !by_number) {
    return Error{ErrorCode::kMissingColumn,
                 file + ": the first row holds data, not column names; name the columns by number in the plan, as in "
                        "{\"columns\": {\"user\": 1, \"time\": 2, \"type\": 3}}",
                 {file, std::nullopt, 1, {}}};
  }
  return dialect;
}

CsvReader::CsvReader(std::string file, const CsvDialect& dialect, const Schema& schema, EventBuilder& builder)
    : file_(std::move(file)),
      separator_(dialect.separator),
      schema_(schema),
      builder_(builder),
      role_of_column_(dialect.names.size(), kRoles),
      skip_header_(dialect.header) {
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (!schema.column[role]) continue;
    role_of_column_[*schema.column[role]] = static_cast<std::uint8_t>(role);
    needed_.push_back({*schema.column[role], role});
  }
}

// Takes the record at `at` without a look at each cell, if it is one of the usual kind; where the next one begins.
std::size_t CsvReader::take_plain(CsvCursor& cursor, std::size_t at) {
  const std::size_t cells = role_of_column_.size();
  if (skip_header_ || cells < 2) return at;  // of one column, a record may be blank
  const std::uint16_t* ends = cursor.plain_record(cells);
  if (ends == nullptr) return at;
  const std::size_t stretch = cursor.stretch();
  std::size_t next = stretch + ends[cells - 1] + 1;
  next += cursor[next - 1] == '\r';
  if (next > cursor.invalid()) return at;
  for (const auto& [column, role] : needed_) {
    const std::size_t begin = column == 0 ? at : stretch + ends[column - 1] + 1;
    batch_.cells[role][batch_.size] = cursor.text(begin, stretch + ends[column]);
  }
  cursor.take_plain(cells);
  batch_.place_row(++rows_, line_);
  return next;
}

Result<std::size_t> CsvReader::consume(std::span<const char> window, bool last) {
  CsvCursor cursor(window, last, separator_);
  const std::size_t columns = role_of_column_.size();
  const auto on_cell = [&](std::size_t index, std::string_view text) {
    if (index >= columns) return;
    const std::uint8_t role = role_of_column_[index];
    if (role != kRoles) batch_.cells[role][batch_.size] = text;
  };
  std::size_t at = 0;
  while (at < window.size()) {
    if (const std::size_t next = take_plain(cursor, at); next != at) {
      at = next;
      ++line_;
      if (batch_.full()) {
        if (Status status = flush(); !status.ok()) return status.error();
      }
      continue;
    }
    const Record record = read_record(cursor, at, last, batch_.texts, on_cell);
    quote_line_ = line_ + record.quote_break;
    if (record.end == Record::End::kIncomplete) break;
    const bool invalid = record.end == Record::End::kDone && record.next > cursor.invalid();
    if (invalid || record.end == Record::End::kUnclosedQuote) {
      if (Status status = flush(); !status.ok()) return status.error();  // what an earlier row did wrong comes first
      return invalid ? bad_encoding(static_cast<unsigned char>(window[cursor.invalid()])) : unclosed_quote();
    }
    if (!record.blank) {
      if (Status status = finish_record(record.cells); !status.ok()) return status.error();
    }
    line_ += 1 + record.line_breaks;
    at = record.next;
  }
  if (Status status = flush(); !status.ok()) return status.error();
  return at;
}

Status CsvReader::finish_record(std::size_t cells) {
  if (skip_header_) {
    skip_header_ = false;
    return {};
  }
  ++rows_;
  if (cells != role_of_column_.size()) {
    Status status = flush();  // keeps issues in row order
    builder_.add_bad_row(IssueReason::kWrongCellCount, rows_, line_, {},
                         "the row has " + std::to_string(cells) + " cells, the first row " +
                             std::to_string(role_of_column_.size()));
    return status;
  }
  batch_.place_row(rows_, line_);
  return batch_.full() ? flush() : Status();
}

Status CsvReader::flush() {
  Status status = batch_.size == 0 ? Status() : builder_.add(batch_);
  batch_.clear();
  return status;
}

Error CsvReader::unfinished_record() const { return unclosed_quote(); }

COLD Error CsvReader::unclosed_quote() const {
  const Where where{file_, rows_ + (skip_header_ ? 0 : 1), quote_line_, {}};
  return {ErrorCode::kBadSyntax, place(where) + ": a quote is opened here and never closed", where};
}

COLD Error CsvReader::bad_encoding(unsigned char byte) const {
  constexpr char kHex[] = "0123456789ABCDEF";
  const Where where{file_, rows_ + (skip_header_ ? 0 : 1), line_, {}};
  return {ErrorCode::kBadEncoding,
          place(where) + ": byte 0x" + kHex[byte >> 4] + kHex[byte & 15] +
              " is not UTF-8 (the text looks like Windows-1252, ISO 8859-1 or another single-byte encoding); "
              "save the file as UTF-8",
          where};
}

}  // namespace causal_sessions
