#include "look/session_list.h"

#include <algorithm>

#include "formats/json/fields.h"
#include "formats/json/parse.h"
#include "sequence/session_row.h"

namespace causal_sessions {
namespace {

// Finds rows by a text that their session's id contains. Rows of a user follow each other.
class IdSearch {
 public:
  IdSearch(const SequenceTable& table, std::string text) : table_(table), text_(std::move(text)) {}

  bool matches(std::uint32_t row) {
    if (text_.empty()) return true;
    if (user_ != table_.user[row]) {
      user_ = table_.user[row];
      of_user_ = table_.users[table_.user[row]].find(text_) != std::string_view::npos;
    }
    if (of_user_) return true;
    const char last = text_.back();  // beyond the user there are "_" and digits
    if (last != '_' && (last < '0' || last > '9')) return false;
    return session_id(table_, row, buffer_).find(text_) != std::string_view::npos;
  }

 private:
  const SequenceTable& table_;
  std::string text_, buffer_;
  std::optional<std::uint32_t> user_;
  bool of_user_ = false;
};

class SessionList {
 public:
  SessionList(const SequenceTable& table, const Split& split, const Json& query)
      : table_(table), split_(split), search_(table, query.value("text", std::string())), offset_(number(query, "offset", 0)),
        limit_(number(query, "limit", 50)), treatment_(wanted(query, "treatment")), outcome_(wanted(query, "outcome")) {
    const std::string part = query.value("part", std::string());
    for (std::size_t i = 0; i < kParts; ++i) {
      if (part == kPartNames[i]) part_ = static_cast<Part>(i);
    }
  }

  Json list() {
    if (part_) {
      for (const std::uint32_t row : split_.rows[static_cast<std::size_t>(*part_)]) visit(row);
    } else {
      for (std::uint32_t row = 0; row < table_.rows(); ++row) visit(row);
    }
    return Fields().count("total", total_).put("sessions", std::move(sessions_)).done();
  }

 private:
  static std::uint64_t number(const Json& query, const char* key, std::uint64_t otherwise) {
    return query.contains(key) ? query[key].get<std::uint64_t>() : otherwise;
  }
  static std::optional<std::uint8_t> wanted(const Json& query, const char* key) {
    if (!query.contains(key)) return std::nullopt;
    return static_cast<std::uint8_t>(number(query, key, 0));
  }

  void visit(std::uint32_t row) {
    if ((treatment_ && *treatment_ != table_.treatment[row]) || (outcome_ && *outcome_ != table_.outcome[row])) return;
    if (!search_.matches(row)) return;
    if (total_ >= offset_ && total_ - offset_ < limit_) add(row);
    ++total_;
  }

  void add(std::uint32_t row) {
    sessions_.push_back(Fields()
                            .count("row", row)
                            .text("session", session_id(table_, row, buffer_))
                            .text("user", table_.users[table_.user[row]])
                            .text_or_null("part", part_name(split_, row))
                            .count("length", table_.length(row))
                            .count("treatment", table_.treatment[row])
                            .count("outcome", table_.outcome[row])
                            .put("startUs", table_.start_us[row])
                            .put("timeZeroUs", table_.has_time_zero() ? Json(table_.time_zero_us[row]) : Json())
                            .done());
  }

  const SequenceTable& table_;
  const Split& split_;
  IdSearch search_;
  std::uint64_t offset_, limit_, total_ = 0;
  std::optional<std::uint8_t> treatment_, outcome_;
  std::optional<Part> part_;
  Json sessions_ = Json::array();
  std::string buffer_;
};

}  // namespace

std::string_view part_name(const Split& split, std::uint32_t row) {
  for (std::size_t part = 0; part < kParts; ++part) {
    if (std::binary_search(split.rows[part].begin(), split.rows[part].end(), row)) return kPartNames[part];
  }
  return {};
}

std::string list_sessions_json(const Run& run, std::string_view query) {
  return SessionList(run.table, run.split, parse_json_value(query)).list().dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace causal_sessions
