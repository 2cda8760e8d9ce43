// What the core's values are in JavaScript.
//
// A failure crosses as {code, message, where}; success as null or the value. Arrays cross as owned typed arrays, one
// copy, never as views into the heap.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <emscripten/val.h>

#include "core/result.h"
#include "ingest/file_reader.h"
#include "report/manifest_json.h"
#include "split/split.h"
#include "write/split_columns.h"

namespace causal_sessions {

using emscripten::typed_memory_view;
using emscripten::val;

inline val to_js(const Error& error) {
  val where = val::object();
  if (!error.where.file.empty()) where.set("file", error.where.file);
  if (error.where.row) where.set("row", static_cast<double>(*error.where.row));
  if (error.where.line) where.set("line", static_cast<double>(*error.where.line));
  if (!error.where.column.empty()) where.set("column", error.where.column);
  val out = val::object();
  out.set("code", std::string(code_name(error.code)));
  out.set("message", error.message);
  out.set("where", where);
  return out;
}

inline val to_js(const Status& status) { return status.ok() ? val::null() : to_js(status.error()); }

template <class T>
inline val copy_array(const char* type, const std::vector<T>& values) {
  return val::global(type).new_(typed_memory_view(values.size(), values.data()));
}

inline val copy_named(const std::vector<SplitColumns::Further>& columns) {
  val out = val::object();
  for (const auto& [name, values] : columns) out.set(std::string(name), copy_array("Float64Array", values));
  return out;
}

inline val copy_bytes(std::span<const std::uint8_t> bytes) {
  return val::global("Uint8Array").new_(typed_memory_view(bytes.size(), bytes.data()));
}

inline val copy_bytes(std::span<const char> bytes) {
  return copy_bytes(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

inline std::optional<Part> part_named(const std::string& name) {
  for (std::size_t part = 0; part < kParts; ++part) {
    if (name == kPartNames[part]) return static_cast<Part>(part);
  }
  return std::nullopt;
}

// {offset, size} or null.
inline val to_js(const std::optional<ByteRange>& range) {
  if (!range) return val::null();
  val out = val::object();
  out.set("offset", static_cast<double>(range->offset));
  out.set("size", range->size);
  return out;
}

inline std::optional<std::uint64_t> size_of(const val& size) {
  if (size.isNull()) return std::nullopt;
  return static_cast<std::uint64_t>(size.as<double>());
}

// From {path, format, bytes, sha256} of each; the two texts may be missing.
inline std::vector<ManifestOutput> outputs_of(const val& outputs) {
  const auto text = [](const val& value) { return value.isUndefined() ? std::string() : value.as<std::string>(); };
  std::vector<ManifestOutput> out;
  for (const val& output : emscripten::vecFromJSArray<val>(outputs)) {
    out.push_back({output["path"].as<std::string>(), text(output["format"]),
                   static_cast<std::uint64_t>(output["bytes"].as<double>()), text(output["sha256"])});
  }
  return out;
}

// {[name]: text} or {error}.
inline val answer(const char* name, const Result<std::string>& text) {
  val out = val::object();
  if (text.ok()) {
    out.set(name, text.value());
  } else {
    out.set("error", to_js(text.error()));
  }
  return out;
}

}  // namespace causal_sessions
