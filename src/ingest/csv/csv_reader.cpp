#include "ingest/csv/csv_reader.h"

#include <algorithm>
#include <array>
#include <bit>

#include "core/buffer_sizes.h"
#include "core/cold.h"
#include "core/simd.h"
#include "core/utf8.h"
#include "ingest/not_utf8.h"

namespace causal_sessions {
// Walks the structural bytes of a window: separators, quotes and line ends, in order, but for those behind an escape. On
// the way it sees whether the bytes are UTF-8.
class CsvCursor {
 public:
  CsvCursor(std::span<const char> window, bool last, const CsvMarks& marks)
      : window_(window), last_(last), marks_(marks), separator_(simd::splat(marks.separator)),
        quote_(simd::splat(marks.quote != 0 ? marks.quote : marks.separator)), feed_(simd::splat('\n')),
        carriage_return_(simd::splat('\r')), invalid_(window.size()) {}

  // Position of the next structural byte, which is taken; the window's size when there is none.
  std::size_t take() {
    if (taken_ == found_ && !find_more()) return window_.size();
    return stretch_ + positions_[taken_++];
  }

  // Takes those before `at`.
  void pass(std::size_t at) {
    while ((taken_ != found_ || find_more()) && stretch_ + positions_[taken_] < at) ++taken_;
  }

  // The ends of the cells of the next record, in units of bytes from stretch(), if it is plain: so many cells, none with
  // a quote, then a line end. Null if it is not, or not yet known to be. Nothing is taken.
  [[nodiscard]] const std::uint16_t* plain_record(std::size_t cells) const {
    if (found_ - taken_ <= cells) return nullptr;  // one more, that a line feed after a carriage return is among them
    const char* bytes = window_.data() + stretch_;
    const std::uint16_t* ends = positions_.data() + taken_;
    for (std::size_t i = 0; i + 1 < cells; ++i) {
      if (bytes[ends[i]] != marks_.separator) return nullptr;
    }
    const char end = bytes[ends[cells - 1]];
    return end == '\n' || (end == '\r' && bytes[ends[cells - 1] + 1] == '\n') ? ends : nullptr;
  }
  void take_plain(std::size_t cells) { taken_ += cells + (window_[stretch_ + positions_[taken_ + cells - 1]] == '\r'); }
  [[nodiscard]] std::size_t stretch() const { return stretch_; }

  // Position of the first byte that is not UTF-8, up to the last structural byte taken; else the window's size.
  [[nodiscard]] std::size_t invalid() const { return invalid_; }

  [[nodiscard]] const CsvMarks& marks() const { return marks_; }
  [[nodiscard]] bool is_quote(std::size_t at) const { return window_[at] == marks_.quote; }
  [[nodiscard]] char operator[](std::size_t at) const { return window_[at]; }
  [[nodiscard]] std::size_t size() const { return window_.size(); }
  [[nodiscard]] std::string_view text(std::size_t begin, std::size_t end) const { return {window_.data() + begin, end - begin}; }

 private:
  static constexpr std::size_t kStretch = buffer_sizes::kStretchBlocks * simd::kBlock;

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
        if (marks_.escape != 0) mask = without_escaped(mask);
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

  // Of a block's structural bytes those that no escape stands before.
  [[gnu::noinline]] std::uint64_t without_escaped(std::uint64_t mask) {
    mask &= ~escaped_bits();  // by the block before
    const simd::Vector escape = simd::splat(marks_.escape);
    simd::Vector seen = escape;
    std::uint64_t escapes = simd::match4(window_.data() + next_, escape, escape, escape, escape, seen);
    for (; escapes != 0; escapes &= escapes - 1) {
      const std::size_t at = next_ + static_cast<std::size_t>(std::countr_zero(escapes));
      if (at < escaped_until_) continue;
      const bool two = at + 2 < window_.size() && window_[at + 1] == '\r' && window_[at + 2] == '\n';  // one line break
      escaped_from_ = at + 1;
      escaped_until_ = at + (two ? 3 : 2);
      mask &= ~escaped_bits();
    }
    return mask;
  }

  // Those of the block at hand that the last escape stands before.
  [[nodiscard]] std::uint64_t escaped_bits() const {
    std::uint64_t bits = 0;
    for (std::size_t at = std::max(escaped_from_, next_); at < std::min(escaped_until_, next_ + simd::kBlock); ++at) {
      bits |= std::uint64_t{1} << (at - next_);
    }
    return bits;
  }

  void look_at_all() {
    looked_at_all_ = true;
    const auto rest = window_.subspan(stretch_);
    invalid_ = stretch_ + (last_ ? find_invalid_utf8(rest) : find_invalid_utf8_prefix(rest));
  }

  std::span<const char> window_;
  bool last_;
  CsvMarks marks_;
  simd::Vector separator_, quote_, feed_, carriage_return_;
  std::size_t stretch_ = 0;                            // where the stretch at hand begins
  std::size_t next_ = 0;                               // where the next one begins
  std::size_t found_ = 0, taken_ = 0;                  // of positions_
  std::array<std::uint16_t, kStretch + 1> positions_;  // in the stretch; one more for what is not counted
  std::size_t invalid_;
  bool looked_at_all_ = false;
  std::size_t escaped_from_ = 0, escaped_until_ = 0;  // what the last escape stands before
};

COLD bool holds_rows(std::string_view text, char separator, std::size_t cell, std::size_t columns) {
  constexpr std::size_t kWide = 4;
  if (columns < 2 || cell >= columns) return false;
  bool all = true, any = false, first = true, head = false;
  std::size_t separators = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == separator) ++separators;
    if (text[i] != '\n' && text[i] != '\r') continue;
    const bool blank = i == 0 || text[i - 1] == '\n' || text[i - 1] == '\r';
    if (blank && !first) continue;
    const bool fits = separators == (first ? columns - 1 - cell : columns - 1);
    all = all && fits;
    any = any || (fits && !first);
    head = head || (fits && first);
    first = false;
    separators = 0;
  }
  const bool tail = separators == cell;
  return (all && tail) || (columns >= kWide && (any || (head && tail)));
}

namespace {

using Record = CsvRecord;

constexpr std::uint32_t kNoSlot = UINT32_MAX;

struct QuotedCell {
  std::string_view text;
  std::size_t end;  // the structural byte that ends the cell; the window's size if none
};

// Line ends in a text: LF, CRLF or CR.
std::uint64_t count_breaks(std::string_view text) {
  std::uint64_t breaks = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    breaks += text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'));
  }
  return breaks;
}

// What a letter behind a backslash stands for in the text that databases write without quotes; 0: nothing.
char control_character(char letter) {
  switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return 0;
  }
}

// A cell without what is there for the reader alone: the second one of doubled quotes, escapes.
std::string unescaped(std::string_view text, const CsvMarks& marks, bool quoted) {
  std::string plain;
  const bool letters = marks.quote == 0 && marks.escape == '\\';
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (marks.escape != 0 && text[i] == marks.escape && i + 1 < text.size()) {
      const char next = text[i + 1];
      if (const char control = letters ? control_character(next) : '\0'; control != 0) {
        plain += control;
        ++i;
        continue;
      }
      const bool takes_meaning = next == marks.escape || next == marks.separator || next == '\n' || next == '\r' ||
                                 (next == marks.quote && marks.quote != 0);
      if (takes_meaning) ++i;
      plain += text[i];
      continue;
    }
    plain += text[i];
    if (quoted && text[i] == marks.quote) ++i;
  }
  return plain;
}

// A cell whose opening quote, at `open`, has just been taken. Sets record.end when the quote does not close, or when it
// is no separator or line end that follows.
QuotedCell read_quoted(CsvCursor& cursor, std::size_t open, bool last, std::size_t columns, std::deque<std::string>& texts,
                       Record& record) {
  const CsvMarks& marks = cursor.marks();
  bool doubled = false;
  std::size_t close;
  record.quote_break = record.line_breaks;
  record.open = true;
  for (;;) {
    close = cursor.take();
    if (close == cursor.size()) {
      record.end = last ? Record::End::kUnclosedQuote : Record::End::kIncomplete;
      return {{}, close};
    }
    const char c = cursor[close];
    const bool at_end = close + 1 == cursor.size();
    if (c == '\n' || (c == '\r' && (at_end || cursor[close + 1] != '\n'))) ++record.line_breaks;
    if (c != marks.quote) {
      record.quoted_marks = true;
      continue;
    }
    if (cursor[close - 1] == '\\' && marks.escape != '\\') record.backslash = true;
    if (at_end && !last) {  // the next byte decides whether the quote is doubled
      record.end = Record::End::kIncomplete;
      return {{}, cursor.size()};
    }
    if (at_end || !cursor.is_quote(close + 1)) break;
    doubled = true;
    cursor.take();
  }
  std::string_view text = cursor.text(open + 1, close);
  if (record.line_breaks != record.quote_break && holds_rows(text, marks.separator, record.cells, columns)) {
    record.rows_break = record.quote_break;
  }
  if (doubled || (marks.escape != 0 && text.find(marks.escape) != text.npos)) {
    text = texts.emplace_back(unescaped(text, marks, true));
  }
  if (close + 1 < cursor.size() && cursor[close + 1] != marks.separator && cursor[close + 1] != '\n' &&
      cursor[close + 1] != '\r') {
    record.end = Record::End::kTextBehindQuote;
    record.next = close + 1;
    return {text, close + 1};
  }
  record.open = false;
  return {text, cursor.take()};
}

// A cell without quotes around it.
std::string_view plain_cell(const CsvCursor& cursor, std::size_t begin, std::size_t end, std::deque<std::string>& texts) {
  const std::string_view text = cursor.text(begin, end);
  const char escape = cursor.marks().escape;
  if (escape == 0 || text.find(escape) == text.npos) return text;
  return texts.emplace_back(unescaped(text, cursor.marks(), false));
}

// Reads the record that begins at `begin`; on_cell(index, text) gets its cells. `columns`: those of the header, 0 where it
// does not matter yet.
template <class OnCell>
Record read_record(CsvCursor& cursor, std::size_t begin, bool last, std::size_t columns, std::deque<std::string>& texts,
                   OnCell on_cell) {
  Record record;
  std::size_t start = begin;
  // The cursor does not show line breaks behind an escape.
  std::uint64_t breaks = 0;
  std::size_t counted = begin;
  const auto count_escaped = [&](std::size_t end) {
    if (cursor.marks().escape == 0) return;
    breaks += count_breaks(cursor.text(counted, end));
    counted = end;
    record.line_breaks = breaks;
  };
  for (;;) {
    std::size_t end = cursor.take();
    if (end == start && end < cursor.size() && cursor.is_quote(end)) {
      count_escaped(start);
      const QuotedCell cell = read_quoted(cursor, start, last, columns, texts, record);
      if (record.end != Record::End::kDone) return record;
      end = cell.end;
      record.blank = false;
      on_cell(record.cells++, cell.text);
    } else {
      while (end < cursor.size() && cursor.is_quote(end)) end = cursor.take();
      on_cell(record.cells++, plain_cell(cursor, start, end, texts));
      record.blank = end == begin;
    }
    if (end == cursor.size()) {
      record.end = last ? Record::End::kDone : Record::End::kIncomplete;
      record.next = end;
      count_escaped(end);
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
    count_escaped(end);
    record.next = start;
    return record;
  }
}

// What is to be done where a quote seems to be none.
COLD std::string quote_advice(const CsvMarks& marks, bool backslash) {
  const bool tabs = marks.separator == '\t';
  std::string advice;
  if (backslash) advice = "; a backslash stands before a quote: if";
  if (backslash || (marks.escape == 0 && !tabs)) {
    advice.append(backslash ? "" : "; if").append(" the file escapes quotes as \\").append(1, marks.quote);
    advice.append(", set input.escape to \"\\\\\"");
  }
  advice.append(tabs ? "; a file with tabs mostly has no quoting: if" : "; if");
  return advice.append(" its quotes are ordinary characters, set input.quote to null");
}

COLD std::string text_behind_quote_words(const CsvMarks& marks, const Record& record, char behind) {
  return (behind == ' ' || behind == '\t' ? "a blank follows the closing quote" : "text follows the closing quote") +
         quote_advice(marks, record.backslash);
}

COLD std::string unclosed_quote_words(const CsvMarks& marks, bool backslash) {
  return "a quote is opened here and never closed" + quote_advice(marks, backslash);
}

// In a row with a quoted cell that took in more than it should, or less.
COLD std::string wrong_count_words(const Record& record, std::string_view text, std::size_t columns, const CsvMarks& marks) {
  std::string words = "the row has " + std::to_string(record.cells) + " cells, the first row " + std::to_string(columns);
  if (marks.quote != '\'' && text.find('\'') != text.npos) {
    CsvMarks single = marks;
    single.quote = '\'';
    const CsvRows rows = read_csv_rows(text, true, single, 1);
    if (rows.cells.size() == 1 && rows.cells[0].size() == columns)
      return words + "; the file seems to quote with ': set input.quote to \"'\"";
  }
  const bool swallowed = record.quoted_marks && (record.cells < columns || record.line_breaks != 0);
  if (record.backslash || swallowed) words += quote_advice(marks, record.backslash);
  return words;
}

}  // namespace

COLD std::size_t past_line(std::span<const char> window, std::size_t at, bool last) {
  const auto* const end =
      std::find_if(window.data() + at, window.data() + window.size(), [](char c) { return c == '\n' || c == '\r'; });
  const auto next = static_cast<std::size_t>(end - window.data()) + 1;
  if (next > window.size()) return last ? window.size() : 0;
  if (*end == '\n' || (next < window.size() && window[next] != '\n')) return next;
  if (next == window.size()) return last ? next : 0;  // a line feed may follow
  return next + 1;
}

COLD std::vector<std::string> fields_of(std::string_view line) {
  constexpr std::string_view kMark = "#Fields:", kBlanks = " \t\r\n";
  std::vector<std::string> fields;
  if (!line.starts_with(kMark)) return fields;
  for (std::size_t at = kMark.size(); (at = line.find_first_not_of(kBlanks, at)) != line.npos;) {
    const std::size_t end = std::min(line.find_first_of(kBlanks, at), line.size());
    fields.emplace_back(line.substr(at, end - at));
    at = end;
  }
  return fields;
}

COLD CsvRows read_csv_rows(std::span<const char> window, bool last, const CsvMarks& marks, std::size_t most) {
  CsvRows rows;
  CsvCursor cursor(window, last, marks);
  std::deque<std::string> texts;
  for (std::size_t at = 0; at < window.size() && rows.cells.size() < most;) {
    if (marks.comment != 0 && window[at] == marks.comment) {
      const std::size_t next = past_line(window, at, last);
      rows.next = {};
      if (next == 0) rows.next.end = Record::End::kIncomplete;
      if (next == 0) break;
      cursor.pass(next);
      at = next;
      ++rows.line;
      continue;
    }
    std::vector<std::string> row;
    rows.next = read_record(cursor, at, last, 0, texts, [&row](std::size_t, std::string_view text) { row.emplace_back(text); });
    if (rows.next.end != Record::End::kDone) break;
    at = rows.next.next;
    rows.line += 1 + rows.next.line_breaks;
    if (!rows.next.blank) rows.cells.push_back(std::move(row));
    texts.clear();
  }
  return rows;
}

COLD Error no_first_row(const std::string& file, std::span<const char> window, const CsvRows& rows, const CsvMarks& marks) {
  const Record& record = rows.next;
  if (record.end == Record::End::kDone) return {ErrorCode::kEmptyInput, file + " has no rows of data", {file, {}, {}, {}}};
  Where where{file, std::nullopt, rows.line + (record.open ? record.quote_break : 0), {}};
  std::string finding;
  if (record.end == Record::End::kTextBehindQuote) {
    where.column = std::to_string(record.cells + 1);
    finding = text_behind_quote_words(marks, record, window[record.next]);
  } else if (record.end == Record::End::kUnclosedQuote) {
    finding = unclosed_quote_words(marks, record.backslash);
  } else {
    finding = record.open ? "a quote is opened here and not closed" : "the first row does not end";
    finding += " within the first " + std::to_string(window.size()) + " bytes";
  }
  return {ErrorCode::kBadSyntax, place(where) + ": " + finding, where};
}

CsvReader::CsvReader(std::string file, const CsvDialect& dialect, std::span<const WantedColumn> wanted, TableSink& sink)
    : file_(std::move(file)), marks_(dialect.marks), encoding_(dialect.encoding), names_(dialect.names), sink_(sink),
      slot_of_column_(dialect.names.size(), kNoSlot), fields_(dialect.fields), skip_header_(dialect.header && !dialect.fields),
      shows_(sink.shows()), most_rows_(sink.most_rows()), batch_(wanted.size()), line_(dialect.first_line) {
  if (dialect.header_holds_rows) sink_.note_quoted_rows(0, line_);
  for (std::size_t slot = 0; slot < wanted.size(); ++slot) {
    slot_of_column_[wanted[slot].position] = static_cast<std::uint32_t>(slot);
    needed_.push_back({wanted[slot].position, slot});
  }
}

// Takes the record at `at` without a look at each cell, if it is one of the usual kind; where the next one begins.
std::size_t CsvReader::take_plain(CsvCursor& cursor, std::size_t at) {
  const std::size_t cells = slot_of_column_.size();
  if (skip_header_ || cells < 2 || marks_.escape != 0) return at;  // of one column, a record may be blank
  if (marks_.comment != 0 && cursor[at] == marks_.comment) return at;
  const std::uint16_t* ends = cursor.plain_record(cells);
  if (ends == nullptr) return at;
  const std::size_t stretch = cursor.stretch();
  std::size_t next = stretch + ends[cells - 1] + 1;
  next += cursor[next - 1] == '\r';
  if (next > cursor.invalid()) return at;
  for (const auto& [column, slot] : needed_) {
    const std::size_t begin = column == 0 ? at : stretch + ends[column - 1] + 1;
    batch_.cells[slot][batch_.size] = cursor.text(begin, stretch + ends[column]);
  }
  cursor.take_plain(cells);
  batch_.place_row(++rows_, line_);
  return next;
}

Result<std::size_t> CsvReader::consume(std::span<const char> window, bool last) {
  CsvCursor cursor(window, last, marks_);
  const std::size_t columns = slot_of_column_.size();
  const auto on_cell = [&](std::size_t index, std::string_view text) {
    if (shows_) shown_.push_back(text);
    if (index >= columns) return;
    const std::uint32_t slot = slot_of_column_[index];
    if (slot != kNoSlot) batch_.cells[slot][batch_.size] = text;
  };
  std::size_t at = 0;
  while (at < window.size() && rows_ < most_rows_) {
    if (const std::size_t next = take_plain(cursor, at); next != at) {
      at = next;
      ++line_;
      if (batch_.full()) {
        if (Status status = flush(); !status.ok()) return status.error();
      }
      continue;
    }
    if (marks_.comment != 0 && window[at] == marks_.comment) {
      const Result<std::size_t> next = pass_comment(cursor, window, at, last);
      if (!next.ok()) return next.error();
      if (next.value() == at) break;
      at = next.value();
      ++line_;
      continue;
    }
    shown_.clear();
    const Record record = read_record(cursor, at, last, columns, batch_.texts, on_cell);
    if (record.end == Record::End::kIncomplete) {
      quote_line_ = record.open ? line_ + record.quote_break : 0;
      backslash_ = record.backslash;
      break;
    }
    const bool invalid = record.end != Record::End::kUnclosedQuote && record.next > cursor.invalid();
    if (invalid || record.end != Record::End::kDone) {
      if (Status status = flush(); !status.ok()) return status.error();  // what an earlier row did wrong comes first
      if (invalid) return bad_encoding(window.subspan(at, record.next - at), cursor.invalid() - at, true);
      if (record.end == Record::End::kTextBehindQuote) return text_behind_quote(record, window[record.next]);
      quote_line_ = line_ + record.quote_break;
      backslash_ = record.backslash;
      return unfinished_record();
    }
    if (!record.blank) {
      if (Status status = finish_record(record, cursor.text(at, record.next)); !status.ok()) return status.error();
    }
    line_ += 1 + record.line_breaks;
    at = record.next;
  }
  if (Status status = flush(); !status.ok()) return status.error();
  return rows_ < most_rows_ ? at : window.size();
}

// Passes over the comment at `at`; where the next line begins, `at` itself if the comment does not end here.
COLD Result<std::size_t> CsvReader::pass_comment(CsvCursor& cursor, std::span<const char> window, std::size_t at, bool last) {
  const std::size_t next = past_line(window, at, last);
  if (next == 0) {
    quote_line_ = 0;
    return at;
  }
  cursor.pass(next);
  const std::string_view line = cursor.text(at, next);
  const std::vector<std::string> fields = fields_ ? fields_of(line) : std::vector<std::string>();
  const bool invalid = next > cursor.invalid(), other = !fields.empty() && fields != names_;
  // Those before the first row have been looked at.
  if (!invalid && (!other || rows_ == 0)) return next;
  if (Status status = flush(); !status.ok()) return status.error();
  if (invalid) return bad_encoding(window.subspan(at, next - at), cursor.invalid() - at, false);
  Where where{file_, std::nullopt, line_, {}};
  return Error{ErrorCode::kBadSyntax,
               place(where) + ": \"#Fields:\" names other columns from here on; give each part a file of its own", where};
}

Status CsvReader::finish_record(const CsvRecord& record, std::string_view text) {
  if (skip_header_) {
    skip_header_ = false;
    return {};
  }
  ++rows_;
  if (record.cells != slot_of_column_.size()) {
    Status status = add_batch();  // keeps issues in row order
    if (shows_) sink_.show_row(shown_);
    batch_.clear();
    // Whatever it holds, its lines are not in any row.
    if (record.quoted_marks && record.line_breaks != 0) sink_.note_quoted_rows(rows_, line_);
    sink_.add_bad_row(IssueReason::kWrongCellCount, rows_, line_, {},
                      wrong_count_words(record, text, slot_of_column_.size(), marks_));
    return status;
  }
  if (record.rows_break) sink_.note_quoted_rows(rows_, line_ + *record.rows_break);
  batch_.place_row(rows_, line_);
  return batch_.full() ? flush() : Status();
}

Status CsvReader::add_batch() { return batch_.size == 0 ? Status() : sink_.add(batch_); }

Status CsvReader::flush() {
  Status status = add_batch();
  batch_.clear();
  return status;
}

// In the record at hand.
COLD Where CsvReader::here(std::uint64_t line) const {
  Where where{file_, std::nullopt, line, {}};
  if (!skip_header_) where.row = rows_ + 1;
  return where;
}

COLD Error CsvReader::unfinished_record() const {
  const Where where = here(quote_line_ != 0 ? quote_line_ : line_);
  const std::string finding =
      quote_line_ != 0 ? unclosed_quote_words(marks_, backslash_) : "the row that begins here does not end";
  return {ErrorCode::kBadSyntax, place(where) + ": " + finding, where};
}

COLD Error CsvReader::text_behind_quote(const CsvRecord& record, char behind) const {
  Where where = here(line_ + record.quote_break);
  where.column = record.cells < names_.size() ? names_[record.cells] : std::to_string(record.cells + 1);
  return {ErrorCode::kBadSyntax, place(where) + ": " + text_behind_quote_words(marks_, record, behind), where};
}

COLD Error CsvReader::bad_encoding(std::span<const char> record, std::size_t at, bool in_row) const {
  Where where = here(line_);
  if (!in_row) where.row.reset();
  return {ErrorCode::kBadEncoding, place(where) + ": " + byte_not_utf8(record, at, encoding_), where};
}

}  // namespace causal_sessions
