#include "ingest/parquet/metadata.h"

#include <algorithm>
#include <array>

#include "core/number_text.h"
#include "formats/thrift.h"

namespace causal_sessions::parquet {
namespace {

using thrift::Type;

// Of an annotation that the format had not, or that is of no use here.
constexpr Logical kUnknown{1000};

// A node of the schema tree as the file has it.
struct Element {
  std::int64_t type = -1, fixed_size = 0, children = 0;
  Repetition repetition = Repetition::kRequired;
  Converted converted = Converted::kNone;
  Logical logical = Logical::kNone;
  std::string_view name;
  std::int64_t time_unit = -1;  // 1 ms, 2 us, 3 ns
  bool utc = true;
  std::int64_t int_bits = 0;
  bool int_signed = true;
  std::int64_t scale = 0, precision = 0;  // of a decimal
};

void read_logical(thrift::Reader& in, Element& element) {
  in.read_struct([&](int number, Type type) {
    if (type != thrift::kStruct) return false;
    const auto kind = static_cast<Logical>(number);
    element.logical = kind;
    in.read_struct([&](int id, Type field) {
      if (kind == Logical::kTimestamp || kind == Logical::kTime) {
        if (id == 1) return in.read(field, element.utc);
        if (id != 2 || field != thrift::kStruct) return false;
        in.read_struct([&](int unit, Type) {
          element.time_unit = unit;
          return false;
        });
        return true;
      }
      if (kind == Logical::kDecimal && id == 1) return in.read(field, element.scale);
      if (kind == Logical::kDecimal && id == 2) return in.read(field, element.precision);
      if (kind == Logical::kInteger && id == 1) return in.read(field, element.int_bits);
      if (kind == Logical::kInteger && id == 2) return in.read(field, element.int_signed);
      return false;
    });
    return true;
  });
}

Element read_element(thrift::Reader& in) {
  Element element;
  in.read_struct([&](int id, Type type) {
    switch (id) {
      case 1: return in.read(type, element.type);
      case 2: return in.read(type, element.fixed_size);
      case 3: return in.read(type, element.repetition);
      case 4: return in.read(type, element.name);
      case 5: return in.read(type, element.children);
      case 6: return in.read(type, element.converted);
      case 7: return in.read(type, element.scale);
      case 8: return in.read(type, element.precision);
      case 10:
        if (type != thrift::kStruct) return false;
        read_logical(in, element);
        return true;
    }
    return false;
  });
  return element;
}

// The older annotations say the same as the logical types.
void complete_logical(Element& element) {
  if (element.logical != Logical::kNone) return;
  switch (element.converted) {
    case Converted::kUtf8: element.logical = Logical::kString; break;
    case Converted::kMap:
    case Converted::kMapKeyValue: element.logical = Logical::kMap; break;
    case Converted::kList: element.logical = Logical::kList; break;
    case Converted::kEnum: element.logical = Logical::kEnum; break;
    case Converted::kDecimal: element.logical = Logical::kDecimal; break;
    case Converted::kDate: element.logical = Logical::kDate; break;
    case Converted::kTimeMillis:
    case Converted::kTimeMicros:
      element.logical = Logical::kTime;
      element.time_unit = element.converted == Converted::kTimeMillis ? 1 : 2;
      break;
    case Converted::kTimestampMillis:
    case Converted::kTimestampMicros:
      element.logical = Logical::kTimestamp;
      element.time_unit = element.converted == Converted::kTimestampMillis ? 1 : 2;
      break;
    case Converted::kUint8:
    case Converted::kUint16:
    case Converted::kUint32:
    case Converted::kUint64:
      element.logical = Logical::kInteger;
      element.int_signed = false;
      break;
    case Converted::kInt8:
    case Converted::kInt16:
    case Converted::kInt32:
    case Converted::kInt64: element.logical = Logical::kInteger; break;
    case Converted::kJson: element.logical = Logical::kJson; break;
    case Converted::kBson: element.logical = Logical::kBson; break;
    default:
      if (element.converted > Converted::kNone) element.logical = kUnknown;
      break;
  }
}

void set(Column& column, Meaning meaning, std::string type_name) {
  column.meaning = meaning;
  column.type_name = std::move(type_name);
}

// Integers of up to 32 bytes, which lie in the bytes most significant first.
void interpret_decimal(const Element& element, Column& column) {
  if (element.scale < 0 || element.scale > kMostDecimalScale) return set(column, Meaning::kOther, "decimal");
  column.scale = static_cast<int>(element.scale);
  set(column, Meaning::kDecimal, "decimal(" + std::to_string(element.precision) + ", " + std::to_string(element.scale) + ")");
}

void interpret_bytes(const Element& element, Column& column) {
  if (element.logical == Logical::kDecimal) return interpret_decimal(element, column);
  if (column.physical == Physical::kFixedBytes) {
    if (element.logical == Logical::kUuid && column.fixed_size == 16) return set(column, Meaning::kUuid, "uuid");
    if (element.logical == Logical::kFloat16 && column.fixed_size == 2) return set(column, Meaning::kHalf, "float16");
    const bool unmarked = element.logical == Logical::kNone;
    return set(column, unmarked ? Meaning::kText : Meaning::kBytes, "fixed_len_byte_array");
  }
  switch (element.logical) {
    case Logical::kNone: return set(column, Meaning::kText, "binary");  // some writers mark no texts
    case Logical::kString:
    case Logical::kEnum:
    case Logical::kJson: return set(column, Meaning::kText, "string");
    default: return set(column, Meaning::kBytes, "binary");
  }
}

// Of one that stands in as many bits as the format has for it.
bool set_unit(const Element& element, Column& column) {
  constexpr TimeColumn::Unit kUnits[] = {TimeColumn::Unit::kMilliseconds, TimeColumn::Unit::kMicroseconds,
                                         TimeColumn::Unit::kNanoseconds};
  if (element.time_unit < 1 || element.time_unit > 3) return false;
  column.unit = kUnits[element.time_unit - 1];
  const bool narrow = element.logical == Logical::kTime && column.unit == TimeColumn::Unit::kMilliseconds;
  return column.physical == (narrow ? Physical::kInt32 : Physical::kInt64);
}

void interpret_integer(const Element& element, Column& column) {
  const char* bits = column.physical == Physical::kInt32 ? "32" : "64";
  switch (element.logical) {
    case Logical::kNone: return set(column, Meaning::kSigned, std::string("int") + bits);
    case Logical::kInteger:
      return element.int_signed ? set(column, Meaning::kSigned, std::string("int") + bits)
                                : set(column, Meaning::kUnsigned, std::string("uint") + bits);
    case Logical::kDecimal: return interpret_decimal(element, column);
    case Logical::kTime: return set(column, set_unit(element, column) ? Meaning::kClock : Meaning::kOther, "time of day");
    case Logical::kNull: return set(column, Meaning::kSigned, "null");
    case Logical::kDate:
      if (column.physical != Physical::kInt32) break;
      column.local = true;
      return set(column, Meaning::kDate, "date");
    case Logical::kTimestamp: {
      if (!set_unit(element, column)) break;
      constexpr const char* kNames[] = {"ms", "us", "ns"};
      column.local = !element.utc;
      return set(column, Meaning::kTimestamp,
                 std::string("timestamp[") + kNames[element.time_unit - 1] + (element.utc ? ", UTC]" : "]"));
    }
    default: break;
  }
  set(column, Meaning::kOther, "of an unknown type");
}

void interpret(const Element& element, Column& column) {
  switch (column.physical) {
    case Physical::kBoolean: return set(column, Meaning::kBoolean, "boolean");
    case Physical::kInt32:
    case Physical::kInt64: return interpret_integer(element, column);
    case Physical::kInt96: column.local = true; return set(column, Meaning::kInt96, "timestamp[int96]");
    case Physical::kFloat: return set(column, Meaning::kFloat, "float");
    case Physical::kDouble: return set(column, Meaning::kDouble, "double");
    case Physical::kByteArray:
    case Physical::kFixedBytes: return interpret_bytes(element, column);
  }
}

// The leaves below a node; `next` moves past it. kBad: the tree is broken.
constexpr std::size_t kBad = ~std::size_t{0};
std::size_t count_leaves(const std::vector<Element>& elements, std::size_t& next, int depth) {
  if (next >= elements.size() || depth > 64) return kBad;
  const Element& element = elements[next++];
  const std::int64_t children = element.children;
  if (children <= 0) return element.type < 0 ? 0 : 1;  // a group without columns has no type either
  std::size_t leaves = 0;
  for (std::int64_t i = 0; i < children; ++i) {
    const std::size_t below = count_leaves(elements, next, depth + 1);
    if (below == kBad) return kBad;
    leaves += below;
  }
  return leaves;
}

// What a leaf holds; false if its type is none.
bool interpret_leaf(const Element& element, Column& column) {
  if (element.type < 0 || element.type > 7 || element.fixed_size < 0 || element.fixed_size > 1 << 30) return false;
  column.physical = static_cast<Physical>(element.type);
  column.fixed_size = static_cast<std::uint32_t>(element.fixed_size);
  if (column.physical == Physical::kFixedBytes && column.fixed_size == 0) return false;
  interpret(element, column);
  return true;
}

// A nested column's tree. The number of elements in it has been counted, so none is beyond them.
class TreeBuilder {
 public:
  TreeBuilder(std::vector<Element>& elements, std::size_t first, std::size_t leaf, NestedColumn& column)
      : elements_(elements), next_(first), leaf_(leaf), column_(column) {}

  void build() { column_.field = field({}); }

 private:
  struct Levels {
    std::uint32_t definition = 0, repetition = 0;
  };

  NestedField field(Levels levels) {
    const Element& element = elements_[next_];
    if (element.repetition == Repetition::kRepeated) {
      // A list without an annotation, as the first writers had it: it is there, if empty.
      NestedField list = list_of(element.name, levels);
      list.children.push_back(value({levels.definition + 1, levels.repetition + 1}));
      return list;
    }
    if (element.repetition == Repetition::kOptional) ++levels.definition;
    return value(levels);
  }

  NestedField list_of(std::string_view name, Levels levels) {
    return {.kind = NestedField::Kind::kList,
            .name = std::string(name),
            .present = levels.definition,
            .repeated = levels.repetition + 1};
  }

  // The element without its own repetition.
  NestedField value(Levels levels) {
    Element& element = elements_[next_++];
    complete_logical(element);
    if (element.children <= 0) return leaf(element, levels);
    const bool one = element.children == 1 && elements_[next_].repetition == Repetition::kRepeated;
    const Levels inner{levels.definition + 1, levels.repetition + 1};
    if (one && element.logical == Logical::kList) {
      NestedField list = list_of(element.name, levels);
      list.children.push_back(is_element(element) ? value(inner) : element_of_group(inner));
      return list;
    }
    if (one && element.logical == Logical::kMap && elements_[next_].children == 2) {
      NestedField list = list_of(element.name, levels);
      elements_[next_].logical = Logical::kNone;
      elements_[next_].converted = Converted::kNone;
      NestedField& entry = list.children.emplace_back(value(inner));
      entry.children[0].name = "key";
      entry.children[1].name = "value";
      return list;
    }
    NestedField group{.kind = NestedField::Kind::kObject, .name = std::string(element.name), .present = levels.definition};
    for (std::int64_t i = 0; i < element.children; ++i) group.children.push_back(field(levels));
    return group;
  }

  // Whether what is repeated is the list's element, as in lists of two levels, and not the group around it.
  // Source: apache/parquet-format, LogicalTypes.md, "Lists", the rules for backward compatibility.
  [[nodiscard]] bool is_element(const Element& list) const {
    const Element& repeated = elements_[next_];
    if (repeated.children != 1) return true;
    if (elements_[next_ + 1].repetition == Repetition::kRepeated) return true;
    return repeated.name == "array" || repeated.name == std::string(list.name) + "_tuple";
  }

  NestedField element_of_group(Levels levels) {
    ++next_;
    return field(levels);
  }

  NestedField leaf(const Element& element, Levels levels) {
    NestedField value{.name = std::string(element.name), .present = levels.definition};
    if (element.type < 0) {  // a group without fields
      value.type = "struct";
      return value;
    }
    Column column;
    column.inner = true;
    if (!interpret_leaf(element, column)) set(column, Meaning::kOther, "of an unknown type");
    column.name = column_.field.name;
    column.leaf = leaf_++;
    column.definition = levels.definition;
    column.repetition = levels.repetition;
    if (column.meaning == Meaning::kOther || column.meaning == Meaning::kBytes) value.type = column.type_name;
    value.source = column_.leaves.size();
    column_.leaves.push_back(std::move(column));
    return value;
  }

  std::vector<Element>& elements_;
  std::size_t next_, leaf_;
  NestedColumn& column_;
};

bool build_columns(std::vector<Element>& elements, Metadata& metadata) {
  if (elements.empty()) return false;
  std::size_t next = 1;
  for (std::int64_t i = 0; i < elements[0].children; ++i) {
    if (next >= elements.size()) return false;
    Element& element = elements[next];
    complete_logical(element);
    Column column;
    column.name = element.name;
    column.leaf = metadata.leaves;
    column.optional = element.repetition == Repetition::kOptional;
    column.nested = element.children > 0 || element.type < 0 || element.repetition == Repetition::kRepeated;
    if (column.nested) {
      column.type_name = element.logical == Logical::kList || element.repetition == Repetition::kRepeated ? "list"
                         : element.logical == Logical::kMap                                               ? "map"
                                                                                                          : "struct";
    } else {
      if (!interpret_leaf(element, column)) return false;
    }
    const std::size_t first = next;
    const std::size_t leaves = count_leaves(elements, next, 0);
    if (leaves == kBad) return false;
    if (column.nested) {
      column.tree = metadata.nested.size();
      NestedColumn& tree = metadata.nested.emplace_back();
      tree.field.name = column.name;
      TreeBuilder(elements, first, column.leaf, tree).build();
    }
    metadata.leaves += leaves;
    metadata.columns.push_back(std::move(column));
  }
  return next == elements.size();
}

// Where such a piece of the file ends; 0 if there is none.
std::uint64_t end_of(std::int64_t offset, std::int64_t size) {
  return offset > 0 && size > 0 ? static_cast<std::uint64_t>(offset) + static_cast<std::uint64_t>(size) : 0;
}

// `end` becomes that of its last byte, or of its index's, if it is smaller.
Chunk read_chunk(thrift::Reader& in, std::uint64_t& end) {
  Chunk chunk;
  std::int64_t data = -1, dictionary = -1, size = -1, filter = 0, filter_size = 0;
  std::array<std::int64_t, 4> indexes{};  // the offset index, the column index: offset, size
  in.read_struct([&](int id, Type type) {
    if (id == 1 && type == thrift::kBinary) {
      std::string_view path;
      in.read(type, path);
      chunk.elsewhere = !path.empty();
      return true;
    }
    if (id == 8 || id == 9) chunk.encrypted = true;
    if (id >= 4 && id <= 7) return in.read(type, indexes[static_cast<std::size_t>(id - 4)]);
    if (id != 3 || type != thrift::kStruct) return false;
    in.read_struct([&](int field, Type kind) {
      switch (field) {
        case 1: return in.read(kind, chunk.type);
        case 4: return in.read(kind, chunk.compression);
        case 5: return in.read(kind, chunk.values);
        case 7: return in.read(kind, size);
        case 9: return in.read(kind, data);
        case 11: return in.read(kind, dictionary);
        case 14: return in.read(kind, filter);
        case 15: return in.read(kind, filter_size);
      }
      return false;
    });
    return true;
  });
  // Some writers leave a zero where there is no dictionary.
  const std::int64_t offset = dictionary > 0 && dictionary < data ? dictionary : data;
  chunk.offset = offset < 0 ? 0 : static_cast<std::uint64_t>(offset);
  chunk.size = size < 0 ? 0 : static_cast<std::uint64_t>(size);
  end = std::max(
      {end, end_of(offset, size), end_of(filter, filter_size), end_of(indexes[0], indexes[1]), end_of(indexes[2], indexes[3])});
  return chunk;
}

// parquet-cpp before Arrow 3.0 compressed the pages of version 2 and said of each that it is not (ARROW-10353); from
// 2.0 on it calls itself parquet-cpp-arrow, which has no such version.
bool always_compresses(std::string_view writer) { return writer.starts_with("parquet-cpp version 1."); }

// Polars writes its integers of 128 bits as bytes that nothing marks, least significant first; only the schema of Arrow beside
// them tells which of them have a sign. It has no other columns of that size.
void mark_wide_integers(std::string_view writer, std::vector<Column>& columns) {
  if (!writer.starts_with("Polars")) return;
  for (Column& column : columns) {
    const bool wide = column.physical == Physical::kFixedBytes && column.fixed_size == 16 && column.meaning == Meaning::kText;
    if (wide) set(column, Meaning::kBytes, "int128");
  }
}

struct Footer {
  std::vector<Element> elements;
  std::string_view writer;
  bool encrypted = false;
};

void read_footer(thrift::Reader& in, Metadata& metadata, Footer& footer) {
  in.read_struct([&](int id, Type type) {
    switch (id) {
      case 2: return in.read_list(type, thrift::kStruct, [&] { footer.elements.push_back(read_element(in)); });
      case 4:
        return in.read_list(type, thrift::kStruct, [&] {
          RowGroup& group = metadata.groups.emplace_back();
          in.read_struct([&](int field, Type kind) {
            if (field == 1) {
              return in.read_list(kind, thrift::kStruct, [&] { group.chunks.push_back(read_chunk(in, metadata.end)); });
            }
            std::int64_t rows = 0;
            if (field != 3 || !in.read(kind, rows)) return false;
            group.rows = static_cast<std::uint64_t>(std::max<std::int64_t>(rows, 0));
            return true;
          });
        });
      case 6: return in.read(type, footer.writer);
      case 8: footer.encrypted = true; return false;
    }
    return false;
  });
}

}  // namespace

Result<Metadata> read_metadata(const std::string& file, std::span<const std::uint8_t> footer, std::uint64_t footer_offset) {
  const auto refuse = [&](ErrorCode code, const std::string& why) { return Error{code, file + why, {file, {}, {}, {}}}; };
  const auto damaged = [&](const std::string& why) {
    return refuse(ErrorCode::kBadSyntax, ": the Parquet footer is damaged: " + why);
  };
  Metadata metadata;
  Footer read;
  thrift::Reader in(footer);
  read_footer(in, metadata, read);
  if (read.encrypted) return refuse(ErrorCode::kUnknownFormat, " is an encrypted Parquet file; write it without encryption");
  if (in.failed()) return damaged("it is not the structure that the format prescribes");
  if (!build_columns(read.elements, metadata)) return damaged("its schema is not a tree of columns");
  mark_wide_integers(read.writer, metadata.columns);
  for (NestedColumn& nested : metadata.nested) mark_wide_integers(read.writer, nested.leaves);
  const bool always_compressed = always_compresses(read.writer);
  for (RowGroup& group : metadata.groups) {
    if (group.chunks.size() != metadata.leaves) return damaged("a row group does not have the schema's columns");
    metadata.rows += group.rows;
    if (metadata.rows > rows_that_fit(footer_offset)) {
      return refuse(ErrorCode::kTooLarge, " claims " + std::to_string(metadata.rows) + " rows in " +
                                              std::to_string(footer_offset) + " bytes, which no table of events needs");
    }
    const auto is_elsewhere = [](const Chunk& chunk) { return chunk.elsewhere; };
    if (!group.chunks.empty() && std::all_of(group.chunks.begin(), group.chunks.end(), is_elsewhere)) {
      return refuse(ErrorCode::kUnknownFormat, " holds only the metadata of other files; leave it out");
    }
    for (Chunk& chunk : group.chunks) {
      chunk.always_compressed = always_compressed;
      if (chunk.offset > footer_offset || chunk.size > footer_offset - chunk.offset) {
        return damaged("a column lies outside of the file");
      }
    }
  }
  return metadata;
}

PageHeaderState read_page_header(std::span<const std::uint8_t> bytes, PageHeader& header) {
  header = {};
  thrift::Reader in(bytes);
  in.read_struct([&](int id, Type type) {
    if (id == 1) return in.read(type, header.type);
    if (id == 2) return in.read(type, header.plain_size);
    if (id == 3) return in.read(type, header.packed_size);
    if (id == 4) {
      std::int64_t crc = 0;
      const bool is_number = in.read(type, crc);
      if (is_number) header.crc = crc;
      return is_number;
    }
    if ((id != 5 && id != 7 && id != 8) || type != thrift::kStruct) return false;
    in.read_struct([&](int field, Type kind) {
      if (field == 1) return in.read(kind, header.values);
      if (id != 8) {
        if (field == 2) return in.read(kind, header.encoding);
        if (field == 3 && id == 5) return in.read(kind, header.level_encoding);
        if (field == 4 && id == 5) return in.read(kind, header.repetition_encoding);
        return false;
      }
      if (field == 4) return in.read(kind, header.encoding);
      if (field == 5) return in.read(kind, header.definition_bytes);
      if (field == 6) return in.read(kind, header.repetition_bytes);
      if (field == 7) return in.read(kind, header.compressed);
      return false;
    });
    return true;
  });
  header.header_size = in.position();
  if (in.failed()) return in.truncated() ? PageHeaderState::kTruncated : PageHeaderState::kDamaged;
  // The format has sizes of 32 bits, so that none is cut where a size_t is as short.
  const auto is_size = [](std::int64_t size) { return size >= 0 && size <= INT32_MAX; };
  return header.type >= PageType::kData && is_size(header.plain_size) && is_size(header.packed_size) ? PageHeaderState::kWhole
                                                                                                     : PageHeaderState::kDamaged;
}

bool codec_of(Compression compression, Codec& codec) {
  switch (compression) {
    case Compression::kNone: codec = Codec::kNone; return true;
    case Compression::kSnappy: codec = Codec::kSnappy; return true;
    case Compression::kGzip: codec = Codec::kGzip; return true;
    case Compression::kBrotli: codec = Codec::kBrotli; return true;
    case Compression::kLz4: codec = Codec::kLz4Hadoop; return true;
    case Compression::kZstd: codec = Codec::kZstd; return true;
    case Compression::kLz4Raw: codec = Codec::kLz4Raw; return true;
    default: return false;
  }
}

}  // namespace causal_sessions::parquet
