#include "report/manifest_json.h"

#include "formats/json/long_list.h"
#include "formats/json/notices.h"
#include "plan/keys.h"
#include "report/report_json.h"

namespace causal_sessions {
namespace {

// Of a path that was given, the name behind the last folder, of either system; a file that was found is named by its place.
std::string shown_name(const InputSummary& input) {
  return input.found ? input.name : input.name.substr(input.name.find_last_of("/\\") + 1);
}

Json hashed_json(const InputSummary& file, std::string_view sha256) {
  return Fields().text("name", shown_name(file)).count("bytes", file.bytes).text_or_null("sha256", sha256).done();
}

Json outputs_json(std::span<const ManifestOutput> outputs) {
  Json out = Json::array();
  for (const ManifestOutput& output : outputs) {
    out.push_back(Fields()
                      .text("path", output.path)
                      .text("format", output.format)
                      .count("bytes", output.bytes)
                      .text("sha256", output.sha256)
                      .done());
  }
  return out;
}

Json splits_json(const Run& run) {
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

Json ledger_json(const Run& run) {
  const EventBuilder& builder = run.builder();
  const Sessions& sessions = run.sessions;
  Fields fates;
  fates.count("created", sessions.created).count("tooShort", sessions.created - sessions.size());
  fates.count("eventsInTooShort", sessions.dropped_events).count("kept", sessions.size());
  return Fields()
      .count("read", builder.rows())
      .count("leftOut", builder.issues().total())
      .put("leftOutByReason", issue_counts_json(builder.issues()))
      .count("events", run.event_count)
      .put("sessions", fates.done())
      .put("splits", splits_json(run))
      .done();
}

// Of each other plan by which an effect was estimated on these events, what it had otherwise.
Json other_plans_json(const Run& run) {
  Json plans = Json::array();
  for (const Plan* plan : run.other_plans()) {
    Fields differing;
    for (auto& [key, value] : differing_settings(*plan, run.plan)) differing.put(std::string(key).c_str(), std::move(value[0]));
    plans.push_back(differing.done());
  }
  return plans;
}

}  // namespace

void write_manifest(const Run& run, const std::function<std::string(std::size_t)>& input_sha256,
                    std::span<const ManifestOutput> outputs, const std::function<void(std::string_view)>& put) {
  Fields out;
  out.put("engine", engine_json()).put("plan", plan_json(run.plan)).put("inputs", long_list_mark());
  out.put("rows", ledger_json(run)).put("notices", notices_json(run.notices)).put("outputs", outputs_json(outputs));
  out.put("otherPlans", other_plans_json(run));
  const EventReader& reader = run.reader();
  const auto input = [&](std::size_t i) { return hashed_json(reader.input(i), input_sha256(i)); };
  put_with_long_list(document_of(out.done()), "inputs", reader.inputs(), input, put);
}

std::string manifest_json(const Run& run, std::span<const std::string> input_sha256, std::span<const ManifestOutput> outputs) {
  std::string text;
  const auto known = [&](std::size_t i) { return i < input_sha256.size() ? input_sha256[i] : std::string(); };
  write_manifest(run, known, outputs, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace causal_sessions
