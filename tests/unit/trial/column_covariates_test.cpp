// What columns of the input say at time zero.
#include "trial/column_covariates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/number_text.h"
#include "support/run.h"
#include "trial/covariates.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::Input;

// All rows are kept, each instant of exposures is a row, and all users train.
Plan plan_of(const std::string& columns, const std::string& more = "", const std::string& index = R"("kind": "exposure")") {
  return support::in_seconds(support::plan_of(
      R"({"profile": "causal", "covariates": {"minCount": 1, "columns": )" + columns + R"(}, "index": {"washoutHours": 0,
      "gracePeriod": "exclude", )" +
      index + R"(}, "outcome": {"censored": "keep", "prior": "ignore"}, "session": {"minEvents": 1},
      "split": {"kind": "hash", "train": 1, "validation": 0, "test": 0})" +
      more + "}"));
}

std::string short_text(double value) {
  char text[kMaxNumberText];
  return {text, write_id(value, text)};
}

struct Ran : support::Ran {
  using support::Ran::Ran;

  // Of the columns, by "user@seconds": what is not 0, as "price 5, price_missing 1".
  [[nodiscard]] std::map<std::string, std::string> rows() const {
    std::map<std::string, std::string> out;
    const SequenceTable& table = made.table;
    for (std::uint32_t row = 0; row < table.rows(); ++row) {
      std::map<std::string, double> values(table.constant_covariates.begin(), table.constant_covariates.end());
      for (std::size_t j = 0; j < table.covariate_names.size(); ++j)
        values[table.covariate_names[j]] = table.covariates[row * table.covariate_names.size() + j];
      std::string& text =
          out[std::string(table.users[table.user[row]]) + "@" + std::to_string(table.time_zero_us[row] / 1'000'000)];
      for (const auto& [name, value] : values) {
        if (!name.starts_with(kOfColumn) || value == 0) continue;
        text += (text.empty() ? "" : ", ") + name.substr(kOfColumn.size()) + " " + short_text(value);
      }
    }
    return out;
  }
};

using Rows = std::map<std::string, std::string>;

std::string csv(const std::string& rows) { return "user,time,type,item,price,device\n" + rows; }

TEST(ColumnCovariates, AreThoseOfTheExposure) {
  const Ran ran(plan_of(R"(["price", "device"])"), {{csv("a,1000,auction,,1,d1\n"
                                                         "a,1010,impression,x,2,d2\n"
                                                         "a,1020,auction,,3,d3\n"
                                                         "a,1030,impression,y,,d1\n"
                                                         "a,1030,impression,z,4.50,\n"
                                                         "a,1040,click,z,5,d5\n"
                                                         "b,1000,impression,x,,\n")}});
  ASSERT_EQ(ran.message(), "");
  // Of two exposures of an instant the first that has one counts; "d1" and "d2" are as frequent, so the text decides which of
  // them the other is compared with.
  EXPECT_EQ(ran.rows(),
            (Rows{{"a@1010", "device=d2 1, price 2"}, {"a@1030", "price 4.5"}, {"b@1000", "device_missing 1, price_missing 1"}}));
}

TEST(ColumnCovariates, AreThoseOfTheLastEventThatHasOneWithoutExposures) {
  const Ran ran(plan_of(R"(["price"])", "", R"("kind": "landmark", "minutes": 1, "windowMinutes": 1)"),
                {{csv("a,1000,impression,x,1,\n"
                      "a,1030,auction,,2,\n"
                      "a,1050,impression,x,,\n"
                      "a,1061,click,x,3,\n"
                      "b,500,impression,x,9,\n"
                      "b,90500,impression,x,,\n"
                      "b,90600,impression,x,7,\n")}});
  ASSERT_EQ(ran.message(), "");
  EXPECT_EQ(ran.rows(), (Rows{{"a@1060", "price 2"}, {"b@560", "price 9"}, {"b@90560", "price_missing 1"}}));
}

TEST(ColumnCovariates, AllValuesDecideWhetherAColumnIsNumbers) {
  const std::string rows = "a,1000,impression,x,1,-2e3\na,1010,impression,x,NaN,TRUE\nb,1000,impression,x,0.5,7\n";
  const Ran numbers(plan_of(R"(["price", "device"])"), {{csv(rows)}});
  EXPECT_EQ(
      numbers.rows(),
      (Rows{{"a@1000", "device -2000, price 1"}, {"a@1010", "device 1, price_missing 1"}, {"b@1000", "device 7, price 0.5"}}));
  EXPECT_EQ(numbers.notice("mixedColumn"), "");
  EXPECT_TRUE(contains(numbers.notice("columnCovariates"), R"("price" as numbers, "device" as numbers)"));
  // In an event that makes no row.
  const Ran texts(plan_of(R"(["price", "device"])"), {{csv(rows + "c,5,auction,,none,\n")}});
  EXPECT_EQ(texts.rows().at("a@1010"), "device 1, price_missing 1");
  EXPECT_EQ(texts.rows().at("a@1000"), "device -2000, price=1 1");
  EXPECT_TRUE(
      contains(texts.notice("mixedColumn"), R"("price" has 2 different numbers, and texts that are none, such as "none")"));
  const Ran named(plan_of(R"(["price", "device"])", R"(, "input": {"nulls": ["none"]})"), {{csv(rows + "c,5,auction,,none,\n")}});
  EXPECT_EQ(named.rows().at("a@1000"), "device -2000, price 1");
}

TEST(ColumnCovariates, NumbersThatAreTooGreatAreTold) {
  for (const char* great : {"1e160", "-1e150", "1E400"}) {
    const Ran ran(plan_of(R"(["price"])"),
                  {{csv("a,1000,impression,x,1,d\nb,1000,impression,x," + std::string(great) + ",d\n")}});
    EXPECT_TRUE(contains(ran.notice("greatNumbers"),
                         "Column \"price\" has 1 number of 1e150 or more in size, such as \"" + std::string(great) + "\""));
  }
  for (const char* other : {"9e149", "1e-400", "e", "-", "inf", "1e400 or so"}) {
    const Ran ran(plan_of(R"(["price"])"),
                  {{csv("a,1000,impression,x,1,d\nb,1000,impression,x," + std::string(other) + ",d\n")}});
    EXPECT_EQ(ran.notice("greatNumbers"), "") << other;
  }
}

TEST(ColumnCovariates, RareTextsShareACategory) {
  std::string rows;
  const auto add = [&](const std::string& device, int count) {
    for (int i = 0; i < count; ++i) rows += device + std::to_string(i) + ",1000,impression,x,," + device + "\n";
  };
  add("phone", 5);
  add("tv", 3);
  add("watch", 2);
  add("car", 1);
  Plan plan = plan_of(R"(["device"])");
  plan.covariates.min_count = 3;
  const Ran ran(plan, {{csv(rows)}});
  EXPECT_EQ(ran.rows().at("phone0@1000"), "") << "the others are compared with it";
  EXPECT_EQ(ran.rows().at("tv0@1000"), "device=tv 1");
  EXPECT_EQ(ran.rows().at("watch0@1000"), "device_other 1");
  EXPECT_EQ(ran.rows().at("car0@1000"), "device_other 1");
  plan.covariates.min_count = 6;
  const Ran none(plan, {{csv(rows)}});
  EXPECT_EQ(none.rows().at("tv0@1000"), "");
  EXPECT_TRUE(contains(none.notice("noCategories"), R"("device" has no text that 6 training rows have)"));
}

TEST(ColumnCovariates, ManyCategoriesAreBoundedAndTold) {
  std::string rows;
  for (int i = 0; i < 25; ++i) {
    for (int user = 0; user < 2 + (i < 3); ++user)
      rows += "u" + std::to_string(100 * i + user) + ",1000,impression,x,,d" + std::to_string(100 + i) + "\n";
  }
  const Ran ran(plan_of(R"(["device"])"), {{csv(rows)}});
  EXPECT_EQ(ran.rows().at("u200@1000"), "device=d102 1");
  EXPECT_EQ(ran.rows().at("u1900@1000"), "device=d119 1");
  EXPECT_EQ(ran.rows().at("u2000@1000"), "device_other 1");
  EXPECT_TRUE(contains(ran.notice("manyCategories"), "has 25 texts that 1 training rows or more have; the 20 most frequent"));
}

// Which texts are categories the training part says alone.
TEST(ColumnCovariates, CategoriesAreThoseOfTheTrainingPart) {
  Plan plan = plan_of(R"(["device"])");
  plan.split.train = 0.5;
  plan.split.test = 0.5;
  std::string rows;
  for (int user = 0; user < 60; ++user) {
    const std::string name = "u" + std::to_string(user);
    const bool trains = part_by_hash(name, plan.split) == Part::kTrain;
    rows += name + ",1000,impression,x,," + (trains ? user % 2 == 0 ? "a" : "b" : "new") + "\n";
  }
  const Ran ran(plan, {{csv(rows)}});
  std::size_t others = 0;
  for (const auto& [row, text] : ran.rows()) others += text == "device_other 1";
  EXPECT_GT(others, 10u);
  for (const std::string& name : ran.made.table.covariate_names) EXPECT_EQ(name.find("new"), name.npos) << name;
}

TEST(ColumnCovariates, ANameThatIsNoColumnIsRefused) {
  const Ran ran(plan_of(R"(["prize"])"), {{csv("a,1000,impression,x,1,d\n")}});
  EXPECT_EQ(ran.message(),
            "events.csv: there is no column \"prize\"; the file has \"user\", \"time\", \"type\", \"item\", \"price\", "
            "\"device\". Name "
            "one of them in the plan: covariates.columns");
  EXPECT_EQ(ran.error->code, ErrorCode::kMissingColumn);
  const Ran user(plan_of(R"(["user"])"), {{csv("a,1000,impression,x,1,d\n")}});
  EXPECT_TRUE(
      contains(user.message(), "the column \"user\" is the user and can be nothing else; take it out of covariates.columns"));
  const Ran twice(plan_of(R"(["p"])"), {{"user,time,type,p,p\na,1000,impression,1,2\n"}});
  EXPECT_EQ(twice.message(),
            "events.csv: more than one column is named \"p\"; rename all but one of them, or name another in the plan: "
            "covariates.columns");
  const std::string two = "user,time,type,unit-price,unit.price\na,1000,impression,1,2\n";
  const Ran either(plan_of(R"(["unit price"])"), {{two}});
  EXPECT_EQ(either.message(),
            "events.csv: more than one column could be \"unit price\": \"unit-price\", \"unit.price\". Name the right one in the "
            "plan: covariates.columns");
  const Ran both(plan_of(R"(["unit.price", "unit-price"])"), {{two}});
  EXPECT_EQ(both.rows(), (Rows{{"a@1000", "unit-price 1, unit.price 2"}}));
  const Ran one(plan_of(R"(["price", "Price"])"), {{csv("a,1000,impression,x,1,d\n")}});
  EXPECT_EQ(one.message(),
            "events.csv: \"price\" and \"Price\" are the same column, \"price\"; leave one of them out of covariates.columns");
}

TEST(ColumnCovariates, AFileMayLackAColumn) {
  const std::vector<Input> files = {{"user,time,type,price\na,1000,impression,5\nb,1000,impression,6\n", {}, "shown.csv"},
                                    {"user,time,type,item\nc,1000,impression,x\n", {}, "more.csv"}};
  const Ran ran(plan_of(R"(["price"])"), files);
  EXPECT_EQ(ran.rows(), (Rows{{"a@1000", "price 5"}, {"b@1000", "price 6"}, {"c@1000", "price_missing 1"}}));
  EXPECT_TRUE(contains(ran.notice("columnNotInFiles"), "more.csv of 2 files has no column \"price\""));
}

TEST(ColumnCovariates, TypeAndItemMayBeColumnsToo) {
  const Ran ran(plan_of(R"(["item", "TYPE"])"), {{csv("a,1000,impression,x,,\nb,1000,impression,y,,\nb,1001,impression,y,,\n")}});
  EXPECT_EQ(ran.rows(), (Rows{{"a@1000", "item=x 1"}, {"b@1000", ""}, {"b@1001", ""}}));
}

TEST(ColumnCovariates, TwoOfOneNameAreRefused) {
  const Ran ran(plan_of(R"(["a", "a_missing"])"), {{"user,time,type,a,a_missing\nu,1000,impression,1,2\n"}});
  EXPECT_TRUE(contains(ran.message(), "would both be the covariate \"column_a_missing\""));
}

// Keys that turn up late and stand in other values; a file without an item, whose place in a row another column then has.
TEST(ColumnCovariates, ComeFromJsonToo) {
  std::string lines;
  for (int i = 0; i < 3000; ++i) {
    lines += R"({"user":"u)" + std::to_string(i) + R"(","time":1000,"type":"impression","note":")" + std::string(60, 'n') +
             R"("})" + "\n";
  }
  lines += R"({"user":"late","time":1000,"type":"impression","price":7.0,"context":{"device":"tv"},"item":"x"})"
           "\n";
  lines += R"({"user":"last","time":1000,"type":"impression","price":null,"context":{"device":true}})"
           "\n";
  const Ran ran(plan_of(R"(["price", "context.device", "note"])"), {{lines, {}, "events.ndjson"}});
  ASSERT_EQ(ran.message(), "");
  const Rows rows = ran.rows();
  EXPECT_EQ(rows.at("u7@1000"), "context.device_missing 1, price_missing 1");
  EXPECT_EQ(rows.at("late@1000"), "context.device=tv 1, note_missing 1, price 7");
  EXPECT_EQ(rows.at("last@1000"), "note_missing 1, price_missing 1");
}

TEST(ColumnCovariates, AreTraitsOfTheirOwn) {
  for (const char* name : {"column_price", "column_device=tv", "column_device_other", "column_price_missing"}) {
    EXPECT_EQ(covariate_traits(name).group, CovariateGroup::kColumns) << name;
    EXPECT_FALSE(covariate_traits(name).meaning.empty()) << name;
  }
  EXPECT_NE(covariate_traits("column_price").meaning, covariate_traits("column_price_missing").meaning);
}

}  // namespace
}  // namespace causal_sessions
