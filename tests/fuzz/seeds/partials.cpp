// Parts of partial runs: of dates and of numbers, with rows that cannot be used, with further columns, as a share.
#include <cstring>

#include "fuzz/seeds/seeds.h"
#include "run/partial.h"

namespace causal_sessions::seeds {
namespace {

std::string part_of(const char* plan_json, const std::vector<std::string>& files, const InputShare& share = {}) {
  Run run(read_plan(plan_json).value());
  PartialRun part(run);
  std::vector<std::string> names;
  for (const std::string& text : files) {
    const std::size_t place = names.size();
    names.push_back("f" + std::to_string(place));
    if (!share.takes(place)) continue;
    run.reader().begin_file(names.back());
    std::memcpy(run.reader().window(text.size() + 1).data(), text.data(), text.size());
    static_cast<void>(run.reader().commit(text.size()));
    static_cast<void>(run.reader().end_file());
    part.end_input(share.is_one() ? place : 0);
  }
  std::string bytes;
  ByteSink sink(
      [&](std::span<const std::uint8_t> more) { bytes.append(reinterpret_cast<const char*>(more.data()), more.size()); });
  part.write(share, names, [](std::size_t) { return std::string(64, 'a'); }, sink);
  return bytes;
}

}  // namespace

std::vector<Seed> partial_seeds() {
  const std::string dates =
      "user,time,type,item\nu,2025-09-05 00:00:00,impression,i\nu,2025-09-05 "
      "00:00:09,click,i\nv,soon,click,\n,,,\nv,05/09/2025,x,\n";
  const std::string numbers =
      "user,time,type,item,price,known\nu,1757030400.5,impression,i,1,1757030401\nv,1757030500,click,,,1757030500.25\n";
  return {{"dates", part_of(R"({"rows": {"bad": "drop"}, "events": {"unknown": "drop"}})", {dates, "", dates})},
          {"numbers", part_of(R"({"profile": "causal", "columns": {"knownAt": "known"}, "covariates": {"columns": ["price"]},
             "session": {"minEvents": 1}})",
                              {numbers})},
          {"share", part_of(R"({"events": {"unknown": "add"}, "rows": {"bad": "drop"}})", {dates, dates}, {1, 1})},
          {"none", part_of("{}", {dates}, {2, 2})}};
}

}  // namespace causal_sessions::seeds
