#include "steps/outputs.h"

#include <algorithm>

#include "audit/audit_json.h"
#include "report/dictionary.h"
#include "report/metadata_json.h"
#include "report/vocabulary_json.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

// A file of which a run has one.
struct Single {
  std::string_view format, path;
  bool asked;  // written only if it is named
  void (*write)(const Run& run, ByteSink& sink);
};

constexpr Single kSingles[] = {
    {"metadata", "data/processing_metadata.json", false, write_metadata_json},
    {"vocabulary", "models/vocab.json", false,
     [](const Run& run, ByteSink& sink) { write_vocabulary_json(run.vocabulary, sink); }},
    {kDictionaryFormat, "README.md", false, write_dictionary},
    {"audit", "audit.json", true, [](const Run& run, ByteSink& sink) { sink.put(audit_json(*run.audit)); }},
};

}  // namespace

std::vector<Output> outputs_in(std::span<const std::string_view> formats) {
  const auto asked = [&formats](std::string_view name) {
    return std::find(formats.begin(), formats.end(), name) != formats.end();
  };
  std::vector<Output> outputs;
  for (const TableFormat& format : kTableFormats) {
    if (!asked(format.name)) continue;
    for (std::size_t part = 0; part < kParts; ++part) {
      outputs.push_back({"data/" + std::string(kPartNames[part]) + "_sessions" + std::string(format.suffix),
                         std::string(format.name), static_cast<Part>(part)});
    }
  }
  for (const Single& single : kSingles) {
    if (!single.asked || asked(single.format))
      outputs.push_back({std::string(single.path), std::string(single.format), std::nullopt});
  }
  return outputs;
}

std::vector<Output> all_outputs() {
  std::vector<std::string_view> names;
  for (const TableFormat& format : kTableFormats) names.push_back(format.name);
  for (const Single& single : kSingles) names.push_back(single.format);
  return outputs_in(names);
}

std::optional<Output> find_output(std::string_view path) {
  for (Output& output : all_outputs()) {
    if (output.path == path) return std::move(output);
  }
  return std::nullopt;
}

Status check_output(const Run& run, const Output& output) {
  if (output.format == "audit" && !run.audited) {
    return Error{ErrorCode::kBadCall, "the run was started without an audit, so there is none to write", {}};
  }
  const TableFormat* format = find_table_format(output.format);
  if (!output.part || format == nullptr || format->check == nullptr) return {};
  return format->check(run.table, run.rows_of(*output.part), run.plan.write);
}

void write_output(const Run& run, const Output& output, ByteSink& sink) {
  if (output.part) {
    if (const TableFormat* format = find_table_format(output.format))
      format->write(run.table, run.rows_of(*output.part), run.plan.write, sink);
  } else {
    for (const Single& single : kSingles) {
      if (output.format == single.format) single.write(run, sink);
    }
  }
  sink.flush();
}

}  // namespace causal_sessions
