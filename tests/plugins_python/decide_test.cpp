// SPDX-License-Identifier: Apache-2.0
#include "script_world.hpp"

namespace headwind::plugin {
namespace {

using testing::HasSubstr;

class Decide : public ScriptWorld {};

TEST_F(Decide, APolicySeesWorkloadSlotAndCandidates) {
  ASSERT_TRUE(script("sees", R"(
def choose(workload, slot, candidates, parameters):
    assert (workload.kind, workload.namespace, workload.name) == ("Deployment", "shop", "cart")
    assert workload.labels == {"tier": "front"}, workload.labels
    assert workload.annotations == {"headwind.sh/policy": "x"}
    assert (slot.name, slot.container, slot.image) == ("containers/web", "web", "docker.io/library/nginx")
    assert (slot.tag, slot.digest, slot.version.parts) == ("1.0.0", "sha256:aa", (1, 0, 0))
    assert [c.tag for c in candidates] == ["1.0.1", "1.1.0", "latest"]
    assert candidates[1].version > candidates[0].version and candidates[2].version is None
    assert candidates[0].digest is None and candidates[0].pushed is None
    candidates.reverse()
    return candidates[1]
)"));
  const Result<Choice> choice = ask("sees", {"1.0.1", "1.1.0", "latest"});
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_EQ(choice->verdict, Verdict::update);
  EXPECT_EQ(choice->index, 1U);
}

TEST_F(Decide, DigestsAndTimesOfCandidatesArriveRowByRow) {
  ASSERT_TRUE(script("dated", R"(
from datetime import datetime, timezone
def choose(workload, slot, candidates, parameters):
    first, second = candidates
    assert first.digest == "sha256:" + "a" * 64, first.digest
    assert first.pushed == datetime(2026, 1, 2, 3, 4, 5, 678000, timezone.utc), first.pushed
    assert second.digest is None and second.pushed is None, (second.digest, second.pushed)
    return first
)"));
  Tags candidates;
  candidates.names = {"1.0.1", "1.1.0"};
  candidates.digests = {"sha256:" + std::string(64, 'a'), ""};
  candidates.created_ms = {1, 2};
  candidates.pushed_ms = {1'767'323'045'678, 0};
  PolicyQuery query;
  query.policy = "python/dated";
  query.tag = "1.0.0";
  const Result<Choice> choice = run(host->policies().front().choose(query, candidates, false));
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_EQ(choice->verdict, Verdict::update);
  EXPECT_EQ(choice->index, 0U);
}

TEST_F(Decide, AnswersAreACandidateATagAHoldOrNothing) {
  ASSERT_TRUE(script("any", R"(
import headwind
schema = {"type": "object", "properties": {"answer": {"type": "string", "default": "none"}}}
def choose(workload, slot, candidates, parameters):
    return {"tag": "1.1.0", "hold": headwind.Hold("it is Friday"), "none": None,
            "reason": headwind.Choose(candidates[0], "it is small")}[parameters["answer"]]
)"));
  const auto answer = [&](const std::string& parameters) { return ask("any", {"1.0.1", "1.1.0"}, parameters).value(); };
  EXPECT_EQ(answer(R"({"answer": "tag"})").index, 1U);
  EXPECT_EQ(answer(R"({"answer": "reason"})").why, "it is small");
  EXPECT_EQ(answer(R"({"answer": "hold"})").verdict, Verdict::hold);
  EXPECT_EQ(answer(R"({"answer": "hold"})").why, "it is Friday");
  EXPECT_EQ(answer("").why, "the policy chose none of 2 tags");
}

TEST_F(Decide, AClassIsMadeOnceAndKeepsWhatItLearns) {
  ASSERT_TRUE(script("kept", R"(
class Canary:
    schema = {"type": "object"}
    def __init__(self):
        self.calls = 0
    def choose(self, workload, slot, candidates, parameters):
        self.calls += 1
        return candidates[self.calls - 1]
)",
                     R"(, "callable": "Canary")"));
  EXPECT_EQ(ask("kept").value().index, 0U);
  EXPECT_EQ(ask("kept").value().index, 1U);
}

TEST_F(Decide, ParametersThatDoNotFitTheSchemaAreRefusedByTheNameOfTheAnnotation) {
  ASSERT_TRUE(script("strict", R"(
def choose(workload, slot, candidates, parameters):
    return candidates[parameters["row"]]
choose.schema = {"type": "object", "required": ["row"], "additionalProperties": False,
                 "properties": {"row": {"type": "integer"}}}
)"));
  EXPECT_EQ(ask("strict", {"a", "b"}, R"({"row": 1})").value().index, 1U);
  for (const char* wrong : {R"({"row": "x"})", "{}", R"({"row": 1, "more": 1})", "[1]", "{"}) {
    const Result<Choice> choice = ask("strict", {"a", "b"}, wrong);
    ASSERT_FALSE(choice) << wrong;
    EXPECT_EQ(choice.error().code, Code::invalid);
    EXPECT_THAT(choice.error().message, HasSubstr("annotation headwind.sh/policy-config does not fit")) << wrong;
  }
  EXPECT_THAT(ask("strict", {"a"}, R"({"row": "x"})").error().message, HasSubstr("row"));
}

TEST_F(Decide, WhatIsWrongWithAParameterIsToldWithItsFieldWhatIsThereAndWhatIsAllowed) {
  ASSERT_TRUE(script("staged", R"(
def choose(workload, slot, candidates, parameters):
    return candidates[0]
choose.schema = {"type": "object", "required": ["tier"], "additionalProperties": False,
                 "definitions": {"name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 5}},
                 "properties": {"tier": {"enum": ["silver", "gold"]},
                                "hours": {"type": ["integer", "null"], "minimum": 0, "exclusiveMaximum": 24},
                                "stages": {"type": "array", "maxItems": 2, "items": {"$ref": "#/definitions/name"}},
                                "either": {"anyOf": [{"type": "string"}, {"type": "boolean"}]}}}
)"));
  EXPECT_TRUE(ask("staged", {"a"}, R"({"tier": "gold", "hours": null, "stages": ["a"], "either": true})"));
  for (const auto& [wrong, sentence] : std::map<std::string, std::string>{
           {"{}", R"(the key "tier" is missing; it must be given)"},
           {R"({"tier": "gold", "teir": 1})",
            R"(the key "teir" is unknown; the policy takes "either", "hours", "stages" or "tier")"},
           {R"({"tier": "gilt"})", R"(tier: it is "gilt"; it must be "silver" or "gold")"},
           {R"({"tier": "gold", "hours": "noon"})", R"(hours: it is "noon"; it must be a whole number or null)"},
           {R"({"tier": "gold", "hours": 1.5})", "hours: it is 1.5; it must be a whole number or null"},
           {R"({"tier": "gold", "hours": -1})", "hours: it is -1; it must be at least 0"},
           {R"({"tier": "gold", "hours": 24})", "hours: it is 24; it must be less than 24"},
           {R"({"tier": "gold", "stages": ["a", "b", "c"]})",
            R"(stages: it is ["a","b","c"]; it must have at most 2 items)"},
           {R"({"tier": "gold", "stages": ["a", "B"]})",
            R"(stages[1]: it is "B"; it must match the pattern "^[a-z]+$")"},
           {R"({"tier": "gold", "stages": ["abcdef"]})",
            R"(stages[0]: it is "abcdef"; it must have at most 5 characters)"},
           {R"({"tier": "gold", "either": 1})",
            R"(either: it is 1; it must fit {"anyOf":[{"type":"string"},{"type":"boolean"}]})"}}) {
    const Result<Choice> choice = ask("staged", {"a"}, wrong);
    ASSERT_FALSE(choice) << wrong;
    EXPECT_THAT(choice.error().message, testing::EndsWith("does not fit the policy's schema: " + sentence));
  }
}

TEST_F(Decide, AParameterWhoseRulesStandElsewhereInTheSchemaIsToldInTheValidatorsWords) {
  ASSERT_TRUE(script("patterned", R"(
def choose(workload, slot, candidates, parameters):
    return candidates[0]
choose.schema = {"type": "object", "required": ["zone"],
                 "patternProperties": {"^h": {"type": "integer"}, "^w": {"type": "object", "required": ["from"]}}}
)"));
  const std::string hours = ask("patterned", {"a"}, R"({"zone": "a", "hours": "noon"})").error().message;
  EXPECT_THAT(hours,
              testing::AllOf(HasSubstr(R"(hours: it is "noon"; )"), testing::Not(HasSubstr("must be an object"))));
  const std::string week = ask("patterned", {"a"}, R"({"zone": "a", "week": {"to": 1}})").error().message;
  EXPECT_THAT(week,
              testing::AllOf(HasSubstr("week"), HasSubstr("from"), testing::Not(HasSubstr("\"zone\" is missing"))));
}

TEST_F(Decide, APolicyWithoutASchemaTakesNoParameters) {
  create_good();
  EXPECT_EQ(ask("good", {"a"}, R"({"row": 1})").error().code, Code::invalid);
  EXPECT_TRUE(ask("good", {"a"}, "{}"));
}

TEST_F(Decide, ExtensionModulesOfPythonCanBeImported) {
  ASSERT_TRUE(script("imports", R"(
import ssl, decimal, asyncio, ctypes, json, datetime, re, dataclasses
@dataclasses.dataclass
class Rule:
    name: str
def choose(workload, slot, candidates, parameters):
    assert Rule("a") == Rule("a") and decimal.Decimal("1.1") > 1
    return candidates[0]
)"));
  const Result<Choice> choice = ask("imports");
  EXPECT_TRUE(choice) << choice.error().message;
}

TEST_F(Decide, EachScriptHasNamesOfItsOwn) {
  const std::string source =
      "calls = []\ndef choose(workload, slot, candidates, parameters):\n    calls.append(1)\n    "
      "return candidates[len(calls) - 1]\n";
  ASSERT_TRUE(script("first", source));
  ASSERT_TRUE(script("second", source));
  EXPECT_EQ(ask("first").value().index, 0U);
  EXPECT_EQ(ask("second").value().index, 0U);
  EXPECT_EQ(ask("first").value().index, 1U);
}

TEST_F(Decide, NotesBecomeTheReasonsOfTheTable) {
  ASSERT_TRUE(script("notes", R"(
def choose(workload, slot, candidates, parameters):
    candidates[0].note = "is odd"
    return candidates[1]
)"));
  const Choice choice = ask("notes", {"1.1.1", "1.1.2", "1.1.3"}, "", true).value();
  ASSERT_EQ(choice.judgements.size(), 3U);
  EXPECT_EQ(choice.judgements[0].reason, "is odd");
  EXPECT_EQ(choice.judgements[1].verdict, Verdict::update);
  EXPECT_EQ(choice.judgements[2].reason, "was not chosen");
}

}  // namespace
}  // namespace headwind::plugin
