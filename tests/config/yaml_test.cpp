// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"
#include "config/duration.hpp"
#include "config/yaml_json.hpp"

namespace headwind::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal(std::string_view yaml) {
  const auto documents = parse_yaml(yaml);
  return documents ? "accepted" : documents.error().sentence;
}

std::string json(std::string_view yaml) {
  const auto text = yaml_to_json(yaml);
  return text ? *text : "refused: " + text.error().message;
}

TEST(Yaml, a_node_knows_its_place) {
  const auto documents = parse_yaml("a:\n  - x\n  -   y\n");
  ASSERT_TRUE(documents);
  const YamlNode* list = documents->front().find("a");
  ASSERT_NE(list, nullptr);
  ASSERT_EQ(list->items.size(), 2U);
  EXPECT_EQ(list->items[1].line, 3);
  EXPECT_EQ(list->items[1].column, 7);
  EXPECT_EQ(documents->front().find("b"), nullptr);
}

TEST(Yaml, a_syntax_error_has_its_place) {
  const auto documents = parse_yaml("a: 1\nb: [1, 2\n");
  ASSERT_FALSE(documents);
  EXPECT_GE(documents.error().line, 2);
  EXPECT_THAT(documents.error().sentence, HasSubstr("is not YAML"));
}

TEST(Yaml, an_alias_bomb_is_refused) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += before + (j < 9 ? ", " : "]\n");
  }
  EXPECT_THAT(refusal(bomb), HasSubstr("more than 100,000 values"));
}

TEST(Yaml, a_node_that_holds_itself_is_refused) {
  EXPECT_THAT(refusal("&a [*a]"), HasSubstr("within the value that it names"));
}

TEST(Yaml, an_alias_means_the_value_that_it_names) {
  EXPECT_EQ(*yaml_to_json("a: &x {n: 1}\nb: *x\nc: [*x, &y \"2\", *y]\n"),
            R"({"a":{"n":1},"b":{"n":1},"c":[{"n":1},"2","2"]})");
}

TEST(Yaml, aliases_do_not_get_around_the_limit_of_nesting) {
  std::string text = "a: &a " + std::string(40, '[') + std::string(40, ']') + "\nb: " + std::string(40, '[') + "*a";
  EXPECT_THAT(refusal(text + std::string(40, ']')), HasSubstr("deeper than 64"));
}

TEST(Yaml, a_stray_character_between_documents_ends_the_reading) {
  for (const char* text : {",", ",a ", "a: 1\n---\n,", "]", "}", "--- ]"}) EXPECT_NE(refusal(text), "accepted") << text;
}

TEST(Yaml, a_long_text_repeated_by_aliases_is_refused) {
  std::string text = "a: &a " + std::string(100'000, 'x') + "\nb: [";
  for (int i = 0; i < 100; ++i) text += "*a, ";
  EXPECT_THAT(refusal(text + "*a]\n"), HasSubstr("larger than 4 MiB"));
}

TEST(Yaml, deep_nesting_is_refused) {
  EXPECT_EQ(refusal(std::string(60, '[') + std::string(60, ']')), "accepted");
  EXPECT_THAT(refusal(std::string(100, '[') + std::string(100, ']')), HasSubstr("deeper than 64"));
  EXPECT_NE(refusal(std::string(100'000, '[')), "accepted");
  EXPECT_NE(refusal(std::string(100'000, '{')), "accepted");
}

TEST(Yaml, too_much_text_is_refused) { EXPECT_THAT(refusal(std::string((1 << 20) + 1, ' ')), HasSubstr("1 MiB")); }

TEST(Yaml, bytes_that_are_no_text_are_refused) {
  EXPECT_THAT(refusal("a: \xff\xfe"), HasSubstr("not UTF-8"));
  const auto control = parse_yaml(std::string_view("a: 1\nbc\x04: 2", 12));
  ASSERT_FALSE(control);
  EXPECT_EQ(control.error().line, 2);
  EXPECT_EQ(control.error().column, 3);
  EXPECT_NE(refusal(std::string_view("a\0b", 3)), "accepted");
}

TEST(Yaml, a_key_written_twice_is_refused) {
  const auto documents = parse_yaml("port: 1\nhost: x\nport: 2\n");
  ASSERT_FALSE(documents);
  EXPECT_EQ(documents.error().line, 3);
  EXPECT_THAT(documents.error().sentence, HasSubstr("'port' is written twice"));
}

TEST(Yaml, keys_must_be_text_and_merge_keys_are_not_supported) {
  EXPECT_THAT(refusal("? [a]\n: 1\n"), HasSubstr("a key must be plain text"));
  EXPECT_THAT(refusal("a: &a {x: 1}\nb: {<<: *a}\n"), HasSubstr("merge keys"));
}

TEST(YamlToJson, plain_scalars_get_their_types_and_quoted_ones_stay_strings) {
  EXPECT_EQ(json("{a: 123, b: \"123\", c: '0x1F', d: true, e: \"true\", f: null, g: ~, h: 1.5, i: -7, j: text}"),
            R"({"a":123,"b":"123","c":"0x1F","d":true,"e":"true","f":null,"g":null,"h":1.5,"i":-7,"j":"text"})");
  EXPECT_EQ(json("[0x1F, 0o17, 0644, 089, +5, 1e3, .5, 18446744073709551615, -9223372036854775808]"),
            "[31,15,420,89,5,1000.0,0.5,18446744073709551615,-9223372036854775808]");
  EXPECT_EQ(json("[1.2.3, 2025-01-01, 1-2, v1, '', 10Mi, yes, \"~\"]"),
            R"(["1.2.3","2025-01-01","1-2","v1","","10Mi","yes","~"])");
}

TEST(YamlToJson, blocks_and_tagged_text_are_strings) {
  EXPECT_EQ(json("a: |\n  123\nb: >-\n  true\nc: !!str 5\n"), R"({"a":"123\n","b":"true","c":"5"})");
}

TEST(YamlToJson, a_kubeconfig_keeps_its_shape) {
  EXPECT_EQ(json("apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    server: https://1.2.3.4:6443\n"
                 "    insecure-skip-tls-verify: true\n  name: \"01\"\n"),
            R"({"apiVersion":"v1","clusters":[{"cluster":{"insecure-skip-tls-verify":true,)"
            R"("server":"https://1.2.3.4:6443"},"name":"01"}],"kind":"Config"})");
}

TEST(YamlToJson, numbers_without_a_JSON_form_are_refused_where_they_stand) {
  EXPECT_EQ(json("a: 1\nb: .inf\n"), "refused: line 2, column 4: is a number that JSON cannot hold: put it in quotes");
  EXPECT_THAT(json("a: 1e999"), HasSubstr("cannot hold"));
  EXPECT_EQ(json("a: '.inf'"), R"({"a":".inf"})");
}

TEST(YamlToJson, JSON_is_YAML) { EXPECT_EQ(json(R"({"a":[1,"2",{"b":null}]})"), R"({"a":[1,"2",{"b":null}]})"); }

TEST(YamlToJson, a_stream_gives_each_document_and_one_text_must_hold_one) {
  const auto texts = yaml_stream_to_json("---\na: 1\n---\n# nothing\n---\nb: 2\n");
  ASSERT_TRUE(texts);
  EXPECT_THAT(*texts, ElementsAre(R"({"a":1})", R"({"b":2})"));
  EXPECT_THAT(json("a: 1\n---\nb: 2\n"), HasSubstr("more than one YAML document"));
  EXPECT_EQ(json(""), "null");
}

TEST(Duration, takes_seconds_and_units) {
  EXPECT_EQ(parse_duration("300")->count(), 300'000);
  EXPECT_EQ(parse_duration("300s")->count(), 300'000);
  EXPECT_EQ(parse_duration("5m")->count(), 300'000);
  EXPECT_EQ(parse_duration("1h30m")->count(), 5'400'000);
  EXPECT_EQ(parse_duration("1d")->count(), 86'400'000);
  EXPECT_EQ(parse_duration("250ms")->count(), 250);
  EXPECT_EQ(parse_duration("1m500ms")->count(), 60'500);
  EXPECT_EQ(parse_duration("0")->count(), 0);
}

TEST(Duration, refuses_what_is_none) {
  for (const char* bad : {"", "soon", "-5s", "5 m", "1.5h", "5x", "30m1h", "5m5m", "5m30", "s", "99999999999999999999s",
                          "3651d", "9223372036854775807ms"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

TEST(Yaml, an_escape_that_gives_no_utf_8_is_refused) {
  for (const char* text : {R"(a: "x\_y")", R"("q\N": b)"})
    EXPECT_THAT(refusal(text), HasSubstr("gives no UTF-8")) << text;
}

}  // namespace
}  // namespace headwind::config
