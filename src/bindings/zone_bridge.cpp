// The host's time zones inside the engine: JavaScript's Intl, whose data are those of the browser or of Node.
#include <emscripten/em_js.h>

#include "core/host_zone.h"

// clang-format off
EM_JS_DEPS(zone_bridge, "$UTF8ToString");
// A format whose numbers, in this order, are month, day, year, hour, minute and second.
EM_JS(int, zone_open, (const char* name), {
  try {
    Module['zone'] = new Intl.DateTimeFormat('en-US', {
      timeZone: UTF8ToString(name), calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23',
      year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric'
    });
    return 1;
  } catch (e) {
    return 0;
  }
});
EM_JS(int, zone_offset, (double seconds), {
  var at = Module['zone'].format(seconds * 1000).match(/[0-9]+/g);
  return Date.UTC(at[2], at[0] - 1, at[1], at[3] % 24, at[4], at[5]) / 1000 - seconds;
});
EM_JS(void, zone_close, (), { Module['zone'] = null; });
// clang-format on

namespace causal_sessions {

bool open_host_zone(const std::string& name) { return zone_open(name.c_str()) != 0; }
std::int64_t host_zone_offset(std::int64_t utc_seconds) { return zone_offset(static_cast<double>(utc_seconds)); }
void close_host_zone() { zone_close(); }

}  // namespace causal_sessions
