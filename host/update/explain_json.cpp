// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/clock.hpp"
#include "update/explanation.hpp"

namespace headwind::update {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}
void put_time(Json& object, const char* key, std::optional<std::int64_t> unix_ms) {
  if (unix_ms.value_or(0) != 0) object[key] = format_rfc3339(*unix_ms);
}

Json annotations_json(const Explanation& explanation) {
  Json all = Json::array();
  for (const auto& [annotation, value] : understood(explanation.settings)) {
    const bool written =
        std::find(explanation.written.begin(), explanation.written.end(), annotation) != explanation.written.end();
    all.push_back({{"annotation", annotation}, {"value", value}, {"written", written}});
  }
  return all;
}

Json mistakes_json(const Settings& settings) {
  Json all = Json::array();
  for (const Mistake& mistake : settings.mistakes) {
    Json one = Json::object();
    put(one, "annotation", mistake.annotation.empty() ? std::string(mistake.field) : mistake.annotation);
    one["sentence"] = mistake.sentence;
    one["leftAlone"] = mistake.skips;
    all.push_back(std::move(one));
  }
  return all;
}

Json registry_json(const RegistryFacts& facts, std::int64_t at_ms) {
  Json one = Json::object();
  put_time(one, "readAt", facts.read_ms);
  one["ageSeconds"] = std::max<std::int64_t>(0, at_ms - facts.read_ms) / 1000;
  one["tags"] = facts.tags;
  put(one, "runningDigest", facts.running_digest);
  put(one, "trouble", facts.trouble);
  put_time(one, "tryAgainAt", facts.try_ms);
  return one;
}

Json slot_json(const ExplainedSlot& place, std::int64_t at_ms) {
  Json one{{"slot", place.slot}};
  put(one, "container", place.container);
  one["image"] = place.image;
  put(one, "repository", place.repository);
  one["chart"] = place.chart;
  one["followed"] = place.followed;
  put(one, "baselineDigest", place.baseline);
  if (place.registry.asked) one["registry"] = registry_json(place.registry, at_ms);
  one["choice"] = place.choice.empty() ? Json(nullptr) : Json(place.choice);
  put(one, "why", place.why);
  one["counts"] = {{"update", place.updates}, {"hold", place.held}, {"ignored", place.ignored}};
  Json candidates = Json::array();
  for (const ExplainedCandidate& candidate : place.candidates) {
    Json row{{"tag", candidate.tag}, {"verdict", to_string(candidate.verdict)}, {"rule", candidate.rule}};
    put(row, "reason", candidate.reason);
    put(row, "digest", candidate.digest);
    put_time(row, "pushedAt", candidate.pushed_ms);
    if (candidate.chosen) row["chosen"] = true;
    candidates.push_back(std::move(row));
  }
  one["candidates"] = std::move(candidates);
  return one;
}

Json history_json(const std::vector<HistoryEntry>& history) {
  Json all = Json::array();
  for (const HistoryEntry& entry : history) {
    Json one{{"container", entry.container}, {"image", entry.image}, {"timestamp", entry.timestamp}};
    put(one, "updateRequestName", entry.request_name);
    put(one, "approvedBy", entry.approved_by);
    put(one, "digest", entry.digest);
    put(one, "trace", entry.trace);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  return verdict == Verdict::update ? "update" : verdict == Verdict::hold ? "hold" : "ignored";
}

std::string to_json(const Explanation& explanation) {
  Json document{{"namespace", explanation.workload.name_space.str()},
                {"kind", explanation.workload.kind.str()},
                {"name", explanation.workload.name},
                {"apiVersion", explanation.api_version},
                {"at", format_rfc3339(explanation.at_ms)},
                {"summary", explanation.summary}};
  put(document, "owner", explanation.owner);
  document["annotations"] = annotations_json(explanation);
  document["mistakes"] = mistakes_json(explanation.settings);
  Json slots = Json::array(), waits = Json::array(), remembered = Json::array(), events = Json::array();
  for (const ExplainedSlot& place : explanation.slots) slots.push_back(slot_json(place, explanation.at_ms));
  for (const ExplainedWait& wait : explanation.waits) {
    Json one{{"kind", wait.kind}, {"sentence", wait.sentence}};
    put_time(one, "until", wait.until_ms);
    waits.push_back(std::move(one));
  }
  for (const ExplainedMemory& memory : explanation.remembered) {
    Json one{{"slot", memory.slot},
             {"image", memory.image},
             {"phase", memory.phase},
             {"updateRequestName", memory.request.name}};
    put(one, "digest", memory.digest);
    put(one, "why", memory.why);
    put(one, "by", memory.by);
    put_time(one, "since", memory.since_ms);
    remembered.push_back(std::move(one));
  }
  for (const ToldEvent& event : explanation.events)
    events.push_back({{"at", format_rfc3339(event.at_ms)},
                      {"type", event.warning ? "Warning" : "Normal"},
                      {"reason", event.reason},
                      {"message", event.message}});
  document["slots"] = std::move(slots);
  document["waits"] = std::move(waits);
  document["remembered"] = std::move(remembered);
  document["history"] = history_json(explanation.history);
  document["events"] = std::move(events);
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace headwind::update
