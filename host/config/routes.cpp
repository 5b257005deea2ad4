// SPDX-License-Identifier: Apache-2.0
// notifications.routes
#include <algorithm>
#include <functional>

#include "config/keys.hpp"
#include "config/reader.hpp"
#include "config/structures.hpp"
#include "config/values.hpp"

namespace headwind::config {
namespace {

using Check = std::function<Problem(std::string_view)>;

// `places`: where each one stands, for mistakes that show only later.
void read_words(MapReader& fields, Report& report, std::string_view name, std::vector<std::string>& out,
                const Check& check, std::vector<Written>* places = nullptr) {
  fields.node(name, [&](const YamlNode& value, const std::string& path) {
    if (!is_list(value, path, report)) return;
    // It would read as "none" and mean "all".
    if (value.items.empty()) report.add(value, path, "is empty: name what is meant, or take the key away for all");
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      const std::string* word = scalar(value.items[i], item_path(path, i), report);
      if (word == nullptr) continue;
      if (const Problem problem = check(*word)) {
        report.add(value.items[i], item_path(path, i), *problem);
        continue;
      }
      out.push_back(*word);
      if (places != nullptr) places->push_back({report.place(value.items[i], item_path(path, i))});
    }
  });
}

Problem check_instance(std::string_view value) {
  if (!is_instance_name(value)) return "must be the name of a notifier instance, such as slack-ops";
  return {};
}

Problem check_namespace(std::string_view value) {
  std::string plain(value);
  std::replace_if(plain.begin(), plain.end(), [](char c) { return c == '*' || c == '?'; }, 'x');
  if (!is_dns_label(plain)) return "must be the name of a namespace, * and ? allowed, such as shop-*";
  return {};
}

Problem check_event(std::string_view value) {
  if (std::find(notification_events.begin(), notification_events.end(), value) != notification_events.end()) return {};
  std::string sentence = "'" + printable(value, 64) + "' is no event";
  sentence += did_you_mean(value, {notification_events.begin(), notification_events.end()}) + ": there are ";
  for (const std::string_view event : notification_events)
    sentence.append(event == notification_events.front() ? "" : ", ").append(event);
  return sentence;
}

Problem check_kind(std::string_view value) {
  const bool capital = !value.empty() && value.front() >= 'A' && value.front() <= 'Z';
  if (!capital || !is_identifier(value)) return "must be the kind of a workload, such as Deployment";
  return {};
}

void read_labels(const YamlNode& node, const std::string& path, Report& report, NotificationRoute& route) {
  MapReader(node, path, report).each([&](const std::string& key, const YamlNode& value, const std::string& at) {
    const std::string* pattern = scalar(value, at, report);
    if (pattern == nullptr) return;
    const std::size_t slash = key.find('/');
    const std::string_view name = std::string_view(key).substr(slash == std::string::npos ? 0 : slash + 1);
    if (!is_identifier(name)) return report.add(value, at, "the key of a label is such as team or example.com/team");
    if (pattern->empty() || pattern->size() > 63)
      return report.add(value, at, "must be the value of a label, * and ? allowed; * is any value");
    route.labels[key] = *pattern;
  });
  if (node.kind == YamlNode::Kind::map && node.fields.empty())
    report.add(node, path, "is empty: name a label, or take the key away for all");
}

NotificationRoute read_route(const YamlNode& node, const std::string& path, Report& report) {
  NotificationRoute route;
  MapReader fields(node, path, report);
  read_words(fields, report, "to", route.to, check_instance, &route.places);
  read_words(fields, report, "namespaces", route.namespaces, check_namespace);
  read_words(fields, report, "events", route.events, check_event);
  read_words(fields, report, "kinds", route.kinds, check_kind);
  fields.node("labels", [&](const YamlNode& value, const std::string& at) { read_labels(value, at, report, route); });
  fields.refuse_others();
  if (node.kind == YamlNode::Kind::map && !node.find("to")) fields.mistake("needs to, a list of notifier instances");
  return route;
}

}  // namespace

void read_routes(Config& config, const YamlNode& node, std::string_view path, Report& report) {
  config.notification_routes.clear();
  if (!is_list(node, path, report)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i)
    config.notification_routes.push_back(read_route(node.items[i], item_path(path, i), report));
}

void check_routes(const Config& config, Report& report) {
  // Those of 0.1.x may be switched on later, by its ConfigMap.
  std::vector<std::string> names{"slack", "teams", "webhook"};
  for (const Plugin& plugin : plugin_instances(config)) {
    // Of foreign plugins only they themselves know their kind.
    const bool of_another_kind =
        plugin.plugin.starts_with("headwind.") && !plugin.plugin.starts_with("headwind.notifier.");
    const bool is_known = std::find(names.begin(), names.end(), plugin.name) != names.end();
    if (!of_another_kind && !is_known && !plugin.name.empty()) names.push_back(plugin.name);
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const NotificationRoute& route : config.notification_routes) {
    for (std::size_t i = 0; i < route.to.size(); ++i) {
      if (std::find(names.begin(), names.end(), route.to[i]) != names.end()) continue;
      std::string sentence = "'" + route.to[i] + "' is no notifier instance" + did_you_mean(route.to[i], known) + ":";
      for (const std::string& name : names) sentence += (name == names.front() ? " there are " : ", ") + name;
      report.add_at(route.places[i].at, sentence + "; plugins.instances adds others");
    }
  }
}

}  // namespace headwind::config
