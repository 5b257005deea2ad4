// SPDX-License-Identifier: Apache-2.0
// `headwind plugin call PLUGIN send`.
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/notice.hpp"
#include "cli/plugin_call.hpp"
#include "cli/tag_file.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "update/notification.hpp"

namespace headwind::cli {
namespace {

using Json = nlohmann::ordered_json;
using plugin::Event;
using update::EventType;

constexpr std::array kTypes = {EventType::update_detected,    EventType::update_request_created,
                               EventType::update_approved,    EventType::update_rejected,
                               EventType::update_completed,   EventType::update_failed,
                               EventType::rollout_completed,  EventType::rollback_triggered,
                               EventType::rollback_completed, EventType::rollback_failed};

Result<Event> made_up(const std::string& wanted) {
  std::vector<std::string_view> names;
  for (const EventType type : kTypes) {
    names.push_back(update::to_string(type));
    if (names.back() != wanted) continue;
    update::Notification notification;
    notification.type = type;
    notification.unix_ms = system_clock().unix_ms();
    notification.id = "plugin-call-" + std::to_string(notification.unix_ms);
    notification.api_version = "apps/v1";
    notification.kind = "Deployment";
    notification.name_space = "shop";
    notification.name = "web";
    notification.container = "web";
    notification.current_image = "nginx:1.25.0";
    notification.new_image = "nginx:1.26.0";
    notification.policy = "minor";
    notification.requires_approval = type == EventType::update_request_created;
    notification.request_name = "web-nginx-1-26-0";
    if (type == EventType::update_approved) notification.approved_by = "plugin call";
    if (type == EventType::update_rejected) notification.rejection_reason = "this is a test by headwind plugin call";
    if (type == EventType::update_failed || type == EventType::rollback_failed)
      notification.error_message = "this is a test by headwind plugin call";
    return app::notice_of(notification, {"http://localhost:8081", "http://localhost:8082"});
  }
  std::string sentence = "--sample " + printable(wanted, 100) + " is no type of event: it is one of";
  for (const std::string_view name : names) sentence += (sentence.ends_with("of") ? " " : ", ") + std::string(name);
  return make_error(Code::invalid, std::move(sentence));
}

// The members are those of hw_event; details may be an object.
Result<Event> read_event(const Json& json, const std::string& file) {
  if (!json.is_object())
    return make_error(Code::invalid, file + " holds something that is no event: give JSON objects");
  Event event;
  event.unix_ms = system_clock().unix_ms();
  const std::map<std::string, std::string*> texts{{"type", &event.type},
                                                  {"id", &event.id},
                                                  {"subject", &event.subject},
                                                  {"old_reference", &event.old_reference},
                                                  {"new_reference", &event.new_reference},
                                                  {"text", &event.text},
                                                  {"link", &event.link}};
  for (const auto& [name, value] : json.items()) {
    if (const auto text = texts.find(name); text != texts.end() && value.is_string()) {
      *text->second = value.get<std::string>();
    } else if (name == "details" && (value.is_object() || value.is_string())) {
      event.details =
          value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    } else if (name == "severity" && value.is_number_integer()) {
      event.severity = value.get<std::int32_t>();
    } else if (name == "unix_ms" && value.is_number_integer()) {
      event.unix_ms = value.get<std::int64_t>();
    } else {
      return make_error(Code::invalid, file + ": an event has no member " + printable(name, 100) +
                                           " of that type; it has type, id, severity (1 to 4), unix_ms, subject, "
                                           "old_reference, new_reference, text, link and details");
    }
  }
  if (event.id.empty()) event.id = "plugin-call-" + std::to_string(event.unix_ms);
  return event;
}

Result<> read_events(const std::string& file, std::vector<Event>& out) {
  Result<std::string> text = read_input(file, "the file of --event");
  if (!text) return text.error();
  const Json json = Json::parse(*text, nullptr, false);
  if (json.is_discarded()) return make_error(Code::invalid, printable(file, 500) + " is not JSON");
  for (const Json& one : json.is_array() ? json : Json::array({json})) {
    Result<Event> event = read_event(one, printable(file, 500));
    if (!event) return event.error();
    out.push_back(std::move(*event));
  }
  return {};
}

Json row_of(const Event& event, const Result<>& fate) {
  Json row{{"id", event.id}, {"type", event.type}, {"delivered", fate.has_value()}};
  if (fate) return row;
  row["code"] = to_string(fate.error().code);
  row["error"] = fate.error().message;
  row["retryable"] = fate.error().retryable;
  row["retry_after_ms"] = fate.error().retry_after.count();
  return row;
}

Task<int> send(PluginSession& session, std::vector<Event> events, bool json, bool dry_run) {
  const std::vector<Result<>> fates = co_await session.host().notifiers().front().send(events);
  int code = done;
  Json rows = Json::array();
  for (std::size_t i = 0; i < events.size() && i < fates.size(); ++i) {
    if (json) rows.push_back(row_of(events[i], fates[i]));
    if (!fates[i]) {
      code = complain_of_call(fates[i].error());
    } else if (!json) {
      std::printf("%s %s %s\n", dry_run ? "would deliver" : "delivered", printable(events[i].type).c_str(),
                  printable(events[i].id).c_str());
    }
  }
  if (json)
    std::puts(Json{{"dry_run", dry_run}, {"events", rows}}.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  co_return code;
}

}  // namespace

Result<PreparedCall> prepare_send(const CallOptions& options) {
  std::vector<Event> events;
  for (const std::string& file : options.event_files)
    if (Result<> read = read_events(file, events); !read) return read.error();
  if (options.event_files.empty()) {
    Result<Event> event = made_up(options.sample.empty() ? "update_completed" : options.sample);
    if (!event) return event.error();
    events.push_back(std::move(*event));
  }
  if (events.empty()) return make_error(Code::invalid, "the file of --event holds no event");
  return PreparedCall{plugin::Kind::notifier, "send",
                      [events = std::move(events), json = options.json, dry = options.dry_run](PluginSession& session) {
                        return send(session, events, json, dry);
                      }};
}

}  // namespace headwind::cli
