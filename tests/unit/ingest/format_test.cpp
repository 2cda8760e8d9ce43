#include "ingest/format.h"

#include <gtest/gtest.h>

#include "support/run.h"

namespace causal_sessions {
namespace {

using namespace std::string_literals;
using support::contains;

TEST(Format, IsToldFromTheFirstBytes) {
  struct Row {
    const char* name;
    std::string start;
    Format format;
    std::size_t skip;
  };
  for (const Row& row : {Row{"CSV", "user,time\n", Format::kCsv, 0}, Row{"array", "[{}]", Format::kJson, 0},
                         Row{"object", "{\"a\":1}", Format::kJson, 0},
                         Row{"space first", " \r\n\t[", Format::kJson, 0},
                         Row{"BOM and CSV", "\xEF\xBB\xBFuser", Format::kCsv, 3},
                         Row{"BOM and JSON", "\xEF\xBB\xBF {", Format::kJson, 3},
                         Row{"a quote", "\"user\",\"time\"", Format::kCsv, 0},
                         Row{"ends inside a character", "u\xE6\x97", Format::kCsv, 0}}) {
    const Result<DetectedFormat> format = detect_format("f", row.start);
    ASSERT_TRUE(format.ok()) << row.name;
    EXPECT_EQ(format.value().format, row.format) << row.name;
    EXPECT_EQ(format.value().skip, row.skip) << row.name;
  }
}

TEST(Format, WhatIsNotReadIsRefusedByName) {
  struct Row {
    const char* name;
    std::string start;
    ErrorCode code;
    const char* message;
  };
  for (const Row& row :
       {Row{"UTF-16 little-endian", "\xFF\xFEu\0s\0"s, ErrorCode::kBadEncoding, "events is UTF-16 text"},
        Row{"UTF-16 big-endian", "\xFE\xFF\0u\0s"s, ErrorCode::kBadEncoding, "UTF-16"},
        Row{"a PNG image", "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR"s, ErrorCode::kUnknownFormat, "events is a PNG image"},
        Row{"SQLite", "SQLite format 3\0\x10\0\x01\x01"s, ErrorCode::kUnknownFormat, "export the table as CSV or Parquet"},
        Row{"ORC", "ORC\x0A\x03\0\0"s, ErrorCode::kUnknownFormat, "is an ORC file"},
        Row{"Avro", "Obj\x01\x04\x14""avro.codec"s, ErrorCode::kUnknownFormat, "is an Avro file"},
        Row{"lz4", "\x04\x22\x4D\x18\x64\x40\xA7\0"s, ErrorCode::kUnknownFormat, "compressed with lz4"},
        Row{"tar", "a.csv" + std::string(252, '\0') + "ustar\0""00"s + std::string(300, '\0'), ErrorCode::kBadEncoding, "is a tar archive"},
        Row{"zeros in rows", "MZ" + std::string(200, '\0') + "text"s, ErrorCode::kBadEncoding, "byte 3 is zero; this is not a text file"},
        Row{"UTF-16 without a mark", "u\0s\0e\0r\0,\0"s, ErrorCode::kBadEncoding, "UTF-16"},
        Row{"UTF-32 little-endian", "\xFF\xFE\0\0u\0\0\0"s, ErrorCode::kBadEncoding, "UTF-32"},
        Row{"UTF-32 big-endian", "\0\0\xFE\xFF\0\0\0u"s, ErrorCode::kBadEncoding, "UTF-32"},
        Row{"a zero byte", "user,ti\0me\n"s, ErrorCode::kBadEncoding, "byte 8 is zero"},
        Row{"encrypted Parquet", "PARE\0\0"s, ErrorCode::kUnknownFormat, "encrypted Parquet"},
        Row{"gzip in gzip", "\x1F\x8B\x08", ErrorCode::kUnknownFormat, "gzip"},
        Row{"zstd in zstd", "\x28\xB5\x2F\xFD", ErrorCode::kUnknownFormat, "zstd"},
        Row{"bzip2", "BZh9", ErrorCode::kUnknownFormat, "bzip2"},
        Row{"xz", "\xFD" "7zXZ\0"s, ErrorCode::kUnknownFormat, "xz"},
        Row{"zip", "PK\x03\x04", ErrorCode::kUnknownFormat, "zip archive"},
        Row{"PDF", "%PDF-1.7", ErrorCode::kUnknownFormat, "PDF"},
        Row{"white space alone", " \n\r\n", ErrorCode::kEmptyInput, "events is empty"},
        Row{"byte order mark alone", "\xEF\xBB\xBF", ErrorCode::kEmptyInput, "events is empty"}}) {
    const Result<DetectedFormat> format = detect_format("events", row.start);
    ASSERT_FALSE(format.ok()) << row.name;
    EXPECT_EQ(format.error().code, row.code) << row.name;
    EXPECT_TRUE(contains(format.error().message, row.message)) << row.name;
    EXPECT_EQ(format.error().where.file, "events") << row.name;
  }
}

}  // namespace
}  // namespace causal_sessions
