#include "ingest/csv_reader.h"

#include <algorithm>
#include <bit>

#include "core/cold.h"
#include "core/simd.h"
#include "core/utf8.h"

namespace causal_sessions {
namespace {

// Walks the structural bytes of a window: separators, quotes and line ends, in order.
class Cursor {
 public:
  Cursor(std::span<const char> window, char separator)
      : window_(window),
        separator_(simd::splat(separator)),
        quote_(simd::splat('"')),
        feed_(simd::splat('\n')),
        carriage_return_(simd::splat('\r')) {}

  // Position of the next structural byte, which is taken; the window's size when there is none.
  std::size_t take() {
    while (mask_ == 0) {
      if (next_block_ >= window_.size()) return window_.size();
      block_ = next_block_;
      next_block_ += simd::kBlock;
      mask_ = simd::match4(window_.data() + block_, separator_, quote_, feed_, carriage_return_);
      if (next_block_ > window_.size()) mask_ &= ~std::uint64_t{0} >> (next_block_ - window_.size());
    }
    const std::size_t at = block_ + static_cast<std::size_t>(std::countr_zero(mask_));
    mask_ &= mask_ - 1;
    return at;
  }

  [[nodiscard]] char operator[](std::size_t at) const { return window_[at]; }
  [[nodiscard]] std::size_t size() const { return window_.size(); }
  [[nodiscard]] std::string_view text(std::size_t begin, std::size_t end) const {
    return {window_.data() + begin, end - begin};
  }

 private:
  std::span<const char> window_;
  simd::Vector separator_, quote_, feed_, carriage_return_;
  std::uint64_t mask_ = 0;
  std::size_t block_ = 0;
  std::size_t next_block_ = 0;
};

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
QuotedCell read_quoted(Cursor& cursor, std::size_t open, bool last, std::deque<std::string>& texts, Record& record) {
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
Record read_record(Cursor& cursor, std::size_t begin, bool last, std::deque<std::string>& texts, OnCell on_cell) {
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
  Cursor cursor(window, separator);
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
    if (schema.column[role]) role_of_column_[*schema.column[role]] = static_cast<std::uint8_t>(role);
  }
}

Result<std::size_t> CsvReader::consume(std::span<const char> window, bool last) {
  const std::size_t bad = last ? find_invalid_utf8(window) : find_invalid_utf8_prefix(window);
  Cursor cursor(window, separator_);
  const std::size_t columns = role_of_column_.size();
  const auto on_cell = [&](std::size_t index, std::string_view text) {
    if (index >= columns) return;
    const std::uint8_t role = role_of_column_[index];
    if (role != kRoles) batch_.cells[role][batch_.size] = text;
  };
  std::size_t at = 0;
  while (at < window.size()) {
    const Record record = read_record(cursor, at, last, batch_.texts, on_cell);
    quote_line_ = line_ + record.quote_break;
    if (record.end == Record::End::kIncomplete) break;
    const bool invalid = record.end == Record::End::kDone && record.next > bad;
    if (invalid || record.end == Record::End::kUnclosedQuote) {
      if (Status status = flush(); !status.ok()) return status.error();  // what an earlier row did wrong comes first
      return invalid ? bad_encoding(static_cast<unsigned char>(window[bad])) : unclosed_quote();
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
  batch_.row[batch_.size] = rows_;
  batch_.line[batch_.size] = line_;
  ++batch_.size;
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
