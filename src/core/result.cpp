#include "core/result.h"

namespace causal_sessions {

Error::Error(ErrorCode error_code, std::string text, Where place)
    : code(error_code), message(std::move(text)), where(std::move(place)) {}
Error::Error(const Error&) = default;
Error::Error(Error&&) noexcept = default;
Error& Error::operator=(const Error&) = default;
Error& Error::operator=(Error&&) noexcept = default;
Error::~Error() = default;

std::string_view code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kBadPlan: return "badPlan";
    case ErrorCode::kEmptyInput: return "emptyInput";
    case ErrorCode::kUnknownFormat: return "unknownFormat";
    case ErrorCode::kBadEncoding: return "badEncoding";
    case ErrorCode::kBadSyntax: return "badSyntax";
    case ErrorCode::kMissingColumn: return "missingColumn";
    case ErrorCode::kAmbiguousColumn: return "ambiguousColumn";
    case ErrorCode::kBadRows: return "badRows";
    case ErrorCode::kMixedTimeUnits: return "mixedTimeUnits";
    case ErrorCode::kBadTimes: return "badTimes";
    case ErrorCode::kReservedId: return "reservedId";
    case ErrorCode::kTooLarge: return "tooLarge";
    case ErrorCode::kBadCall: return "badCall";
  }
  return "unknown";
}

}  // namespace causal_sessions
