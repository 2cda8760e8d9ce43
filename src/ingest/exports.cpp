#include "ingest/exports.h"

#include <algorithm>
#include <iterator>

#include "core/cold.h"

namespace causal_sessions {
namespace {

// "2025-09-05 07:03:00.123", and with a T.
bool is_date_and_time(std::string_view text) {
  return text.size() >= 19 && text[4] == '-' && text[7] == '-' && text[13] == ':' && text[16] == ':';
}

// Version 1 of the enriched events; collector_tstamp is the fourth of its columns.
COLD bool is_snowplow(std::string_view /*file*/, std::span<const std::string> cells) {
  return cells.size() == 131 && is_date_and_time(cells[3]);
}

// Four or five columns with a time in the second are many people's, so the file has to have its published name.
COLD bool is_yoochoose(std::string_view file, std::span<const std::string> cells) {
  return file.find("yoochoose") != file.npos && (cells.size() == 4 || cells.size() == 5) && is_date_and_time(cells[1]);
}

// Treatment and outcome are those that most people ask for, the exposure what comes before; a plan changes them as it likes.
constexpr KnownExport kExports[] = {
    // Source: Google, "BigQuery Export schema" of Analytics 4. The device's id is there in every event, the user's only behind
    // a login, which would cut a visit in two.
    {"ga4", "a GA4 export from BigQuery", "event_timestamp event_name user_pseudo_id", R"({
      "columns": {"user": "user_pseudo_id", "time": "event_timestamp", "type": "event_name", "item": "items[].item_id"},
      "time": {"unit": "us"},
      "events": {"types": ["view_item_list", "select_item", "view_item", "add_to_cart", "begin_checkout", "purchase"],
                 "unknown": "add"},
      "treatment": {"type": "select_item"}, "outcome": {"type": "purchase"}, "index": {"type": "view_item_list"}})"},
    // Source: Amplitude, "Export API". amplitude_id is one for a person's devices and ids.
    {"amplitude", "an Amplitude export", "amplitude_id event_type event_time", R"({
      "columns": {"user": "amplitude_id", "time": "event_time", "type": "event_type",
                  "item": "event_properties.product_id"},
      "events": {"unknown": "add"}})"},
    // Source: RudderStack, "Event spec, common fields"; ahead of Segment, whose fields it has too. The device's id stays when
    // somebody logs in; events of a server have the user's alone.
    {"rudderstack", "a RudderStack export", "anonymousId channel originalTimestamp", R"({
      "columns": {"user": ["anonymousId", "userId"], "time": "originalTimestamp", "type": ["event", "type"],
                  "item": ["properties.product_id", "properties.products[0].product_id"]},
      "events": {"types": ["Product List Viewed", "Product Viewed", "Product Clicked", "Product Added", "Order Completed"],
                 "unknown": "add"},
      "treatment": {"type": "Product Clicked"}, "outcome": {"type": "Order Completed"}, "index": {"type": "Product Viewed"}})"},
    // Source: Segment, "Spec: Common Fields" and "Spec: V2 Ecommerce Events".
    {"segment", "a Segment export", "anonymousId messageId timestamp", R"({
      "columns": {"user": ["anonymousId", "userId"], "time": "timestamp", "type": ["event", "type"],
                  "item": ["properties.product_id", "properties.products[0].product_id"]},
      "events": {"types": ["Product List Viewed", "Product Viewed", "Product Clicked", "Product Added", "Order Completed"],
                 "unknown": "add"},
      "treatment": {"type": "Product Clicked"}, "outcome": {"type": "Order Completed"}, "index": {"type": "Product Viewed"}})"},
    // Source: Mixpanel, "Raw Event Export API".
    {"mixpanel", "a Mixpanel export", "event properties.distinct_id properties.time", R"({
      "columns": {"user": "properties.distinct_id", "time": "properties.time", "type": "event",
                  "item": "properties.product_id"},
      "events": {"unknown": "add"}})"},
    // Source: PostHog, "Batch exports"; properties is JSON, in CSV as text.
    {"posthog", "a PostHog export", "distinct_id event properties timestamp", R"({
      "columns": {"user": "distinct_id", "time": "timestamp", "type": "event", "item": "properties.product_id"},
      "events": {"unknown": "add"}})"},
    // Source: Snowplow, "Canonical event model", the enriched TSV: domain_userid, derived_tstamp's collector, event_name.
    {"snowplow", "Snowplow's enriched events", "", R"({
      "input": {"format": "csv", "separator": "\t", "header": "no", "quote": null},
      "columns": {"user": 16, "time": 4, "type": 127},
      "events": {"unknown": "add"}})",
     is_snowplow},
    // Source: Matomo, "Live.getLastVisitsDetails".
    {"matomo", "visits of Matomo", "idVisit visitorId actionDetails", R"({
      "input": {"rows": "actionDetails[]"},
      "columns": {"user": "visitorId", "time": "timestamp", "type": "type", "item": "productViewSku"},
      "events": {"types": ["action", "event", "ecommerceAbandonedCart", "ecommerceOrder"], "unknown": "add"},
      "treatment": {"type": "ecommerceAbandonedCart"}, "outcome": {"type": "ecommerceOrder"}, "index": {"type": "action"}})"},
    // Source: Kaggle, "Retailrocket recommender system dataset", events.csv.
    {"retailrocket", "the events of RetailRocket", "timestamp visitorid event itemid", R"({
      "columns": {"user": "visitorid", "time": "timestamp", "type": "event", "item": "itemid"},
      "time": {"unit": "ms"},
      "events": {"types": ["view", "addtocart", "transaction"]},
      "treatment": {"type": "addtocart"}, "outcome": {"type": "transaction"}, "index": {"type": "view"}})"},
    // Source: REES46 Open CDP, "eCommerce behavior data from multi category store".
    {"rees46", "events of REES46", "event_time event_type product_id user_session", R"({
      "columns": {"user": "user_id", "time": "event_time", "type": "event_type", "item": "product_id"},
      "events": {"types": ["view", "cart", "remove_from_cart", "purchase"]},
      "treatment": {"type": "cart"}, "outcome": {"type": "purchase"}, "index": {"type": "view"}})"},
    // Source: otto-de/recsys-dataset.
    {"otto", "sessions of OTTO", "session events[0].aid events[0].ts", R"({
      "input": {"rows": "events[]"},
      "columns": {"user": "session", "time": "ts", "type": "type", "item": "aid"},
      "time": {"unit": "ms"},
      "events": {"types": ["clicks", "carts", "orders"]},
      "treatment": {"type": "carts"}, "outcome": {"type": "orders"}, "index": {"type": "clicks"}})"},
    // Source: RecSys Challenge 2015, yoochoose-clicks.dat and yoochoose-buys.dat, which have no header.
    {"yoochoose", "the clicks and buys of YooChoose", "", R"({
      "input": {"format": "csv", "separator": ",", "header": "no",
                "files": [{"match": "*buys*", "type": "buy"}, {"match": "*", "type": "click"}]},
      "columns": {"user": 1, "time": 2, "item": 3},
      "events": {"types": ["click", "buy"]},
      "treatment": {"type": "click"}, "outcome": {"type": "buy"}})",
     is_yoochoose, false},
    // Source: CIKM Cup 2016, DIGINETICA: timeframe counts milliseconds from the session's first query. train-clicks.csv has no
    // session. Queries have no item of their own, so the column is left to its name.
    {"diginetica", "queries, views and purchases of DIGINETICA", "sessionId timeframe eventdate", R"({
      "input": {"files": [{"match": "*purchase*", "type": "purchase"}, {"match": "*quer*", "type": "query"},
                          {"match": "*", "type": "view"}]},
      "columns": {"user": "sessionId", "time": ["eventdate", "timeframe"]},
      "time": {"unit": "ms"},
      "events": {"types": ["query", "view", "purchase"]},
      "treatment": {"type": "view"}, "outcome": {"type": "purchase"}, "index": {"type": "query"}})"},
    // Source: ACM RecSys Challenge 2019, train.csv.
    {"trivago", "sessions of trivago", "session_id timestamp action_type reference", R"({
      "columns": {"user": "user_id", "time": "timestamp", "type": "action_type", "item": "reference"},
      "time": {"unit": "s"},
      "events": {"types": ["interaction item info", "interaction item image", "clickout item"], "unknown": "add"},
      "treatment": {"type": "interaction item image"}, "outcome": {"type": "clickout item"},
      "index": {"type": "interaction item info"}})"},
    // Source: GroupLens, MovieLens, ratings.csv: a rating is all that happens, so there is nothing it could lead to.
    {"movielens", "ratings of MovieLens", "userId movieId rating timestamp", R"({
      "columns": {"user": "userId", "time": "timestamp", "type": {"value": "rating"}, "item": "movieId"},
      "time": {"unit": "s"},
      "events": {"types": ["rating", "purchase"]},
      "treatment": {"type": "rating"}})",
     nullptr, false},
};

}  // namespace

std::span<const KnownExport> known_exports() { return kExports; }

COLD const KnownExport* find_export(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kExports), std::end(kExports), [&](const KnownExport& known) { return known.name == name; });
  return found == std::end(kExports) ? nullptr : found;
}

COLD const KnownExport* tell_export(std::span<const std::string> names, const ReadingOptions& options) {
  if (!options.preset.empty()) return nullptr;
  const auto has_all = [&](std::string_view columns) {
    while (!columns.empty()) {
      const std::string_view column = columns.substr(0, columns.find(' '));
      if (std::find(names.begin(), names.end(), column) == names.end()) return false;
      columns.remove_prefix(std::min(column.size() + 1, columns.size()));
    }
    return true;
  };
  const auto* const found = std::find_if(std::begin(kExports), std::end(kExports), [&](const KnownExport& known) {
    return !known.columns.empty() && has_all(known.columns);
  });
  return found == std::end(kExports) ? nullptr : found;
}

COLD const KnownExport* tell_export(std::string_view file, std::span<const std::string> first_row,
                                    const ReadingOptions& options) {
  if (!options.preset.empty()) return nullptr;
  const auto* const found = std::find_if(std::begin(kExports), std::end(kExports), [&](const KnownExport& known) {
    return known.by_first_row != nullptr && known.by_first_row(file, first_row);
  });
  return found == std::end(kExports) ? nullptr : found;
}

COLD std::string export_advice(const KnownExport* known) {
  if (known == nullptr) return {};
  std::string text = "This looks like ";
  return text.append(known->title).append(": set preset to \"").append(known->name).append("\"");
}

}  // namespace causal_sessions
