#include "report/manifest_json.h"

#include "report/notices_json.h"

namespace causal_sessions {
namespace {

// The name behind the last folder, of either system.
std::string base_name(const std::string& path) { return path.substr(path.find_last_of("/\\") + 1); }

Json inputs_json(const ManifestParts& parts) {
  Json out = Json::array();
  const std::vector<FileSummary>& files = parts.run.reader.files();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string sha256 = i < parts.input_sha256.size() ? parts.input_sha256[i] : "";
    out.push_back(Fields()
                      .text("name", base_name(files[i].name))
                      .count("bytes", files[i].bytes)
                      .text_or_null("sha256", sha256)
                      .done());
  }
  return out;
}

Json outputs_json(const ManifestParts& parts) {
  Json out = Json::array();
  for (const ManifestOutput& output : parts.outputs) {
    out.push_back(Fields()
                      .text("path", output.path)
                      .text("format", output.format)
                      .count("bytes", output.bytes)
                      .text("sha256", output.sha256)
                      .done());
  }
  return out;
}

Json splits_json(const ReportParts& run) {
  Fields out;
  for (std::size_t part = 0; part < kParts; ++part) {
    const ArmCounts& counts = run.summary.parts[part];
    out.put(kPartNames[part], Fields()
                                  .count("users", run.split.users[part])
                                  .count("sessions", counts.sessions)
                                  .count("treated", counts.treated)
                                  .count("outcomes", counts.outcomes)
                                  .done());
  }
  return out.done();
}

Json ledger_json(const ReportParts& run) {
  const EventBuilder& builder = run.reader.builder();
  const Sessions& sessions = run.sessions;
  Fields fates;
  fates.count("created", sessions.created).count("tooShort", sessions.created - sessions.size());
  fates.count("eventsInTooShort", sessions.dropped_events).count("kept", sessions.size());
  return Fields()
      .count("read", builder.rows())
      .count("leftOut", builder.issues().total())
      .put("leftOutByReason", issue_counts_json(builder.issues()))
      .count("events", run.events)
      .put("sessions", fates.done())
      .put("splits", splits_json(run))
      .done();
}

}  // namespace

std::string write_manifest_json(const ManifestParts& parts) {
  Fields out;
  out.put("engine", engine_json()).put("plan", plan_json(parts.run.plan)).put("inputs", inputs_json(parts));
  out.put("rows", ledger_json(parts.run)).put("notices", notices_json(parts.run.notices)).put("outputs", outputs_json(parts));
  return out.done().dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace causal_sessions
