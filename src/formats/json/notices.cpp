#include "formats/json/notices.h"

namespace causal_sessions {

Json notices_json(std::span<const Notice> notices) {
  Json out = Json::array();
  for (const Notice& notice : notices) {
    Json counts = Json::object();
    for (const auto& [name, count] : notice.counts) counts[std::string(name)] = count;
    out.push_back(Fields()
                      .text("code", notice.code)
                      .text("message", notice.message)
                      .put("counts", std::move(counts))
                      .text_or_null("key", notice.key)
                      .done());
  }
  return out;
}

}  // namespace causal_sessions
