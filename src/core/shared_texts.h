// Texts by id that no longer grow, held in common by all who refer to them.
#pragma once

#include <memory>
#include <utility>

#include "core/string_pool.h"

namespace causal_sessions {

class SharedTexts {
 public:
  SharedTexts() = default;
  SharedTexts(StringPool pool) : pool_(std::make_shared<const StringPool>(std::move(pool))) {}

  [[nodiscard]] std::uint32_t size() const { return pool_ ? pool_->size() : 0; }
  [[nodiscard]] std::string_view operator[](std::uint32_t id) const { return (*pool_)[id]; }

 private:
  std::shared_ptr<const StringPool> pool_;
};

}  // namespace causal_sessions
