#include "write/manifest_json.h"

#include <nlohmann/json.hpp>

namespace causal_sessions {
namespace {

using nlohmann::ordered_json;

// The name behind the last folder, of either system.
std::string base_name(const std::string& path) { return path.substr(path.find_last_of("/\\") + 1); }

ordered_json inputs_json(const ManifestParts& parts) {
  ordered_json out = ordered_json::array();
  const std::vector<FileSummary>& files = parts.run.reader.files();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const bool known = i < parts.input_sha256.size() && !parts.input_sha256[i].empty();
    out.push_back({{"name", base_name(files[i].name)},
                   {"bytes", files[i].bytes},
                   {"sha256", known ? ordered_json(parts.input_sha256[i]) : ordered_json(nullptr)}});
  }
  return out;
}

ordered_json ledger_json(const ReportParts& run) {
  const EventBuilder& builder = run.reader.builder();
  const IssueSummary& issues = builder.issues();
  ordered_json by_reason = ordered_json::object();
  for (std::size_t reason = 0; reason < kIssueReasons; ++reason) {
    if (issues.rows[reason] != 0) by_reason[kIssueNames[reason]] = issues.rows[reason];
  }
  ordered_json splits;
  for (std::size_t part = 0; part < kParts; ++part) {
    const ArmCounts& counts = run.summary.parts[part];
    splits[kPartNames[part]] = {{"users", run.split.users[part]},
                                {"sessions", counts.sessions},
                                {"treated", counts.treated},
                                {"outcomes", counts.outcomes}};
  }
  const Sessions& sessions = run.sessions;
  return {{"read", builder.rows()},
          {"leftOut", issues.total()},
          {"leftOutByReason", by_reason},
          {"events", run.events},
          {"sessions", {{"created", sessions.created},
                        {"tooShort", sessions.created - sessions.size()},
                        {"eventsInTooShort", sessions.dropped_events},
                        {"kept", sessions.size()}}},
          {"splits", splits}};
}

}  // namespace

std::string write_manifest_json(const ManifestParts& parts) {
  ordered_json out;
  out["engine"] = {{"name", "causal-sessions"}, {"version", CAUSAL_SESSIONS_VERSION}};
  out["plan"] = plan_json(parts.run.plan);
  out["inputs"] = inputs_json(parts);
  out["rows"] = ledger_json(parts.run);
  out["outputs"] = ordered_json::array();
  for (const ManifestOutput& output : parts.outputs) {
    out["outputs"].push_back({{"path", output.path},
                              {"format", output.format},
                              {"bytes", output.bytes},
                              {"sha256", output.sha256}});
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace causal_sessions
