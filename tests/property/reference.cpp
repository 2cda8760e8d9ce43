#include "property/reference.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "property/reference_text.h"

namespace causal_sessions::reference {
namespace {

// --- NumPy's argsort ---------------------------------------------------------------------------

class Argsort {
 public:
  explicit Argsort(std::vector<std::int64_t> keys) : keys_(std::move(keys)) {
    for (std::size_t i = 0; i < keys_.size(); ++i) order_.push_back(i);
    int log2 = 0;
    while ((keys_.size() >> (log2 + 1)) != 0) ++log2;
    if (!keys_.empty()) sort(0, static_cast<long>(keys_.size()) - 1, 2 * log2);
  }
  [[nodiscard]] const std::vector<std::size_t>& order() const { return order_; }

 private:
  [[nodiscard]] std::int64_t key(long at) const { return keys_[order_[static_cast<std::size_t>(at)]]; }
  std::size_t& at(long position) { return order_[static_cast<std::size_t>(position)]; }
  void swap(long a, long b) { std::swap(at(a), at(b)); }

  // The depth is only looked at where a half is taken off the stack.
  void sort(long left, long right, int depth) {
    if (depth < 0) return heap_sort(left, right);
    while (right - left > 15) {
      const long pivot = partition(left, right);
      --depth;
      if (pivot - left < right - pivot) {
        sort(pivot + 1, right, depth);
        right = pivot - 1;
      } else {
        sort(left, pivot - 1, depth);
        left = pivot + 1;
      }
    }
    for (long i = left + 1; i <= right; ++i) {
      for (long j = i; j > left && key(j) < key(j - 1); --j) swap(j, j - 1);
    }
  }

  long partition(long left, long right) {
    const long middle = left + (right - left) / 2;
    if (key(middle) < key(left)) swap(middle, left);
    if (key(right) < key(middle)) swap(right, middle);
    if (key(middle) < key(left)) swap(middle, left);
    const std::int64_t pivot = key(middle);
    swap(middle, right - 1);
    long i = left, j = right - 1;
    while (true) {
      for (++i; key(i) < pivot; ++i) {
      }
      for (--j; pivot < key(j); --j) {
      }
      if (i >= j) break;
      swap(i, j);
    }
    swap(i, right - 1);
    return i;
  }

  void heap_sort(long left, long right) {
    std::vector<std::size_t> heap(1);  // from 1
    for (long i = left; i <= right; ++i) heap.push_back(at(i));
    const auto sift = [&](std::size_t i, std::size_t size) {
      const std::size_t moved = heap[i];
      for (std::size_t child = 2 * i; child <= size; child *= 2) {
        if (child < size && keys_[heap[child]] < keys_[heap[child + 1]]) ++child;
        if (keys_[moved] >= keys_[heap[child]]) break;
        heap[i] = heap[child];
        i = child;
      }
      heap[i] = moved;
    };
    std::size_t size = heap.size() - 1;
    for (std::size_t i = size / 2; i >= 1; --i) sift(i, size);
    while (size > 1) {
      std::swap(heap[1], heap[size]);
      // NumPy lets the last one sink from the top, which is what swapping and sifting does.
      sift(1, --size);
    }
    for (long i = left; i <= right; ++i) at(i) = heap[static_cast<std::size_t>(i - left) + 1];
  }

  std::vector<std::int64_t> keys_;
  std::vector<std::size_t> order_;
};

int type_id(const Plan& plan, const std::string& type) {
  const auto& types = plan.reading.events.types;
  return static_cast<int>(std::find(types.begin(), types.end(), type) - types.begin());
}

std::vector<Event> in_order(const Plan& plan, std::vector<Event> events) {
  if (plan.order.ties == TieRule::kNumpy) {
    std::vector<std::int64_t> times;
    for (const Event& event : events) times.push_back(event.time_us);
    const Argsort sorted(times);
    std::vector<Event> result;
    for (const std::size_t i : sorted.order()) result.push_back(events[i]);
    return result;
  }
  std::stable_sort(events.begin(), events.end(), [&](const Event& a, const Event& b) {
    if (a.time_us != b.time_us || plan.order.ties == TieRule::kInput) return a.time_us < b.time_us;
    return type_id(plan, a.type) < type_id(plan, b.type);
  });
  return events;
}

// --- NumPy's legacy generator ------------------------------------------------------------------

class Mt19937 {
 public:
  explicit Mt19937(std::uint32_t seed) {
    x_[0] = seed;
    for (std::uint32_t i = 1; i < 624; ++i) x_[i] = 1812433253u * (x_[i - 1] ^ x_[i - 1] >> 30) + i;
  }
  std::uint32_t draw() {
    if (next_ == 624) {
      for (std::size_t i = 0; i < 624; ++i) {
        const std::uint32_t y = (x_[i] & 0x80000000u) + (x_[(i + 1) % 624] & 0x7fffffffu);
        x_[i] = x_[(i + 397) % 624] ^ y / 2 ^ (y % 2 == 1 ? 0x9908b0dfu : 0);
      }
      next_ = 0;
    }
    std::uint32_t y = x_[next_++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
  }
  std::uint32_t up_to(std::uint32_t max) {
    std::uint32_t mask = 0;
    while (mask < max) mask = mask * 2 + 1;
    std::uint32_t value = draw() & mask;
    while (value > max) value = draw() & mask;
    return value;
  }

 private:
  std::array<std::uint32_t, 624> x_;
  std::size_t next_ = 624;
};

// --- the stages --------------------------------------------------------------------------------

struct Session {
  std::string id, user;
  std::vector<Event> events;
};

// pandas.Timedelta(hours=...): whole nanoseconds of the product, in this order.
std::int64_t pandas_us(double hours) { return static_cast<std::int64_t>(hours * 3600 * 1e9) / 1000; }

std::vector<Session> sessions_of(const Plan& plan, const std::vector<Event>& all) {
  std::vector<std::string> users;
  std::map<std::string, std::vector<Event>> events_of;
  for (const Event& event : all) {
    if (!events_of.contains(event.user)) users.push_back(event.user);
    events_of[event.user].push_back(event);
  }
  std::vector<Session> kept;
  for (const std::string& user : users) {
    std::vector<Session> sessions;
    std::int64_t last = 0, first = 0;
    for (const Event& event : in_order(plan, events_of[user])) {
      const bool silent = event.time_us - last > pandas_us(plan.session.max_gap.given);
      const bool too_long = plan.session.max_length && event.time_us - first > pandas_us(plan.session.max_length->given);
      if (sessions.empty() || silent || too_long) {
        sessions.push_back({user + "_" + std::to_string(sessions.size() + 1), user, {}});
        first = event.time_us;
      }
      sessions.back().events.push_back(event);
      last = event.time_us;
    }
    for (const Session& session : sessions) {
      if (session.events.size() >= plan.session.min_events) kept.push_back(session);
    }
  }
  return kept;
}

std::vector<std::string> shuffled_users(const Plan& plan, const std::vector<Session>& sessions) {
  std::vector<std::string> users;
  for (const Session& session : sessions) {
    if (std::find(users.begin(), users.end(), session.user) == users.end()) users.push_back(session.user);
  }
  Mt19937 random(plan.split.seed);
  for (std::size_t i = users.size(); i-- > 1;) std::swap(users[i], users[random.up_to(static_cast<std::uint32_t>(i))]);
  return users;
}

struct Words {
  std::map<std::string, std::string> token_of_type;
  std::vector<std::string> items;  // by id
  std::map<std::string, int> ids;
};

Words words_of(const Plan& plan, const std::vector<Session>& sessions, const std::set<std::string>& train_users) {
  Words words;
  words.items = {"[PAD]", "[AUCTION]", "[UNK]"};
  for (const auto& [type, token] : plan.reading.events.without_item) words.token_of_type[type] = token;
  for (const std::string& type : plan.reading.events.types) {
    const std::string token = words.token_of_type[type];
    if (!token.empty() && std::find(words.items.begin(), words.items.end(), token) == words.items.end()) {
      words.items.push_back(token);
    }
  }
  std::map<std::string, std::uint32_t> counts;  // sorted by bytes
  for (const Session& session : sessions) {
    if (plan.vocabulary.fit_on == FitOn::kTrain && !train_users.contains(session.user)) continue;
    for (const Event& event : session.events) {
      if (!event.item.empty()) ++counts[event.item];
    }
  }
  for (const auto& [item, count] : counts) {
    if (count >= plan.vocabulary.min_count) words.items.push_back(item);
  }
  for (std::size_t id = 0; id < words.items.size(); ++id) words.ids[words.items[id]] = static_cast<int>(id);
  return words;
}

int item_id(const Words& words, const Event& event) {
  if (const std::string token = words.token_of_type.at(event.type); !token.empty()) return words.ids.at(token);
  const auto found = words.ids.find(event.item);
  return event.item.empty() || found == words.ids.end() ? 2 : found->second;
}

struct Row {
  std::string json;
  bool treatment = false, outcome = false;
};

Row row_of(const Plan& plan, const Words& words, const Session& session, std::size_t index) {
  const std::vector<Event> events = in_order(plan, session.events);
  Row row;
  std::vector<Event> before;
  for (const Event& event : events) {
    if (event.type == plan.trial.treatment) row.treatment = true;
    if (event.type == plan.trial.outcome) row.outcome = true;
    if (!row.treatment) before.push_back(event);
  }
  if (before.empty()) before.push_back(events[0]);

  std::vector<std::string> tokens;
  for (const Event& event : before) {
    const std::int64_t us = event.time_us - events[0].time_us;
    // pandas: whole seconds and their fraction are added as doubles.
    const double seconds = static_cast<double>(us / 1'000'000) + static_cast<double>(us % 1'000'000) / 1e6;
    tokens.push_back("[" + std::to_string(type_id(plan, event.type)) + ", " + std::to_string(item_id(words, event)) + ", " +
                     float_text(seconds / 60.0) + "]");
  }
  while (!plan.sequence.padding.empty() && tokens.size() < plan.sequence.min_events) {
    const std::string token = words.token_of_type.at(plan.sequence.padding);
    tokens.push_back("[" + std::to_string(type_id(plan, plan.sequence.padding)) + ", " +
                     std::to_string(token.empty() ? 0 : words.ids.at(token)) + ", 0.0]");
  }
  if (tokens.size() > plan.sequence.max_events) {
    const auto max = static_cast<std::ptrdiff_t>(plan.sequence.max_events);
    if (plan.sequence.keep == KeepEvents::kLast) tokens.erase(tokens.begin(), tokens.end() - max);
    tokens.resize(plan.sequence.max_events);
  }

  std::string sequence;
  for (const std::string& token : tokens) sequence += (sequence.empty() ? "" : ", ") + token;
  row.json = "{\"index\": " + std::to_string(index) + ", \"session_id\": " + quoted(session.id, false) +
             ", \"user_id\": " + quoted(session.user, false) + ", \"sequence\": [" + sequence +
             "], \"sequence_length\": " + std::to_string(tokens.size()) + ", \"treatment\": " + (row.treatment ? "1" : "0") +
             ", \"outcome\": " + (row.outcome ? "1" : "0") + "}\n";
  return row;
}

std::string vocabulary_text(const Plan& plan, const Words& words) {
  const auto both = [](const std::vector<std::string>& names, const std::string& what) {
    std::string there, back;
    for (std::size_t id = 0; id < names.size(); ++id) {
      const std::string end = id + 1 < names.size() ? ",\n" : "\n";
      there += "    " + quoted(names[id], true) + ": " + std::to_string(id) + end;
      back += "    \"" + std::to_string(id) + "\": " + quoted(names[id], true) + end;
    }
    return "  \"" + what + "_to_int\": {\n" + there + "  },\n  \"int_to_" + what + "\": {\n" + back + "  }";
  };
  return "{\n" + both(plan.reading.events.types, "event") + ",\n" + both(words.items, "item") +
         ",\n  \"special_tokens\": {\n    \"pad\": \"[PAD]\",\n    \"auction\": \"[AUCTION]\",\n    \"unk\": \"[UNK]\"\n  }\n}";
}

struct Counts {
  std::set<std::string> users;
  int sessions = 0, treated = 0, outcomes = 0;
};

std::string metadata_text(const Plan& plan, const Words& words, const std::array<Counts, 3>& parts) {
  const double hours = plan.session.max_gap.given;
  std::string text = "{\n  \"session_gap_hours\": " +
                     (hours == std::floor(hours) ? std::to_string(static_cast<long long>(hours)) : float_text(hours)) +
                     ",\n  \"min_session_length\": " + std::to_string(plan.session.min_events) +
                     ",\n  \"max_session_length\": " + std::to_string(plan.sequence.max_events) +
                     ",\n  \"vocab_size\": {\n    \"events\": " + std::to_string(plan.reading.events.types.size()) +
                     ",\n    \"items\": " + std::to_string(words.items.size()) + "\n  },\n  \"data_splits\": {\n";
  const std::array<std::string, 3> names = {"train", "validation", "test"};
  for (std::size_t part = 0; part < 3; ++part) {
    const Counts& counts = parts[part];
    const auto rate = [&](int count) {
      return counts.sessions == 0 ? "null" : float_text(static_cast<double>(count) / counts.sessions);
    };
    text += "    \"" + names[part] + "\": {\n      \"sessions\": " + std::to_string(counts.sessions) +
            ",\n      \"users\": " + std::to_string(counts.users.size()) +
            ",\n      \"treatment_rate\": " + rate(counts.treated) + ",\n      \"outcome_rate\": " + rate(counts.outcomes) +
            "\n    }" + (part < 2 ? ",\n" : "\n");
  }
  return text + "  }\n}";
}

}  // namespace

Outputs run(const Plan& plan, const std::vector<Event>& events) {
  std::vector<Event> known;
  for (const Event& event : events) {
    if (type_id(plan, event.type) < static_cast<int>(plan.reading.events.types.size())) known.push_back(event);
  }
  const std::vector<Session> sessions = sessions_of(plan, known);
  const std::vector<std::string> users = shuffled_users(plan, sessions);
  const auto count = static_cast<double>(users.size());
  const int train_end = static_cast<int>(count * plan.split.train);
  const int validation_end = static_cast<int>(count * (plan.split.train + plan.split.validation));
  std::map<std::string, std::size_t> part_of;
  std::set<std::string> train_users;
  for (int i = 0; i < static_cast<int>(users.size()); ++i) {
    const std::string& user = users[static_cast<std::size_t>(i)];
    part_of[user] = i < train_end ? 0 : i < validation_end ? 1 : 2;
    if (part_of[user] == 0) train_users.insert(user);
  }
  const Words words = words_of(plan, sessions, train_users);
  std::array<std::string, 3> lines;
  std::array<Counts, 3> parts;
  for (std::size_t index = 0; index < sessions.size(); ++index) {
    const Session& session = sessions[index];
    const std::size_t part = part_of[session.user];
    const Row row = row_of(plan, words, session, index);
    lines[part] += row.json;
    parts[part].users.insert(session.user);
    ++parts[part].sessions;
    parts[part].treated += row.treatment;
    parts[part].outcomes += row.outcome;
  }
  return {lines[0], lines[1], lines[2], vocabulary_text(plan, words), metadata_text(plan, words, parts)};
}

}  // namespace causal_sessions::reference
