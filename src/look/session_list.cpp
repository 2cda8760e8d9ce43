#include "look/session_list.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "core/small_sort.h"
#include "formats/json/fields.h"
#include "formats/json/parse.h"
#include "look/finding_rows.h"
#include "sequence/session_row.h"

namespace causal_sessions {
namespace {

bool has_row(const Split& split, std::size_t part, std::uint32_t row) {
  return std::binary_search(split.rows[part].begin(), split.rows[part].end(), row);
}

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

// A row, and what it is sorted by; of an id the first bytes.
struct Place {
  std::uint64_t key = 0;
  std::uint32_t row = 0;
};

// By a column of the list, or not at all. Rows that are alike stay in the table's order.
class Order {
 public:
  Order(const SequenceTable& table, const Split& split, std::string_view column, bool descending)
      : table_(table), split_(split), descending_(descending) {
    constexpr std::string_view kColumns[] = {"session", "part", "treatment", "outcome", "length", "time"};
    for (std::size_t i = 0; i < std::size(kColumns); ++i) {
      if (kColumns[i] == column) by_ = static_cast<By>(i);
    }
  }

  [[nodiscard]] bool is_wanted() const { return by_ != kNothing; }

  [[nodiscard]] std::uint64_t key(std::uint32_t row) const {
    std::uint64_t key = 0;
    switch (by_) {
      case kSession: {
        const std::string_view user = table_.users[table_.user[row]];
        for (std::size_t i = 0; i < sizeof key; ++i)
          key = key << 8 | (i < user.size() ? static_cast<unsigned char>(user[i]) : 0u);
        return key;
      }
      case kPart:
        while (key < kParts && !has_row(split_, key, row)) ++key;
        return key;
      case kTreatment: return table_.treatment[row];
      case kOutcome: return table_.outcome[row];
      case kLength: return table_.length(row);
      default:
        return static_cast<std::uint64_t>(table_.has_time_zero() ? table_.time_zero_us[row] : table_.start_us[row]) ^ 1ull << 63;
    }
  }

  bool operator()(const Place& a, const Place& b) const {
    int order = (a.key > b.key) - (a.key < b.key);
    if (order == 0 && by_ == kSession) {
      const auto one = table_.number[a.row], other = table_.number[b.row];
      order = table_.users[table_.user[a.row]].compare(table_.users[table_.user[b.row]]);
      if (order == 0) order = (one > other) - (one < other);
    }
    if (order == 0) return a.row < b.row;
    return descending_ ? order > 0 : order < 0;
  }

 private:
  enum By : std::uint8_t { kSession, kPart, kTreatment, kOutcome, kLength, kTime, kNothing };

  const SequenceTable& table_;
  const Split& split_;
  const bool descending_;
  By by_ = kNothing;
};

class SessionList {
 public:
  SessionList(const Run& run, const Json& query)
      : table_(run.table), split_(run.split), search_(table_, query.value("text", std::string())),
        order_(table_, split_, query.value("sort", std::string()), query.value("descending", false)),
        offset_(number(query, "offset", 0)), limit_(number(query, "limit", 50)), treatment_(wanted(query, "treatment")),
        outcome_(wanted(query, "outcome")) {
    const std::string part = query.value("part", std::string());
    for (std::size_t i = 0; i < kParts; ++i) {
      if (part == kPartNames[i]) part_ = static_cast<Part>(i);
    }
    if (query.contains("finding")) finding_.emplace(run, query["finding"].get<std::string>());
  }

  Json list() {
    if (part_) {
      for (const std::uint32_t row : split_.rows[static_cast<std::size_t>(*part_)]) visit(row);
    } else {
      for (std::uint32_t row = 0; row < table_.rows(); ++row) visit(row);
    }
    small_sort(found_.begin(), found_.end(), order_);
    for (std::uint64_t at = offset_; at < found_.size() && at - offset_ < limit_; ++at) add(found_[at].row);
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
    if (!search_.matches(row) || (finding_ && !finding_->shows(row))) return;
    if (order_.is_wanted()) {
      found_.push_back({order_.key(row), row});
    } else if (total_ >= offset_ && total_ - offset_ < limit_) {
      add(row);
    }
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
  const Order order_;
  std::optional<FindingRows> finding_;
  std::vector<Place> found_;  // where they are sorted
  std::uint64_t offset_, limit_, total_ = 0;
  std::optional<std::uint8_t> treatment_, outcome_;
  std::optional<Part> part_;
  Json sessions_ = Json::array();
  std::string buffer_;
};

}  // namespace

std::string_view part_name(const Split& split, std::uint32_t row) {
  for (std::size_t part = 0; part < kParts; ++part) {
    if (has_row(split, part, row)) return kPartNames[part];
  }
  return {};
}

std::string list_sessions_json(const Run& run, std::string_view query) {
  return SessionList(run, parse_json_value(query)).list().dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace causal_sessions
