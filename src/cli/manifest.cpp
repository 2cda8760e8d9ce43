#include "cli/manifest.h"

#include <utility>

#include "formats/json/parse.h"

namespace causal_sessions {
namespace {

using nlohmann::ordered_json;

std::string text_at(const ordered_json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// False if an entry is not what manifest_json() writes.
bool read_entries(const ordered_json& manifest, const char* list, const char* name_key, std::vector<ManifestFile>& entries) {
  const auto found = manifest.find(list);
  if (found == manifest.end() || !found->is_array()) return false;
  for (const ordered_json& entry : *found) {
    if (!entry.is_object()) return false;
    const auto bytes = entry.find("bytes");
    if (bytes == entry.end() || !bytes->is_number_unsigned()) return false;
    entries.push_back(
        {text_at(entry, name_key), text_at(entry, "format"), text_at(entry, "sha256"), bytes->get<std::uint64_t>()});
    if (entries.back().name.empty()) return false;
  }
  return true;
}

}  // namespace

std::optional<Manifest> read_manifest(std::string_view text) {
  const ordered_json json = parse_json_value(text);
  Manifest manifest;
  const bool usable = json.is_object() && json.contains("engine") && json["engine"].is_object() && json.contains("plan") &&
                      json.contains("rows") && json["rows"].is_object() &&
                      read_entries(json, "inputs", "name", manifest.inputs) &&
                      read_entries(json, "outputs", "path", manifest.outputs);
  if (!usable) return std::nullopt;
  manifest.engine_version = text_at(json["engine"], "version");
  manifest.rows = json["rows"];
  manifest.plan = json["plan"].dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return manifest;
}

}  // namespace causal_sessions
