// Small Parquet files, made by hand: one row group of flat columns, a page each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/thrift.h"

namespace causal_sessions {

using Bytes = std::vector<std::uint8_t>;

template <class T>
void put_number(Bytes& to, T value) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(&value);
  to.insert(to.end(), bytes, bytes + sizeof(T));
}

inline void put_text(Bytes& to, std::string_view text) {
  put_number(to, static_cast<std::uint32_t>(text.size()));
  to.insert(to.end(), text.begin(), text.end());
}

struct TestColumn {
  const char* name = "";
  int physical = 6;       // 0 BOOLEAN, 1 INT32, 2 INT64, 3 INT96, 4 FLOAT, 5 DOUBLE, 6 BYTE_ARRAY, 7 fixed
  int repetition = 0;     // 0 required, 1 optional, 2 repeated: a list
  int converted = -1;     // -1: none
  Bytes dictionary = {};  // empty: none, unless it is asked for
  int dictionary_values = 0;
  Bytes page = {};  // of a page of version 1: the levels, if it is optional, then the values
  int encoding = 0;
  int dictionary_pages = -1;  // -1: one, where there is a dictionary
  int fixed_size = 0;
  int codec = 0;
  std::int64_t values = -1;  // of the page and the chunk; -1: one a row
  int plain_size = -1;       // of the page; -1: it is not compressed
  bool v2 = false;           // a page of version 2: repetition levels, definition levels, values
  int repetition_bytes = 0, definition_bytes = 0;
  bool empty_group = false;               // no column at all
  std::optional<std::uint32_t> crc = {};  // of the page
  int scale = -1, precision = -1;         // of a decimal
  int logical = -1;                       // field of the union LogicalType, without fields of its own
};

struct TestFile {
  std::vector<TestColumn> columns;
  std::int64_t rows = 0;
  const char* writer = nullptr;
  const char* path = nullptr;  // of the file that has the columns
  Bytes behind = {};           // the columns, before the footer
};

inline Bytes make_file(const TestFile& made) {
  const std::vector<TestColumn>& columns = made.columns;
  Bytes file = {'P', 'A', 'R', '1'};
  std::vector<std::int64_t> begin, end;
  for (const TestColumn& column : columns) {
    begin.push_back(static_cast<std::int64_t>(file.size()));
    const auto page = [&](const Bytes& body, bool dictionary) {
      const bool v2 = column.v2 && !dictionary;
      const auto size = static_cast<std::int32_t>(body.size());
      thrift::Writer out(file);
      out.begin_struct();
      out.field(1, std::int32_t{dictionary ? 2 : v2 ? 3 : 0});
      out.field(2, dictionary || column.plain_size < 0 ? size : std::int32_t{column.plain_size});
      out.field(3, size);
      if (column.crc && !dictionary) out.field(4, static_cast<std::int32_t>(*column.crc));
      out.begin_struct(dictionary ? 7 : v2 ? 8 : 5);
      out.field(1, static_cast<std::int32_t>(dictionary           ? column.dictionary_values
                                             : column.values >= 0 ? column.values
                                                                  : made.rows));
      if (v2) {
        out.field(2, std::int32_t{0});
        out.field(3, static_cast<std::int32_t>(made.rows));
        out.field(4, static_cast<std::int32_t>(column.encoding));
        out.field(5, std::int32_t{column.definition_bytes});
        out.field(6, std::int32_t{column.repetition_bytes});
        out.field(7, false);
      } else {
        out.field(2, static_cast<std::int32_t>(dictionary ? 0 : column.encoding));
      }
      if (!dictionary && !v2) {
        out.field(3, std::int32_t{3});
        out.field(4, std::int32_t{3});
      }
      out.end_struct();
      out.end_struct();
      file.insert(file.end(), body.begin(), body.end());
    };
    const int dictionaries = column.dictionary_pages >= 0 ? column.dictionary_pages : column.dictionary.empty() ? 0 : 1;
    for (int i = 0; i < dictionaries; ++i) page(column.dictionary, true);
    if (!column.empty_group) page(column.page, false);
    end.push_back(static_cast<std::int64_t>(file.size()));
  }
  file.insert(file.end(), made.behind.begin(), made.behind.end());
  const std::size_t footer = file.size();
  thrift::Writer out(file);
  out.begin_struct();
  out.field(1, std::int32_t{1});
  out.begin_list(2, thrift::kStruct, columns.size() + 1);
  out.begin_struct();
  out.field(4, std::string_view("schema"));
  out.field(5, static_cast<std::int32_t>(columns.size()));
  out.end_struct();
  std::size_t leaves = 0;
  for (const TestColumn& column : columns) {
    out.begin_struct();
    if (!column.empty_group) out.field(1, static_cast<std::int32_t>(column.physical));
    if (column.fixed_size > 0) out.field(2, std::int32_t{column.fixed_size});
    out.field(3, static_cast<std::int32_t>(column.repetition));
    out.field(4, std::string_view(column.name));
    if (column.empty_group) out.field(5, std::int32_t{0});
    if (column.converted >= 0) out.field(6, static_cast<std::int32_t>(column.converted));
    if (column.scale >= 0) out.field(7, std::int32_t{column.scale});
    if (column.precision >= 0) out.field(8, std::int32_t{column.precision});
    if (column.logical >= 0) {
      out.begin_struct(10);
      out.begin_struct(column.logical);
      if (column.logical == 5) out.field(1, std::int32_t{column.scale}), out.field(2, std::int32_t{column.precision});
      out.end_struct();
      out.end_struct();
    }
    out.end_struct();
    leaves += !column.empty_group;
  }
  out.field(3, made.rows);
  out.begin_list(4, thrift::kStruct, 1);
  out.begin_struct();
  out.begin_list(1, thrift::kStruct, leaves);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].empty_group) continue;
    out.begin_struct();
    if (made.path) out.field(1, std::string_view(made.path));
    out.field(2, begin[i]);
    out.begin_struct(3);
    out.field(1, static_cast<std::int32_t>(columns[i].physical));
    out.field(4, static_cast<std::int32_t>(columns[i].codec));
    out.field(5, columns[i].values >= 0 ? columns[i].values : made.rows);
    out.field(7, end[i] - begin[i]);
    out.field(9, begin[i]);
    out.end_struct();
    out.end_struct();
  }
  out.field(2, std::int64_t{100});
  out.field(3, made.rows);
  out.end_struct();
  if (made.writer) out.field(6, std::string_view(made.writer));
  out.end_struct();
  put_number(file, static_cast<std::uint32_t>(file.size() - footer));
  for (const char c : std::string("PAR1")) file.push_back(static_cast<std::uint8_t>(c));
  return file;
}

}  // namespace causal_sessions
