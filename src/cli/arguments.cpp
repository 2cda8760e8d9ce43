// The words of the command line, the same as the command in Node takes.
#include <algorithm>
#include <array>
#include <string_view>

#include "cli/command.h"

namespace causal_sessions {
namespace {

const std::map<std::string, std::vector<std::string>> kOptions = {
    {"prepare", {"--out", "--plan", "--profile", "--set", "--format", "--no-manifest", "--threads", "--json", "--quiet"}},
    {"audit", {"--plan", "--profile", "--set", "--threads", "--json", "--quiet"}},
    {"verify", {"--inputs", "--json", "--quiet"}},
    {"inspect", {"--plan", "--profile", "--set", "--rows", "--json"}},
    {"plan", {"--plan", "--profile", "--set", "--json", "--help"}},
    {"simulate",
     {"--out", "--events", "--users", "--items", "--days", "--effect", "--confounding", "--pace", "--linger", "--impulse", "--hidden",
      "--overlap", "--carryover", "--varying", "--coarse-clock", "--late", "--seed", "--draws", "--no-truth",
      "--json", "--quiet"}}};
constexpr std::array<std::string_view, 5> kFlags = {"--json", "--quiet", "--no-manifest", "--no-truth", "--help"};

}  // namespace

std::optional<Failure> parse_arguments(int argc, char** argv, Arguments& arguments) {
  if (argc < 2) return wrong_use("a command is missing");
  arguments.command = argv[1];
  const auto known = kOptions.find(arguments.command);
  if (known == kOptions.end()) {
    return wrong_use("there is no command \"" + arguments.command + "\"; there are prepare, audit, verify, inspect, plan, simulate");
  }
  for (int i = 2; i < argc; ++i) {
    std::string word = argv[i];
    if (word == "-h") word = "--help";
    if (!word.starts_with("--")) {
      arguments.files.push_back(word);
      continue;
    }
    std::string value;
    const std::size_t equals = word.find('=');
    const bool inlined = equals != std::string::npos;
    if (inlined) {
      value = word.substr(equals + 1);
      word.resize(equals);
    }
    if (std::find(known->second.begin(), known->second.end(), word) == known->second.end()) {
      return wrong_use(arguments.command + " has no option " + word);
    }
    const bool flag = std::find(kFlags.begin(), kFlags.end(), word) != kFlags.end();
    if (!flag && !inlined) {
      if (++i == argc) return wrong_use(word + " needs a value");
      value = argv[i];
    }
    if (word == "--set") {
      arguments.settings.push_back(value);
    } else {
      arguments.options[word] = value;
    }
  }
  return std::nullopt;
}

}  // namespace causal_sessions
