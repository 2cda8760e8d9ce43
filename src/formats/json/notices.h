// Notices (core/notice.h) as the report, the audit, the manifest and an inspection hold them.
#pragma once

#include <span>

#include "core/notice.h"
#include "formats/json/fields.h"

namespace causal_sessions {

// [{"code", "message", "counts": {...}, "key"}, ...]
[[nodiscard]] Json notices_json(std::span<const Notice> notices);

}  // namespace causal_sessions
