// The report of prepare as people read it on a terminal; the same lines as the command in Node prints.
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/text.h"

namespace causal_sessions {
namespace {

using nlohmann::ordered_json;

std::string joined(const Lines& texts) {
  std::string line;
  for (const std::string& text : texts) line += (line.empty() ? "" : ", ") + text;
  return line;
}

void add_input(const ordered_json& input, Lines& out) {
  for (const ordered_json& file : input["files"]) {
    Lines columns;
    for (const auto& [role, name] : file["columns"].items()) {
      columns.push_back(role + " = " + (name.is_null() ? "none" : name.is_string() ? name.get<std::string>() : name.dump()));
    }
    out.push_back(file["name"].get<std::string>() + ": " + file["format"].get<std::string>() + ", " + count(file["rows"]) + " rows (" +
                  joined(columns) + ")");
  }
  const ordered_json &time = input["time"], &issues = input["issues"];
  out.push_back(count(input["events"]) + " events of " + count(input["users"]) + " users, " + text_of(time["first"]) + " to " +
                text_of(time["last"]));
  if (issues["rows"] == 0) return;
  Lines reasons;
  for (const auto& [reason, rows] : issues["byReason"].items()) reasons.push_back(reason + " " + count(rows));
  out.push_back(count(issues["rows"]) + " rows left out: " + joined(reasons));
  for (const ordered_json& issue : issues["first"]) {
    const std::string text = issue["text"].is_string() ? issue["text"].get<std::string>() : "";
    out.push_back("  row " + count(issue["row"]) + (issue["line"].is_null() ? "" : " (line " + count(issue["line"]) + ")") + ": " +
                  issue["reason"].get<std::string>() + (text.empty() ? "" : " " + issue["text"].dump()));
  }
}

void add_splits(const ordered_json& report, bool is_session, Lines& out) {
  std::vector<Lines> rows = {
      {"", is_session ? "sessions" : "rows", "users", "treated", "outcome", "control Y", "treated Y", "naive lift"}};
  for (const auto& [name, arms] : report["splits"].items()) {
    rows.push_back({name, count(arms["sessions"]), count(arms["users"]), share(arms["treatmentRate"]), share(arms["outcomeRate"]),
                    share(arms["controlOutcomeRate"]), share(arms["treatedOutcomeRate"]), share(arms["naiveLift"])});
  }
  std::vector<std::size_t> widths(rows[0].size());
  for (const Lines& cells : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  for (const Lines& cells : rows) {
    std::string line = cells[0] + std::string(widths[0] - cells[0].size(), ' ');
    for (std::size_t i = 1; i < cells.size(); ++i) line += "  " + std::string(widths[i] - cells[i].size(), ' ') + cells[i];
    out.push_back(line);
  }
  out.emplace_back("The naive lift compares who chose the treatment with who did not; it is not a causal effect.");
}

void add_samples(const ordered_json& samples, Lines& out) {
  for (const ordered_json& sample : samples) {
    const auto length = sample["length"].get<std::size_t>();
    out.push_back("Session " + sample["sessionId"].get<std::string>() + ": T = " + sample["treatment"].dump() + ", Y = " +
                  sample["outcome"].dump() + ", " + count(length) + " tokens");
    std::size_t shown = 0;
    for (const ordered_json& event : sample["events"]) {
      out.push_back("  " + std::to_string(++shown) + ". " + event["type"].get<std::string>() + " (item " + event["itemId"].dump() + ", " +
                    fixed(event["minutes"].get<double>(), 1) + " min)");
    }
    if (length > shown) out.push_back("  ... " + count(length - shown) + " more");
    out.emplace_back();
  }
}

}  // namespace

std::string notice_text(const ordered_json& notice) {
  auto text = notice["message"].get<std::string>();
  const std::string key = notice["key"].is_null() ? "" : notice["key"].get<std::string>();
  return text.find(key) != text.npos ? text : text + " (" + key + ")";
}

void print_notices(const ordered_json& notices) {
  std::fflush(stdout);
  for (const ordered_json& notice : notices) std::fprintf(stderr, "causal-sessions: notice: %s\n", printable(notice_text(notice)).c_str());
}

void print_report(const ordered_json& report, const std::string& folder, const std::vector<WrittenFile>& outputs) {
  const ordered_json &plan = report["plan"], &sessions = report["sessions"], &all = report["all"], &lengths = report["sequenceLength"];
  const auto kind = plan["index"]["kind"].get<std::string>();
  Lines out;
  add_input(report["input"], out);
  out.push_back(count(sessions["created"]) + " sessions, " + count(sessions["kept"]) + " kept, " + count(sessions["tooShort"]) +
                " too short");
  if (kind != "session") out.push_back(count(report["trials"]["rows"]) + " rows with a time zero (" + kind + ")");
  out.push_back("Vocabulary: " + count(report["vocabulary"]["events"]) + " event types, " + count(report["vocabulary"]["items"]) + " items");
  out.push_back("Treated (" + plan["treatment"]["type"].get<std::string>() + "): " + share(all["treatmentRate"]) + "; outcome (" +
                plan["outcome"]["type"].get<std::string>() + "): " + share(all["outcomeRate"]));
  if (!lengths.is_null()) {
    const auto tenths = [&lengths](const char* key) { return fixed(lengths[key].get<double>(), 1); };
    out.push_back("Sequence length: mean " + tenths("mean") + ", median " + tenths("median") + ", min " + lengths["min"].dump() +
                  ", max " + lengths["max"].dump() + ", 95th percentile " + tenths("p95"));
  }
  out.emplace_back();
  add_splits(report, kind == "session", out);
  out.emplace_back();
  add_samples(report["samples"], out);
  for (const WrittenFile& file : outputs) out.push_back(folder + "/" + file.path + "  " + count(file.bytes) + " bytes");
  for (const std::string& line : out) std::printf("%s\n", printable(line).c_str());
}

}  // namespace causal_sessions
