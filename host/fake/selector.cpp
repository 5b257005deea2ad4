// SPDX-License-Identifier: Apache-2.0
#include "fake/selector.hpp"

#include "core/text.hpp"

namespace headwind::fake {

Outcome<Selector> Selector::parse(std::string_view labels, std::string_view fields) {
  Selector selector;
  using Kind = Term::Kind;
  const auto read = [](std::string_view text, std::vector<Term>& terms) {
    for (std::string_view part : split(text, ',')) {
      part = trim(part);
      if (part.empty()) return text.empty();
      Term term;
      const std::size_t equals = part.find('=');
      if (equals == std::string_view::npos) {
        term.kind = part.starts_with('!') ? Kind::absent : Kind::exists;
        term.key = trim(part.substr(term.kind == Kind::absent ? 1 : 0));
        if (term.key.find(' ') != std::string::npos) return false;  // "a in (b)" is not spoken here
      } else {
        std::string_view key = part.substr(0, equals);
        if (key.ends_with('!')) {
          term.kind = Kind::not_equal;
          key.remove_suffix(1);
        }
        std::string_view value = part.substr(equals + 1);
        if (value.starts_with('=') && term.kind == Kind::equal) value.remove_prefix(1);
        if (value.find('=') != std::string_view::npos) return false;
        term.key = trim(key);
        term.value = trim(value);
      }
      if (term.key.empty()) return false;
      terms.push_back(std::move(term));
    }
    return true;
  };
  if (!read(labels, selector.labels_)) {
    return failure(400, "unable to parse requirement: " + std::string(labels));
  }
  if (!read(fields, selector.fields_)) return failure(400, "invalid field selector: " + std::string(fields));
  for (const Term& term : selector.fields_) {
    if (term.key != "metadata.name" && term.key != "metadata.namespace") {
      return failure(
          400, "\"" + term.key + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }
  }
  return selector;
}

bool Selector::matches(const Json& object) const {
  const auto holds = [](const Term& term, const Json* value) {
    const bool present = value != nullptr && value->is_string();
    const bool same = present && value->get_ref<const std::string&>() == term.value;
    switch (term.kind) {
      case Term::Kind::equal: return same;
      case Term::Kind::not_equal: return !same;
      case Term::Kind::exists: return present;
      case Term::Kind::absent: return !present;
    }
    return false;
  };
  for (const Term& term : labels_) {
    if (!holds(term, find_at(object, {"metadata", "labels", term.key}))) return false;
  }
  for (const Term& term : fields_) {
    const std::string_view member = std::string_view(term.key).substr(sizeof("metadata.") - 1);
    if (!holds(term, find_at(object, {"metadata", member}))) return false;
  }
  return true;
}

}  // namespace headwind::fake
