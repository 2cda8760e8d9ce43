#include "ingest/inspection/event_roles.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ingest/inspection/inspect.h"

namespace causal_sessions {
namespace {

// `view 5, cart 2`: types and rows.
std::vector<TypeRows> types_of(std::string_view text) {
  std::vector<TypeRows> types;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(", "));
    const std::size_t blank = one.rfind(' ');
    types.push_back({std::string(one.substr(0, blank)), std::stoull(std::string(one.substr(blank + 1)))});
    text.remove_prefix(std::min(text.size(), one.size() + 2));
  }
  return types;
}

// `view: exposure, cart: treatment`, in the order of the types; those of no role by their names alone.
std::string roles_of(std::string_view text) {
  std::string roles;
  for (const auto& [of, role] : guess_roles(types_of(text))) {
    roles.append(roles.empty() ? "" : ", ").append(of.type);
    if (role != EventRole::kOther) roles.append(": ").append(role_name(role));
  }
  return roles;
}

struct RolesRow {
  const char* name;
  const char* types;
  const char* roles;
};

class EventRoles : public testing::TestWithParam<RolesRow> {};

TEST_P(EventRoles, Are) { EXPECT_EQ(roles_of(GetParam().types), GetParam().roles); }

INSTANTIATE_TEST_SUITE_P(
    OfEvents, EventRoles,
    testing::Values(
        RolesRow{"Notebook", "auction 9, click 2, impression 5, purchase 1",
                 "auction, impression: exposure, click: treatment, purchase: outcome"},
        RolesRow{"Shop", "view 70, cart 15, checkout 8, paid 5", "view: exposure, cart: treatment, checkout, paid: outcome"},
        RolesRow{"Otto", "clicks 90, carts 8, orders 2", "clicks: exposure, carts: treatment, orders: outcome"},
        RolesRow{"Retailrocket", "view 9, addtocart 3, transaction 1",
                 "view: exposure, addtocart: treatment, transaction: outcome"},
        RolesRow{"Ga4",
                 "page_view 90, view_item 20, add_to_cart 5, view_cart 4, begin_checkout 3, add_payment_info 2, purchase 1",
                 "page_view, view_item: exposure, add_to_cart: treatment, begin_checkout, add_payment_info, purchase: outcome, "
                 "view_cart"},
        RolesRow{
            "Segment", "Product Viewed 9, Product Added 3, Checkout Started 2, Order Completed 1, Order Refunded 1",
            "Product Viewed: exposure, Product Added, Checkout Started: treatment, Order Completed: outcome, Order Refunded"},
        RolesRow{"RemovalIsNoStep", "view 9, remove_from_cart 8, cart 3, purchase 1",
                 "view: exposure, cart: treatment, purchase: outcome, remove_from_cart"},
        RolesRow{"CamelCase", "PageView 9, AddToCart 3, OrderPlaced 1",
                 "PageView: exposure, AddToCart: treatment, OrderPlaced: outcome"},
        RolesRow{"AReviewIsNoView", "review 9, view 8, cart 3, reorder 2, order 1",
                 "view: exposure, cart: treatment, order: outcome, review, reorder"},
        RolesRow{"OpenRolesGoToTheMostFrequent", "view 9, wink 3, nod 2, paid 1",
                 "view: exposure, paid: outcome, wink: treatment, nod"},
        RolesRow{"ExposureWithoutAName", "hello 9, cart 3, paid 1", "cart: treatment, paid: outcome, hello: exposure"},
        RolesRow{"TwoTypes", "view 9, paid 1", "view: exposure, paid: outcome"},
        RolesRow{"NoPurchase", "auction 50, impression 30, click 9", "auction, impression: exposure, click: treatment"},
        RolesRow{"NoPurchaseButACart", "view 30, click 9, cart 2", "view: exposure, click: treatment, cart: outcome"},
        RolesRow{"NothingKnown", "a 3, b 2, c 1", "a: exposure, b, c"}, RolesRow{"None", "", ""}),
    [](const auto& row) { return row.param.name; });

nlohmann::json inspected(std::string_view text, const ReadingOptions& options = {}) {
  return nlohmann::json::parse(inspect_json("shop.csv", text, true, options, 1), nullptr, false);
}

constexpr std::string_view kShop =
    "visitor,when,what,sku\n"
    "u,2026-03-01 10:00:00,view,a\n"
    "u,2026-03-01 10:01:00,cart,a\n"
    "u,2026-03-01 10:02:00,view,b\n"
    "v,2026-03-01 10:00:00,view,a\n"
    "v,2026-03-01 10:02:00,paid,a\n";

TEST(Inspection, GuessesColumnsAndRoles) {
  const nlohmann::json found = inspected(kShop);
  EXPECT_EQ(found["columns"].dump(), R"({"item":"sku","time":null,"type":null,"user":"visitor"})");
  EXPECT_EQ(found["guesses"].dump(), R"({"time":"when","type":"what"})");
  EXPECT_EQ(found["rows"].size(), 1u);
  EXPECT_EQ(found["settings"]["events"]["types"].dump(), R"(["view","cart","paid"])");
  EXPECT_EQ(found["settings"]["index"]["type"], "view");
  EXPECT_EQ(found["settings"]["treatment"]["type"], "cart");
  EXPECT_EQ(found["settings"]["outcome"]["type"], "paid");
  EXPECT_EQ(found["settings"]["columns"]["type"], "what");
}

TEST(Inspection, CountsTheTypesOfAllRowsOfASmallFile) {
  ReadingOptions options;
  options.columns.time.name = "when";
  options.columns.type.name = "what";
  const nlohmann::json found = inspected(kShop, options);
  EXPECT_EQ(found["allRows"], true);
  EXPECT_EQ(found["eventTypes"][0].dump(), R"({"role":"exposure","rows":3,"type":"view"})");
  EXPECT_FALSE(found.contains("guesses"));
}

TEST(Inspection, ProposesNothingWhereThePlanKnowsTheTypes) {
  const nlohmann::json found = inspected("user,time,type\nu,5,click\nv,6,impression\n");
  EXPECT_FALSE(found.contains("settings"));
  EXPECT_EQ(found["eventTypes"].size(), 2u);
}

TEST(Inspection, NamesGuessedColumnsByNumberWhereThereAreNoNames) {
  const nlohmann::json found =
      inspected("u1,2026-03-01 10:00:00,view,a\nu1,2026-03-01 10:01:00,cart,a\nu1,2026-03-01 10:02:00,paid,a\n");
  EXPECT_EQ(found["settings"]["columns"].dump(), R"({"time":2,"type":3})");
}

TEST(Inspection, FindsPathsInTextsThatHoldJson) {
  const nlohmann::json found =
      inspected("user,time,type,props,note\nu,5,click,\"[]\",{no}\nu,6,click,\"[{\"\"id\"\": 1, \"\"a.b\"\": 2}]\",x\n");
  EXPECT_EQ(found["paths"].dump(), R"(["props[0].id","props[0][\"a.b\"]"])");
}

TEST(Inspection, GuessesNoColumnFromObjectsListsOrPlacesWithoutNames) {
  const nlohmann::json envelope = inspected(R"({"at": "2026-03-01 10:00:00", "after": {"user": "u"}})"
                                            "\n"
                                            R"({"at": "2026-03-01 10:01:00", "after": {"user": "u"}})"
                                            "\n");
  EXPECT_EQ(envelope["guesses"].dump(), R"({"time":"at"})");
  const nlohmann::json kcat = inspected(
      "at,payload\n2026-03-01 10:00:00,\"{\"\"user\"\": \"\"u\"\"}\"\n2026-03-01 10:01:00,\"{\"\"user\"\": \"\"u\"\"}\"\n");
  EXPECT_EQ(kcat["guesses"].dump(), R"({"time":"at"})");
  EXPECT_FALSE(inspected("Report;;;\n;;;\nuser;time;type;item\nu;2026-03-01 10:00;click;a\nu;2026-03-01 10:01;click;a\n")
                   .contains("settings"));
  EXPECT_FALSE(inspected("user id  time of it  type\nu  2026-03-01 10:00  click\n").contains("guesses")) << "one column";
}

TEST(Inspection, GuessesTheTimeInAFormatThatIsToBeNamed) {
  const nlohmann::json found = inspected("visitor,when,what\nu,13/03/2026 10:00,view\nu,13/03/2026 10:01,cart\n");
  EXPECT_EQ(found["guesses"].dump(), R"({"time":"when","type":"what"})");
}

TEST(Inspection, ProposesWhatTakesBlanksAndQuotesOff) {
  EXPECT_EQ(inspected("user, time, type\nu, 2026-03-01 10:00:00, click\nu, 2026-03-01 10:01:00, impression\n")["settings"].dump(),
            R"({"input":{"trim":true}})");
  EXPECT_EQ(inspected("'user','time','type'\n'u','2026-03-01 10:00:00','click'\n'u','2026-03-01 10:01:00','click'\n")["settings"]
                .dump(),
            R"({"input":{"quote":"'"}})");
  const nlohmann::json padded = inspected(
      "user, time, type\nu, 2026-03-01 10:00:00, view\nu, 2026-03-01 10:01:00, cart\nu, 2026-03-01 10:02:00,cart\n"
      "u, 2026-03-01 10:03:00, paid\n");
  EXPECT_EQ(padded["settings"]["input"]["trim"], true);
  EXPECT_EQ(padded["settings"]["events"]["types"].dump(), R"(["view","cart","paid"])");
  EXPECT_EQ(padded["settings"]["treatment"]["type"], "cart");
  EXPECT_FALSE(inspected("\"user\", \"time\", \"type\"\n\"u\", \"2026-03-01 10:00:00\", \"view\"\n").contains("settings"))
      << "no plan takes quotes behind blanks off";
}

TEST(Inspection, TellsExportsWithoutNamesByTheirFirstRow) {
  const std::string clicks = "1,2014-04-07T10:51:09.277Z,214536502,0\n1,2014-04-07T10:54:09.868Z,214536500,0\n";
  EXPECT_EQ(nlohmann::json::parse(inspect_json("yoochoose-clicks.dat", clicks, true, {}, 1))["preset"]["name"], "yoochoose");
  EXPECT_FALSE(inspected(clicks).contains("preset")) << "which many files could be";
  std::string row(130, '\t');
  row.insert(3, "2025-09-05 07:03:00.123");
  EXPECT_EQ(inspected(row + "\n")["preset"]["name"], "snowplow");
}

TEST(Inspection, GuessesNoTypesInATableWithoutTimes) {
  const nlohmann::json found = inspected("size,colour\n1,red\n2,blue\n3,red\n4,red\n");
  EXPECT_FALSE(found.contains("guesses"));
  EXPECT_FALSE(found.contains("settings"));
}

}  // namespace
}  // namespace causal_sessions
