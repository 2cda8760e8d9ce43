#include "text/report_charts.h"

#include <algorithm>
#include <cmath>

#include "core/portable_math.h"
#include "core/small_sort.h"
#include "core/wording.h"

namespace causal_sessions {
namespace {

constexpr double kWidth = 640, kRow = 24, kLabels = 210, kRight = 28, kTop = 8;

std::string px(double value) { return fixed(value, 1); }

class Drawing {
 public:
  void line(double x1, double y1, double x2, double y2, const char* kind) {
    shapes_ += filled(R"(<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>)", {kind, px(x1), px(y1), px(x2), px(y2)});
  }
  void circle(double x, double y, const char* kind) {
    shapes_ += filled(R"(<circle class="{}" cx="{}" cy="{}" r="4.5"/>)", {kind, px(x), px(y)});
  }
  void bar(double x, double y, double width, double height, const char* kind) {
    shapes_ += filled(R"(<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>)", {kind, px(x), px(y), px(width), px(height)});
  }
  void text(double x, double y, std::string_view words, const char* anchor = "start") {
    shapes_ += filled(R"(<text x="{}" y="{}" text-anchor="{}">{}</text>)", {px(x), px(y), anchor, escaped(words)});
  }
  // A tick with its number below the chart.
  void tick(double x, double top, double bottom, std::string_view words) {
    line(x, top, x, bottom, "grid");
    text(x, bottom + 16, words, "middle");
  }
  [[nodiscard]] std::string finish(double height, std::string_view title) const {
    return filled(R"(<svg role="img" viewBox="0 0 {} {}" aria-label="{}">{}</svg>)",
                  {px(kWidth), px(height), escaped(title), shapes_});
  }

 private:
  std::string shapes_;
};

// A step of 1, 2 or 5 times a power of ten, of which about four fit.
double step_of(double span) {
  double step = 1e-9;
  for (int i = 0; step * 5 < span; ++i) step *= i % 3 == 1 ? 2.5 : 2;
  return step;
}

class Axis {
 public:
  Axis(double low, double high) : low_(low), high_(high > low ? high : low + 1) {}
  [[nodiscard]] double operator()(double value) const {
    return kLabels + (value - low_) / (high_ - low_) * (kWidth - kLabels - kRight);
  }
  void draw(Drawing& drawing, double bottom) const {
    const double step = step_of(high_ - low_);
    for (double at = std::ceil(low_ / step); at * step <= high_; ++at) {
      std::string words = fixed(at * step, 4);
      while (words.back() == '0') words.pop_back();
      if (words.back() == '.') words.pop_back();
      drawing.tick((*this)(at * step), kTop, bottom, words);
    }
  }

 private:
  double low_, high_;
};

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : visible(text)) {
    const auto at = std::string_view("&<>\"'").find(c);
    constexpr const char* kNames[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    if (at == std::string_view::npos) {
      out.push_back(c);
    } else {
      out.append(kNames[at]);
    }
  }
  return out;
}

std::string differences_svg(const std::vector<DifferenceLine>& lines, const ControlName& control) {
  double low = 0, high = 0;
  for (const DifferenceLine& line : lines) {
    for (const double end : line.interval95.value_or(std::array{line.difference.value_or(0), line.difference.value_or(0)})) {
      low = std::min(low, end);
      high = std::max(high, end);
    }
  }
  const Axis points(100 * low, 100 * high);
  const auto x = [&points](double difference) { return points(100 * difference); };
  const double bottom = kTop + kRow * static_cast<double>(lines.size());
  Drawing drawing;
  points.draw(drawing, bottom);
  drawing.line(x(0), kTop, x(0), bottom, "axis");
  double y = kTop + kRow / 2;
  for (const DifferenceLine& line : lines) {
    drawing.text(0, y + 4, line.name);
    if (line.interval95) drawing.line(x((*line.interval95)[0]), y, x((*line.interval95)[1]), y, "interval");
    if (line.difference) {
      drawing.circle(x(*line.difference), y, "dot");
    } else {
      drawing.text(x(0) + 6, y + 4, "n/a");
    }
    y += kRow;
  }
  return drawing.finish(
      bottom + 24,
      control.in("Unadjusted difference of outcome rates, treated minus untreated, in percentage points, with 95% intervals"));
}

std::string balance_svg(const std::vector<BalanceRow>& rows) {
  constexpr double kImbalanced = 0.1;
  if (rows.empty()) return {};
  std::vector<const BalanceRow*> sorted;
  double most = 2 * kImbalanced;
  for (const BalanceRow& row : rows) {
    sorted.push_back(&row);
    most = std::max({most, std::abs(row.smd.value_or(0)), std::abs(row.weighted_smd.value_or(0))});
  }
  small_sort(sorted.begin(), sorted.end(), [](const BalanceRow* a, const BalanceRow* b) {
    const double one = std::abs(a->smd.value_or(0)), other = std::abs(b->smd.value_or(0));
    return one != other ? one > other : a < b;
  });
  const Axis x(0, most);
  const double bottom = kTop + kRow * static_cast<double>(sorted.size());
  Drawing drawing;
  x.draw(drawing, bottom);
  drawing.line(x(kImbalanced), kTop, x(kImbalanced), bottom, "limit");
  double y = kTop + kRow / 2;
  for (const BalanceRow* row : sorted) {
    drawing.text(0, y + 4, row->covariate);
    if (row->smd) drawing.circle(x(std::abs(*row->smd)), y, "ring");
    if (row->weighted_smd) drawing.circle(x(std::abs(*row->weighted_smd)), y, "dot");
    y += kRow;
  }
  return drawing.finish(bottom + 24,
                        "Absolute standardized differences of the groups' means; rings: before weighting, dots: after");
}

std::string overlap_svg(const OverlapAudit& overlap, const ControlName& control, std::uint64_t least) {
  constexpr double kHalf = 70, kMiddle = kTop + kHalf;
  std::uint64_t most = 1;
  for (const OverlapAudit::Arm& arm : overlap.arms)
    most = std::max(most, *std::max_element(arm.histogram.begin(), arm.histogram.end()));
  const Axis x(0, 1);
  Drawing drawing;
  x.draw(drawing, kMiddle + kHalf);
  for (std::size_t bin = 0; bin < OverlapAudit::kBins; ++bin) {
    const double from = x(static_cast<double>(bin) / OverlapAudit::kBins),
                 to = x(static_cast<double>(bin + 1) / OverlapAudit::kBins);
    for (int arm = 0; arm < 2; ++arm) {
      const std::uint64_t count = overlap.arms[arm].histogram[bin];
      if (count < least) continue;
      const double height = kHalf * static_cast<double>(count) / static_cast<double>(most);
      drawing.bar(from, arm == 1 ? kMiddle - height : kMiddle, to - from - 1, height, arm == 1 ? "treated" : "control");
    }
  }
  drawing.line(x(0), kMiddle, x(1), kMiddle, "axis");
  drawing.text(0, kMiddle - 20, "treated");
  drawing.text(0, kMiddle + 28, control.text());
  return drawing.finish(kMiddle + kHalf + 24, control.in("Rows by propensity, treated above, untreated below"));
}

std::string waits_svg(const DelaysAudit::Waits& waits, std::uint64_t least) {
  constexpr double kHeight = 100, kBottom = kTop + kHeight;
  const DurationCounts& histogram = waits.histogram;
  std::uint64_t most = std::max<std::uint64_t>(1, histogram.zero + histogram.under_a_second);
  for (const std::uint64_t count : histogram.counts) most = std::max(most, count);
  const double end = portable_log(histogram.edges_seconds.back());
  const Axis x(-0.5, end);
  const auto at = [&](double seconds) { return x(portable_log(std::max(seconds, 1.0))); };
  Drawing drawing;
  struct Tick {
    double seconds;
    const char* words;
  };
  for (const Tick& tick : {Tick{1, "1 s"}, {60, "1 min"}, {3600, "1 h"}, {86'400, "1 day"}, {30 * 86'400.0, "30 days"}})
    drawing.tick(at(tick.seconds), kTop, kBottom, tick.words);
  const auto bar = [&](double from, double to, std::uint64_t count) {
    if (count == 0 || count < least) return;
    const double height = kHeight * static_cast<double>(count) / static_cast<double>(most);
    drawing.bar(from, kBottom - height, to - from - 0.5, height, "outcome");
  };
  bar(x(-0.5), x(0), histogram.zero + histogram.under_a_second);
  for (std::size_t i = 0; i < histogram.counts.size(); ++i)
    bar(at(histogram.edges_seconds[i]), at(histogram.edges_seconds[i + 1]), histogram.counts[i]);
  if (waits.limit_seconds) drawing.line(at(*waits.limit_seconds), kTop, at(*waits.limit_seconds), kBottom, "limit");
  drawing.text(0, kTop + 16, waits.type);
  return drawing.finish(kBottom + 24, "Delays by their length, on a logarithmic axis; the line is the plan's limit");
}

}  // namespace causal_sessions
