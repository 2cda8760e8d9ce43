#include "ingest/file_notices.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "core/cold.h"
#include "ingest/build/row_issues.h"

namespace causal_sessions {
namespace {

// Files without a row among others that have some.
std::optional<Notice> note_empty_files(const std::vector<FileSummary>& files) {
  std::uint64_t count = 0;
  std::string first;
  for (const FileSummary& file : files) {
    if (file.rows == 0 && count++ == 0) first = file.name;
  }
  if (count == 0) return std::nullopt;
  std::string text = std::to_string(count) + " of " + std::to_string(files.size()) + (count == 1 ? " files has" : " files have") +
                     " no rows of data (" + first + (count == 1 ? ")" : " and others)");
  return Notice{"emptyFiles", std::move(text), {{"files", count}, {"of", files.size()}}, {}};
}

// Files without the column of the item among others that have it.
std::optional<Notice> note_files_without_item(const std::vector<FileSummary>& files) {
  std::uint64_t with = 0, without = 0, rows = 0;
  std::string first;
  for (const FileSummary& file : files) {
    if (file.rows == 0) continue;
    const bool has_item = file.schema().column[static_cast<std::size_t>(Role::kItem)].has_value();
    with += has_item;
    if (has_item) continue;
    if (without++ == 0) first = file.name;
    rows += file.rows;
  }
  if (with == 0 || without == 0) return std::nullopt;
  std::string text = std::to_string(without) + " of " + std::to_string(files.size()) +
                     (without == 1 ? " files has" : " files have") + " no column that is read as the item, as the others have (" +
                     first + (without == 1 ? ")" : " and others)") + "; " + std::to_string(rows) +
                     (rows == 1 ? " row has" : " rows have") + " no item for that";
  return Notice{"filesWithoutItem", std::move(text), {{"files", without}, {"rows", rows}}, "columns.item"};
}

// Files without an item that may have one inside of a nested value.
std::optional<Notice> note_nested_items(const std::vector<FileSummary>& files) {
  const auto may_have = [](const FileSummary& file) {
    return file.rows != 0 && !file.schema().column[static_cast<std::size_t>(Role::kItem)] && !file.nested_item.empty();
  };
  const auto first = std::find_if(files.begin(), files.end(), may_have);
  if (first == files.end()) return std::nullopt;
  const auto count = static_cast<std::uint64_t>(std::count_if(files.begin(), files.end(), may_have));
  return nested_item_notice(first->name, first->nested_item, first->out_of_reach, count);
}

// Files whose events came with an earlier file already: the same export under two names, or named twice.
std::optional<Notice> note_same_files(const std::vector<FileSummary>& files) {
  std::uint64_t count = 0, rows = 0;
  const FileSummary* first = nullptr;
  for (const FileSummary& file : files) {
    if (!file.same) continue;
    if (count++ == 0) first = &file;
    rows += file.rows;
  }
  if (count == 0) return std::nullopt;
  std::string text = first->name + " holds the same events as " + files[*first->same].name;
  if (count > 1) text += ", and " + counted(count - 1, "other file repeats", "other files repeat") + " an earlier one";
  text += "; " + counted(rows, "row counts", "rows count") +
          " twice for that. Leave such a file out, or set events.duplicates to \"drop\"";
  return Notice{"sameFiles", std::move(text), {{"files", count}, {"rows", rows}}, "events.duplicates"};
}

// Files in which a column that the plan gives by its number has a name that is another role's, as the numbers of a file
// without a header are not those of a file with one.
std::optional<Notice> note_numbers(const std::vector<FileSummary>& files, const ReadingOptions& options) {
  const std::array<const ColumnName*, kRoles> planned = {&options.columns.user, &options.columns.time, &options.columns.type,
                                                         &options.columns.item};
  constexpr std::array<std::string_view, kRoles> kKeys = {"columns.user", "columns.time", "columns.type", "columns.item"};
  for (const FileSummary& file : files) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      const auto& column = file.schema().column[role];
      if (planned[role]->number == 0 || !column || !file.header) continue;
      const std::string& name = file.schema().names[*column];
      if (!is_known_column(name) || is_known_as(name, static_cast<Role>(role))) continue;
      return Notice{"numbersAgainstNames",
                    file.name + ": column " + std::to_string(planned[role]->number) + ", which " + std::string(kKeys[role]) +
                        " takes by its number, is named " + shown_cell(name) +
                        "; if the columns of this file stand in another order, name them in the plan, or read it on its own",
                    {{"column", planned[role]->number}},
                    kKeys[role]};
    }
  }
  return std::nullopt;
}

// Arrow streams that end between two messages: some writers leave the mark at the end out, and so does a transfer that broke.
std::optional<Notice> note_open_ends(const std::vector<FileSummary>& files) {
  const auto is_open = [](const FileSummary& file) { return !file.end_mark; };
  const auto first = std::find_if(files.begin(), files.end(), is_open);
  if (first == files.end()) return std::nullopt;
  const auto count = static_cast<std::uint64_t>(std::count_if(files.begin(), files.end(), is_open));
  std::string text = first->name + " has no end mark; it may have been cut off, after " + counted(first->rows, "row", "rows");
  if (count > 1) text += ", and so may " + counted(count - 1, "other file", "other files");
  return Notice{"noEndMark", std::move(text), {{"files", count}, {"rows", first->rows}}, {}};
}

// Files that have a column of the type, while input.files gives it.
std::optional<Notice> note_types_beside(const std::vector<FileSummary>& files) {
  std::uint64_t count = 0, rows = 0;
  const FileSummary* first = nullptr;
  for (const FileSummary& file : files) {
    if (!file.two_places || file.two_places->type_beside.empty()) continue;
    if (count++ == 0) first = &file;
    rows += file.rows;
  }
  if (count == 0) return std::nullopt;
  std::string text = first->name + " has a column " + shown_cell(first->two_places->type_beside) +
                     ", but all of its events have the type that input.files gives it";
  if (count > 1) text += ", and so it is with " + counted(count - 1, "other file", "other files");
  text += "; to have the column's types, leave \"type\" out of the rule";
  return Notice{"typesByFile", std::move(text), {{"files", count}, {"of", files.size()}, {"rows", rows}}, "input.files"};
}

// Files whose rows are nested, and whose time or type is taken from around them, where one may be in them too.
std::optional<Notice> note_outside_of_rows(const std::vector<FileSummary>& files) {
  std::uint64_t count = 0, rows = 0;
  const FileSummary* first = nullptr;
  for (const FileSummary& file : files) {
    if (!file.two_places || file.two_places->outside.column.empty()) continue;
    if (count++ == 0) first = &file;
    rows += file.rows;
  }
  if (count == 0) return std::nullopt;
  const auto& [role, column, inside] = first->two_places->outside;
  const bool time = role == Role::kTime;
  const std::string_view key = time ? "columns.time" : "columns.type";
  std::string text = first->name + ": the " + (time ? "time" : "type") + " is that of " + shown_cell(column) +
                     ", which stands outside of input.rows, so that all rows there have the same; name " + shown_cell(inside) +
                     ", which the rows have, in " + std::string(key) + " if it is their own";
  if (count > 1) text += "; so it is with " + counted(count - 1, "other file", "other files");
  return Notice{"outsideOfRows", std::move(text), {{"files", count}, {"rows", rows}}, key};
}

// Files whose column says otherwise than the folder that Hive or Spark would have named by it.
std::optional<Notice> note_other_folders(const std::vector<FileSummary>& files) {
  std::uint64_t count = 0, rows = 0;
  const FileSummary* first = nullptr;
  for (const FileSummary& file : files) {
    if (!file.two_places || file.two_places->other_than_folder == 0) continue;
    if (count++ == 0) first = &file;
    rows += file.two_places->other_than_folder;
  }
  if (count == 0) return std::nullopt;
  const TwoPlaces::Other& other = first->two_places->other;
  return Notice{"otherThanFolder",
                first->name + ", row " + std::to_string(other.row) + ": the column " + shown_cell(other.column) + " has " +
                    shown_cell(other.value) + ", and the folder " + shown_cell(other.column + "=" + other.folder) + "; of " +
                    counted(rows, "such row", "such rows") + " in " + counted(count, "file", "files") +
                    " the column's value was taken, where Spark and DuckDB take the folder's",
                {{"files", count}, {"rows", rows}},
                {}};
}

// Text in another encoding is hardly ever UTF-8 by chance; read as that, each character beyond ASCII becomes two or three others.
std::optional<Notice> note_utf8_files(const std::vector<FileSummary>& files, TextEncoding encoding) {
  std::uint64_t count = 0;
  const FileSummary* first = nullptr;
  for (const FileSummary& file : files) {
    if (file.utf8_too && count++ == 0) first = &file;
  }
  if (count == 0) return std::nullopt;
  std::string text = first->name + " seems to be UTF-8, but was read as \"" + std::string(encoding_name(encoding)) +
                     "\", which input.encoding says; its texts beyond ASCII are wrong then";
  if (count > 1) text += ", and so are those of " + counted(count - 1, "other file", "other files");
  return Notice{"utf8ReadOtherwise", std::move(text), {{"files", count}, {"rows", first->rows}}, "input.encoding"};
}

}  // namespace

COLD Notice nested_item_notice(const std::string& file, const std::string& path, bool out_of_reach, std::uint64_t files) {
  std::string text = file + ": no item is read, as no column of its own is the item; ";
  if (out_of_reach) text += "write the table with orient=\"records\" and ";
  text.append("set columns.item to ").append(shown_cell(path)).append(" if it is there");
  if (path.find("[0]") != path.npos) text += ", with [] for [0] to have a row of each";
  return {"nestedItem", std::move(text), {{"files", files}}, "columns.item"};
}

COLD void find_same_files(std::vector<FileSummary>& files, const EventTable& events) {
  const auto event = [&](std::uint64_t i) {
    return std::tuple(events.user[i], events.time_us[i], events.type[i], events.item[i]);
  };
  std::map<std::tuple<std::uint64_t, decltype(event(0))>, std::size_t> firsts;  // by size and first event
  std::uint64_t begin = 0;
  for (std::size_t f = 0; f < files.size(); ++f) {
    const std::uint64_t size = files[f].events_end - begin, at = std::exchange(begin, files[f].events_end);
    if (size == 0) continue;
    const auto [first, is_new] = firsts.try_emplace({size, event(at)}, f);
    if (is_new) continue;
    const std::uint64_t other = files[first->second].events_end - size;
    std::uint64_t i = 1;
    while (i < size && event(at + i) == event(other + i)) ++i;
    if (i == size) files[f].same = static_cast<std::uint32_t>(first->second);
  }
}

COLD std::vector<Notice> file_notices(const std::vector<FileSummary>& files, const ReadingOptions& options,
                                      bool drops_duplicates) {
  std::vector<Notice> notices;
  for (const auto note : {note_empty_files, note_files_without_item, note_nested_items, note_same_files, note_open_ends,
                          note_types_beside, note_outside_of_rows, note_other_folders}) {
    if (note == note_same_files && drops_duplicates) continue;  // they count once then
    if (std::optional<Notice> notice = note(files)) notices.push_back(*std::move(notice));
  }
  if (std::optional<Notice> notice = note_utf8_files(files, options.input.encoding)) notices.push_back(*std::move(notice));
  if (std::optional<Notice> notice = note_numbers(files, options)) notices.push_back(*std::move(notice));
  return notices;
}

}  // namespace causal_sessions
