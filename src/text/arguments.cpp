#include "text/arguments.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "text/lines.h"

namespace causal_sessions {
namespace {

constexpr std::size_t kAny = SIZE_MAX;

// Lists of words are texts, with a space before and behind each word.
struct Command {
  std::string_view name, options;
  std::size_t least_files, most_files;
  std::string_view files_rule;       // what is said of fewer or more
  std::string_view place_rule = {};  // what is said without --out, where it is needed
};

constexpr Command kCommands[] = {
    {"prepare", " out plan preset profile set format no-manifest report report-counts threads memory json quiet ", 1, kAny,
     "prepare needs at least one FILE", "prepare: missing --out DIR (where to write)"},
    {"partial", " out plan preset profile set part name threads memory json quiet ", 1, kAny, "partial needs at least one FILE",
     "partial: missing --out FILE (where to write; - is standard output)"},
    {"merge", " out plan set format no-manifest report report-counts threads memory json quiet ", 1, kAny,
     "merge needs at least one part", "merge: missing --out DIR (where to write)"},
    {"audit", " plan preset profile set against blind report report-counts threads memory json quiet ", 1, kAny,
     "audit needs at least one FILE"},
    {"estimate", " table treatment outcome user propensity covariates plan preset profile set threads memory json quiet ", 1,
     kAny, "estimate needs at least one FILE"},
    {"verify", " inputs memory json quiet ", 1, kAny, "verify needs a MANIFEST"},
    {"inspect", " plan preset profile set rows json ", 1, 1, "inspect needs one FILE"},
    {"plan", " plan preset profile set json help ", 0, 0, "plan takes no FILE; give the plan with --plan"},
    {"simulate",
     " out events users items days effect confounding pace linger impulse hidden overlap carryover varying coarse-clock late "
     "seed "
     "draws no-truth json quiet ",
     0, 0, "simulate takes no FILE", "simulate: missing --out FILE (where to write; - is standard output)"},
};

constexpr std::string_view kFlags = " json quiet blind no-manifest no-truth table help ";
// Of estimate, where it is of a table.
constexpr std::string_view kOfTable[] = {"treatment", "outcome", "user", "propensity", "covariates"};

bool lists(std::string_view words, std::string_view word) {
  return word.find(' ') == word.npos && words.find(filled(" {} ", {std::string(word)})) != words.npos;
}

// Options that take a whole number; those of simulate are checked where their limits stand.
struct Number {
  std::string_view option;
  std::size_t digits;
  unsigned least, most;
  std::string_view rule;
};
constexpr Number kNumbers[] = {{"threads", 3, 1, 256, "it must be a whole number from 1 to 256"},
                               {"rows", 4, 0, 9999, "it must be a whole number up to 9999"}};

template <class List>
bool holds(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Nothing of what is no number, or has more digits.
std::optional<unsigned> whole(std::string_view text, std::size_t most_digits) {
  if (text.empty() || text.size() > most_digits) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + static_cast<unsigned>(c - '0');
  }
  return value;
}

Error wrong_use(std::string sentence) { return Error{ErrorCode::kBadCall, std::move(sentence), {}}; }

Status check(const Arguments& arguments, const Command& command) {
  const bool asks_help = arguments.has("help");  // of plan, for a key
  if (asks_help && arguments.files.size() > 1) return wrong_use("plan --help takes one KEY");
  if (!asks_help && (arguments.files.size() < command.least_files || arguments.files.size() > command.most_files)) {
    return wrong_use(std::string(command.files_rule));
  }
  if (!command.place_rule.empty() && arguments.at("out").empty()) return wrong_use(std::string(command.place_rule));
  const auto streams = std::count(arguments.files.begin(), arguments.files.end(), "-") + (arguments.at("plan") == "-" ? 1 : 0) +
                       (arguments.at("against") == "-" ? 1 : 0);
  if (streams > 1) return wrong_use("standard input, which - stands for, can be read once; give the other one as a file");
  if (arguments.has("report") && (arguments.at("report").empty() || arguments.at("report") == "-"))
    return wrong_use("--report needs a FILE to write the report to");
  if (arguments.has("report") && arguments.has("against")) return wrong_use("--report tells of one plan; leave --against out");
  if (arguments.has("blind") && (arguments.has("report") || arguments.has("against")))
    return wrong_use("--blind looks at no outcome; leave --report and --against out, which show them");
  if (arguments.has("report-counts") && (!arguments.has("report") || arguments.at("report-counts") != "exact"))
    return wrong_use("--report-counts goes with --report FILE, and takes exact");
  for (const std::string_view option : kOfTable) {
    if (!arguments.has(option)) continue;
    if (!arguments.has("table"))
      return wrong_use(filled("--{} names a column of a table; it goes with --table", {std::string(option)}));
    if (arguments.at(option).empty()) return wrong_use(filled("--{} needs the name of a column", {std::string(option)}));
  }
  for (const Number& number : kNumbers) {
    const std::string option(number.option), text = arguments.at(option);
    if (!arguments.has(option)) continue;
    const std::optional<unsigned> value = whole(text, number.digits);
    if (!value || *value < number.least || *value > number.most) {
      return wrong_use("--" + option + " is " + text + "; " + std::string(number.rule));
    }
  }
  if (arguments.has("part") && arguments.share().second == 0) {
    return wrong_use("--part is " + arguments.at("part") + "; it must be a part and of how many, as 3/64, up to 9999");
  }
  if (arguments.has("name") && (arguments.at("name").empty() || !holds(arguments.files, "-")))
    return wrong_use("--name says what standard input is called, which - stands for");
  if (arguments.has("memory") && !arguments.memory()) {
    return wrong_use("--memory is " + arguments.at("memory") + "; it must be a whole number with M or G, from 16M on, as 2G");
  }
  return {};
}

}  // namespace

const std::string* Arguments::find(std::string_view option) const {
  const auto found =
      std::find_if(options.rbegin(), options.rend(), [option](const auto& given) { return given.first == option; });
  return found == options.rend() ? nullptr : &found->second;
}

unsigned Arguments::number(std::string_view option, unsigned otherwise) const {
  return has(option) ? whole(*find(option), 9).value_or(otherwise) : otherwise;
}

std::pair<unsigned, unsigned> Arguments::share() const {
  const std::string text = at("part");
  const std::size_t slash = std::min(text.find('/'), text.size());
  const unsigned number = whole(text.substr(0, slash), 4).value_or(0);
  const unsigned of = whole(text.substr(std::min(slash + 1, text.size())), 4).value_or(0);
  return number == 0 || number > of ? std::pair(0U, 0U) : std::pair(number, of);
}

std::optional<std::uint64_t> Arguments::memory() const {
  std::string text = at("memory");
  if (text.size() > 1 && text.back() == 'B') text.pop_back();
  const char unit = text.empty() ? ' ' : text.back();
  if (unit != 'M' && unit != 'G') return std::nullopt;
  text.pop_back();
  const std::optional<unsigned> value = whole(text, 6);
  if (!value) return std::nullopt;
  const std::uint64_t bytes = std::uint64_t{*value} * (unit == 'M' ? 1'000'000 : 1'000'000'000);
  return bytes < 16'000'000 ? std::nullopt : std::optional(bytes);
}

Result<Arguments> read_arguments(std::span<const std::string> words) {
  Arguments arguments;
  const auto options = words.first(static_cast<std::size_t>(std::find(words.begin(), words.end(), "--") - words.begin()));
  if (holds(options, "--version")) {
    arguments.command = "version";
    return arguments;
  }
  // Of plan it is help of the plan's keys.
  if (words.empty() || (words.front() != "plan" && (holds(options, "--help") || holds(options, "-h")))) {
    arguments.command = "help";
    return arguments;
  }
  std::vector<std::string> names;  // of the options, to be compared with the command's
  bool ended = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i] == "-h" ? "--help" : words[i];
    if (ended || word.size() < 2 || word.front() != '-') {
      arguments.files.push_back(std::move(word));
      continue;
    }
    if (word == "--") {
      ended = true;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string shown = word.substr(0, equals);
    names.push_back(shown);
    if (!shown.starts_with("--")) continue;
    const std::string name = shown.substr(2);
    std::string value;
    if (lists(kFlags, name)) {
      if (equals != word.npos) return wrong_use(shown + " takes no value");
    } else if (equals != word.npos) {
      value = word.substr(equals + 1);
    } else if (i + 1 < words.size() && !words[i + 1].starts_with("--")) {
      value = words[++i];
    } else {
      const auto knows = [&name](const Command& command) { return lists(command.options, name); };
      const std::string advice =
          i + 1 == words.size() ? "" : filled("; one that begins with -- stands behind =, as in {}={}", {shown, words[i + 1]});
      if (std::any_of(std::begin(kCommands), std::end(kCommands), knows)) return wrong_use(shown + " needs a value" + advice);
    }
    if (name == "set") {
      arguments.settings.push_back(std::move(value));
    } else {
      arguments.options.emplace_back(name, std::move(value));
    }
  }
  // Under what the settings say.
  if (arguments.has("preset")) arguments.settings.insert(arguments.settings.begin(), "preset=" + arguments.at("preset"));
  if (arguments.files.empty()) return wrong_use("a command is missing");
  arguments.command = arguments.files.front();
  arguments.files.erase(arguments.files.begin());
  std::string known;
  for (const Command& command : kCommands) {
    if (command.name == arguments.command) {
      for (const std::string& name : names) {
        if (!name.starts_with("--") || !lists(command.options, std::string_view(name).substr(2)))
          return wrong_use(arguments.command + " has no option " + name);
      }
      if (Status status = check(arguments, command); !status.ok()) return status.error();
      return arguments;
    }
    known.append(known.empty() ? "" : ", ").append(command.name);
  }
  return wrong_use("there is no command \"" + arguments.command + "\"; there are " + known);
}

std::vector<std::pair<std::string, std::string>> simulation_of(const Arguments& arguments) {
  constexpr std::string_view kOwn = " out no-truth json quiet ";
  std::vector<std::pair<std::string, std::string>> named;
  for (const auto& [option, text] : arguments.options) {
    if (lists(kOwn, option)) continue;
    named.emplace_back(option == "coarse-clock" ? "coarseClock" : option == "late" ? "lateShare" : option, arguments.at(option));
  }
  return named;
}

int exit_code_of(std::string_view code) {
  if (code == "stopped") return 130;
  return lists(" wrongUse badPlan badFormat badCall ", code) ? 2 : 1;
}

std::string refusal_text(std::string_view code, std::string_view message) {
  std::string text = "causal-sessions: " + (code == "stopped" ? "stopped; nothing was written." : printable(message)) + "\n";
  if (code == "wrongUse") text += "Try: causal-sessions --help\n";
  return text;
}

}  // namespace causal_sessions
