// SPDX-License-Identifier: Apache-2.0
#include "update/settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "core/clock.hpp"
#include "core/image_reference.hpp"
#include "core/text.hpp"

namespace headwind::update {
namespace {

// Every key of Headwind 0.1.x and ours: what is not here is a misspelling.
const std::vector<std::string_view> known = {annotation::policy,           annotation::pattern,
                                             annotation::require_approval, annotation::min_update_interval,
                                             annotation::images,           annotation::event_source,
                                             annotation::last_update,      annotation::history,
                                             annotation::polling_interval, annotation::auto_rollback,
                                             annotation::rollback_timeout, annotation::health_check_retries,
                                             annotation::approvals,        annotation::approval_timeout,
                                             annotation::force_ownership,  annotation::policy_config,
                                             annotation::suspend,          annotation::released,
                                             annotation::values_images,    annotation::step};
constexpr std::size_t longest_value = 4096;
constexpr std::chrono::seconds least_polling_interval{10};  // what is shorter counts as this
constexpr std::uint32_t most_approvals = 10, most_retries = 1000;

class Reader {
 public:
  Reader(const inventory::Workload& workload, std::vector<Mistake>& mistakes)
      : workload_(workload), mistakes_(mistakes) {}

  const std::string* value(std::string_view field) {
    const std::string* text = workload_.annotation(field);
    if (text != nullptr && text->size() > longest_value) {
      mistake(field, "is longer than 4096 characters; shorten it");
      return nullptr;
    }
    return text;
  }

  void mistake(std::string_view field, std::string_view sentence, bool skips = true) {
    mistakes_.push_back(
        {field, workload_.key.text() + ": annotation " + std::string(field) + " " + std::string(sentence), skips});
  }

  void unknown(std::string_view field) {
    const auto near = nearest(field, known);
    mistakes_.push_back({"",
                         workload_.key.text() + ": annotation " + printable(field, 200) + " is not one Headwind knows" +
                             (near.empty() ? std::string("; remove it") : "; did you mean " + std::string(near) + "?"),
                         false, "InvalidAnnotation", std::string(field)});
  }

 private:
  const inventory::Workload& workload_;
  std::vector<Mistake>& mistakes_;
};

std::string quoted(std::string_view text) { return "'" + printable(text, 100) + "'"; }

void read_policy(Reader& reader, Settings& settings) {
  if (const std::string* text = reader.value(annotation::policy)) {
    const std::string_view value = trim(*text);
    settings.policy = value.find('/') == std::string_view::npos ? to_lower(value) : std::string(value);
    if (value.empty())
      reader.mistake(annotation::policy, "is empty; write none, patch, minor, major, all, glob or force");
  }
  if (const std::string* text = reader.value(annotation::pattern)) settings.pattern = *text;
  if (const std::string* text = reader.value(annotation::policy_config)) settings.policy_config = *text;
  if (settings.policy == "glob" && settings.pattern.empty())
    reader.mistake(annotation::pattern, "is missing; policy glob needs one, such as v1.*");
}

void read_source(Reader& reader, Settings& settings) {
  const std::string* text = reader.value(annotation::event_source);
  if (text == nullptr) return;
  const std::string value = to_lower(trim(*text));
  if (value == "webhook")
    settings.source = Settings::Source::webhook;
  else if (value == "polling")
    settings.source = Settings::Source::polling;
  else if (value == "both")
    settings.source = Settings::Source::both;
  else if (value == "none")
    settings.source = Settings::Source::none;
  else
    reader.mistake(annotation::event_source, "is " + quoted(*text) + "; write webhook, polling, both or none");
}

// true or false; where it is neither, `otherwise`, and told.
bool read_flag(Reader& reader, std::string_view field, bool otherwise) {
  const std::string* text = reader.value(field);
  if (text == nullptr) return false;
  const std::string value = to_lower(trim(*text));
  if (value == "true" || value == "false") return value == "true";
  reader.mistake(
      field,
      "is " + quoted(*text) + "; write true or false (it counts as " + (otherwise ? "true" : "false") + " meanwhile)",
      false);
  return otherwise;
}

std::optional<std::uint32_t> read_count(Reader& reader, std::string_view field, std::uint32_t least,
                                        std::uint32_t most) {
  const std::string* text = reader.value(field);
  if (text == nullptr) return std::nullopt;
  const std::string_view value = trim(*text);
  std::uint32_t count = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), count);
  if (failure == std::errc{} && end == value.data() + value.size() && count >= least && count <= most) return count;
  reader.mistake(field, "is " + quoted(*text) + "; write a whole number from " + std::to_string(least) + " to " +
                            std::to_string(most));
  return std::nullopt;
}

std::optional<std::chrono::seconds> read_seconds(Reader& reader, std::string_view field) {
  const std::string* text = reader.value(field);
  if (text == nullptr) return std::nullopt;
  const std::string_view value = trim(*text);
  std::uint32_t seconds = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (failure == std::errc{} && end == value.data() + value.size() && !value.empty())
    return std::chrono::seconds(seconds);
  reader.mistake(field, "is " + quoted(*text) + "; write a whole number of seconds, such as 300");
  return std::nullopt;
}

void read_polling_interval(Reader& reader, Settings& settings) {
  const auto seconds = read_seconds(reader, annotation::polling_interval);
  if (!seconds) return;
  settings.polling_interval = std::max(least_polling_interval, *seconds);
  if (*seconds >= least_polling_interval) return;
  const std::string least = std::to_string(least_polling_interval.count());
  reader.mistake(annotation::polling_interval,
                 "is '" + std::to_string(seconds->count()) + "', and the least is " + least + " seconds; write " +
                     least + " or more (it counts as " + least + " meanwhile)",
                 false);
}

void read_last_update(Reader& reader, Settings& settings, std::int64_t now_ms) {
  const std::string* text = reader.value(annotation::last_update);
  if (text == nullptr) return;
  // Headwind 0.1.x wrote "<time> (approved by <name>)" on StatefulSets and DaemonSets.
  const auto moment = parse_rfc3339(trim(std::string_view(*text).substr(0, text->find(' '))));
  if (!moment) {
    reader.mistake(annotation::last_update, "is " + quoted(*text) + ", not a time; it counts as absent", false);
  } else if (*moment > now_ms) {
    reader.mistake(annotation::last_update, "lies in the future (" + quoted(*text) + "); it counts as absent", false);
  } else {
    settings.last_update_ms = *moment;
  }
}

void read_approval(Reader& reader, Settings& settings) {
  if (const std::string* text = reader.value(annotation::require_approval)) {
    const std::string value = to_lower(trim(*text));
    settings.require_approval = value != "false";
    // Safe and told, but not skipped: the update waits for a person (decisions 22).
    if (value != "true" && value != "false")
      reader.mistake(annotation::require_approval,
                     "is " + quoted(*text) + "; write true or false (approval is required meanwhile)", false);
  }
  if (const auto count = read_count(reader, annotation::approvals, 1, most_approvals)) settings.approvals = *count;
  settings.approval_timeout = read_seconds(reader, annotation::approval_timeout);
}

void read_rollout(Reader& reader, Settings& settings) {
  settings.auto_rollback = read_flag(reader, annotation::auto_rollback, false);
  if (const auto seconds = read_seconds(reader, annotation::rollback_timeout)) settings.rollback_timeout = *seconds;
  if (const auto count = read_count(reader, annotation::health_check_retries, 0, most_retries))
    settings.health_check_retries = *count;
}

bool is_entry_of(const std::string& entry, const inventory::Slot& slot) {
  if (entry == slot.container()) return true;
  const auto image = parse_image_reference(entry);
  return image && slot.repository == image->repository();
}

void check_images(const inventory::Workload& workload, const Settings& settings, Reader& reader) {
  for (const std::string& entry : settings.images) {
    const bool known = std::any_of(workload.slots.begin(), workload.slots.end(),
                                   [&](const inventory::Slot& slot) { return is_entry_of(entry, slot); });
    if (known || workload.slots.empty()) continue;
    std::string there;
    for (const inventory::Slot& slot : workload.slots)
      there += (there.empty() ? "" : ", ") + std::string(slot.container());
    reader.mistake(annotation::images,
                   "names " + quoted(entry) +
                       ", which is neither a container nor a repository of this workload; there are: " + there,
                   false);
  }
}

// The entries of headwind.sh/values-images: a comma in brackets is part of a name.
std::vector<std::string> value_paths(std::string_view list) {
  std::vector<std::string> paths(1);
  bool inside = false;
  for (const char c : list) {
    inside = c == '[' || (inside && c != ']');
    if (c == ',' && !inside)
      paths.emplace_back();
    else
      paths.back() += c;
  }
  for (std::string& path : paths) path = std::string(trim(path));
  std::erase(paths, "");
  return paths;
}

// The steps of a JSON pointer, as people write them.
std::vector<std::string> steps_of(std::string_view pointer) {
  std::vector<std::string> steps;
  for (const std::string_view part : split(pointer, '/')) {
    std::string& step = steps.emplace_back();
    for (std::size_t i = 0; i < part.size(); ++i) {
      const bool escaped = part[i] == '~' && i + 1 < part.size();
      step += !escaped ? part[i] : part[++i] == '1' ? '/' : '~';
    }
  }
  return steps;
}

// Whether the plugin found a place by that path: it calls the slot like that, with the turns of its wildcards. A turn
// is one step of the way to the place, and in brackets a name is quoted; a name may have dots itself.
bool is_path_of(std::string_view path, const inventory::Slot& slot) {
  if (path.starts_with("$.") || path.starts_with("$[")) path.remove_prefix(path[1] == '.' ? 2 : 1);
  constexpr std::string_view values = "values/";
  std::string_view found = slot.slot.str();
  if (!found.starts_with(values)) return false;
  found.remove_prefix(values.size());
  if (path.find('*') == path.npos) return found == path;
  const std::vector<std::string> steps = steps_of(slot.pointer.str());
  std::set<std::size_t> ends{0};  // of what the path so far may stand for in `found`
  for (std::size_t i = 0; i < path.size() && !ends.empty(); ++i) {
    const bool wildcard = path[i] == '*' && (i == 0 || path[i - 1] == '.' || path[i - 1] == '[');
    std::set<std::size_t> next;
    for (const std::size_t end : ends) {
      const std::string_view rest = found.substr(end);
      if (rest.starts_with(path[i])) next.insert(end + 1);
      for (const std::string& step : wildcard ? steps : std::vector<std::string>()) {
        const std::string quoted_step = "'" + step + "'";
        for (const std::string_view turn : {std::string_view(step), std::string_view(quoted_step)})
          if (!turn.empty() && rest.starts_with(turn)) next.insert(end + turn.size());
      }
    }
    ends = std::move(next);
  }
  return ends.contains(found.size());
}

void check_values(const inventory::Workload& workload, Reader& reader) {
  const std::string* list = reader.value(annotation::values_images);
  if (list == nullptr) return;
  std::vector<std::string> lost = value_paths(*list);
  std::erase_if(lost, [&](const std::string& path) {
    return std::any_of(workload.slots.begin(), workload.slots.end(),
                       [&](const inventory::Slot& slot) { return is_path_of(path, slot); });
  });
  if (lost.empty()) return;
  const std::string more = lost.size() == 1 ? "" : " and " + std::to_string(lost.size() - 1) + " more";
  reader.mistake(annotation::values_images,
                 "names " + quoted(lost.front()) + more +
                     ", where no tag is found below spec.values that has its repository beside it and that no other "
                     "path names; write a path such as image.tag, or JSONPath such as $.sidecars[0].image.tag",
                 false);
}

// GitOps sets the image back at once. (Helm does at its next upgrade: told when we change something, see sender.cpp.)
void read_owner(const inventory::Workload& workload, Settings& settings) {
  const std::string& owner = workload.owner.str();
  if (owner.empty() || owner.starts_with("Helm ") || settings.policy == "none" || settings.force_ownership) return;
  settings.mistakes.push_back({annotation::force_ownership,
                               workload.key.text() + " is managed by " + owner +
                                   ", which would undo an update; change the image there, or annotate "
                                   "headwind.sh/force-ownership: \"true\" to have Headwind update it",
                               true, managed_elsewhere});
}

}  // namespace

bool is_built_in(std::string_view policy) {
  static constexpr std::array<std::string_view, 7> names{"none", "patch", "minor", "major", "all", "glob", "force"};
  return std::find(names.begin(), names.end(), policy) != names.end();
}

bool Settings::skipped() const {
  return std::any_of(mistakes.begin(), mistakes.end(), [](const Mistake& m) { return m.skips; });
}

bool Settings::follows(Origin origin) const {
  if (source == Source::none) return false;
  if (source == Source::both) return true;
  return (source == Source::webhook) == (origin != Origin::polling);
}

bool Settings::selects(const inventory::Slot& slot) const {
  if (images.empty()) return !slot.slot.str().starts_with("initContainers/");
  return std::any_of(images.begin(), images.end(), [&](const std::string& entry) { return is_entry_of(entry, slot); });
}

Settings read_settings(const inventory::Workload& workload, std::chrono::seconds default_interval,
                       std::int64_t now_ms) {
  Settings settings;
  settings.min_interval = default_interval;
  Reader reader(workload, settings.mistakes);
  read_policy(reader, settings);
  read_source(reader, settings);
  read_last_update(reader, settings, now_ms);
  read_approval(reader, settings);
  read_rollout(reader, settings);
  settings.suspended = read_flag(reader, annotation::suspend, true);
  settings.force_ownership = read_flag(reader, annotation::force_ownership, false);
  if (const auto seconds = read_seconds(reader, annotation::min_update_interval)) settings.min_interval = *seconds;
  read_polling_interval(reader, settings);
  if (const std::string* text = reader.value(annotation::images))
    for (const auto part : split(*text, ','))
      if (const auto entry = trim(part); !entry.empty()) settings.images.emplace_back(entry);
  check_images(workload, settings, reader);
  if (!workload.not_read) check_values(workload, reader);
  read_owner(workload, settings);
  for (const auto& [key, value] : workload.annotations)
    if (std::find(known.begin(), known.end(), key.str()) == known.end()) reader.unknown(key.str());
  return settings;
}

}  // namespace headwind::update
