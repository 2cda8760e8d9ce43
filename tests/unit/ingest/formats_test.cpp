#include "ingest/formats.h"

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
    const char* format;
    std::size_t skip;
  };
  for (const Row& row :
       {Row{"CSV", "user,time\n", "csv", 0}, Row{"array", "[{}]", "json", 0}, Row{"object", "{\"a\":1}", "json", 0},
        Row{"space first", " \r\n\t[", "json", 0}, Row{"BOM and CSV", "\xEF\xBB\xBFuser", "csv", 3},
        Row{"two BOMs", "\xEF\xBB\xBF\xEF\xBB\xBFuser", "csv", 6},
        Row{"a header in angle brackets", "<TICKER>,<DATE>\nA,20250905\n", "csv", 0},
        Row{"a column ORCID", "ORCID,user\n0000-0001,u\n", "csv", 0},
        Row{"a zero byte far behind PARENT_ID", "PARENT_ID,user\n" + std::string(70'000, 'x') + '\0', "csv", 0},
        Row{"BOM and JSON", "\xEF\xBB\xBF {", "json", 3}, Row{"a quote", "\"user\",\"time\"", "csv", 0},
        Row{"ends inside a character", "u\xE6\x97", "csv", 0}}) {
    const Result<DetectedFormat> format = detect_format("f", row.start);
    ASSERT_TRUE(format.ok()) << row.name;
    EXPECT_EQ(format.value().format->name, row.format) << row.name;
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
        Row{"ORC without a zero byte", "ORC\x0A\x0B\x0A\x03ORC"s, ErrorCode::kUnknownFormat, "is an ORC file"},
        Row{"a login page", "\xEF\xBB\xBF\n<!DOCTYPE HTML>\n<title>Log in</title>", ErrorCode::kUnknownFormat,
            "events is an HTML page"},
        Row{"a page", "<HTML lang=de>", ErrorCode::kUnknownFormat, "is an HTML page"},
        Row{"XML", "<?xml version=\"1.0\"?>\n<log/>", ErrorCode::kUnknownFormat, "events is an XML file"},
        Row{"XML without its first line", "<log>\n<event>\n</event>", ErrorCode::kUnknownFormat, "is an XML file"},
        Row{"a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", ErrorCode::kUnknownFormat,
            "events is a Git LFS pointer"},
        Row{"a pickle", "\x80\x04\x95\x10\0\0"s, ErrorCode::kUnknownFormat, "events is a Python pickle"},
        Row{"an older pickle", "\x80\x03}q\0."s, ErrorCode::kUnknownFormat, "is a Python pickle"},
        Row{"Avro",
            "Obj\x01\x04\x14"
            "avro.codec"s,
            ErrorCode::kUnknownFormat, "is an Avro file"},
        Row{"lz4", "\x04\x22\x4D\x18\x64\x40\xA7\0"s, ErrorCode::kUnknownFormat, "compressed with lz4"},
        Row{"tar",
            "a.csv" + std::string(252, '\0') +
                "ustar\0"
                "00"s +
                std::string(300, '\0'),
            ErrorCode::kBadEncoding, "is a tar archive"},
        Row{"zeros in rows", "MZ" + std::string(200, '\0') + "text"s, ErrorCode::kBadEncoding,
            "byte 3 is zero; this is not a text file"},
        Row{"UTF-16 without a mark", "u\0s\0e\0r\0,\0"s, ErrorCode::kBadEncoding, "UTF-16"},
        Row{"UTF-32 little-endian", "\xFF\xFE\0\0u\0\0\0"s, ErrorCode::kBadEncoding, "UTF-32"},
        Row{"UTF-32 big-endian", "\0\0\xFE\xFF\0\0\0u"s, ErrorCode::kBadEncoding, "UTF-32"},
        Row{"a zero byte", "user,ti\0me\n"s, ErrorCode::kBadEncoding, "byte 8 is zero"},
        Row{"encrypted Parquet", "PARE\0\0"s, ErrorCode::kUnknownFormat, "encrypted Parquet"},
        Row{"gzip in gzip", "\x1F\x8B\x08", ErrorCode::kUnknownFormat, "gzip"},
        Row{"zstd in zstd", "\x28\xB5\x2F\xFD", ErrorCode::kUnknownFormat, "zstd"},
        Row{"bzip2", "BZh9", ErrorCode::kUnknownFormat, "bzip2"},
        Row{"xz",
            "\xFD"
            "7zXZ\0"s,
            ErrorCode::kUnknownFormat, "xz"},
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
