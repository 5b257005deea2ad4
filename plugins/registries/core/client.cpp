// SPDX-License-Identifier: Apache-2.0
#include "registries/core/client.hpp"

#include <optional>

namespace headwind::registries {
namespace {

// The first of the places that answers. Of those that do not, the registry's own word counts.
template <class Ask>
auto first_answer(const std::vector<Target>& targets, Ask ask) {
  for (std::size_t i = 0; i + 1 < targets.size(); ++i)
    if (auto out = ask(targets[i]); out || out.failure().code == HW_CANCELLED) return out;
  return ask(targets.back());
}

// A mirror whose digest is not taken.
struct Doubted {
  std::string mirror;
  TagMemory::Verdict verdict;
};

// HW_CONFLICT: asked again, but no trouble of the host, whose mirror serves all other tags well.
Failure no_other_place(const Doubted& doubted, const Repository& repository, const std::string& what,
                       const Failure& registry) {
  return {HW_CONFLICT,
          doubted.mirror + " still seems to name an older digest of " + what +
              " than the last one told, and no other place answers (" + registry.message +
              "): let the mirror catch up, or take it out of registries." + repository.host + ".mirrors",
          registry.retry_after_ms};
}

}  // namespace

Outcome<std::size_t> Client::list_tags(const Repository& repository, Transport& transport,
                                       const std::function<hw_status(const std::vector<std::string>&)>& on_page) {
  return list_rows(repository, transport, [&](const TagRows& rows) { return on_page(rows.names); });
}

Outcome<std::size_t> Client::list_rows(const Repository& repository, Transport& transport, const OnTags& on_tags) {
  const std::string what = "the tags of " + repository.text();
  return first_answer(targets_of(settings_, repository, transport), [&](const Target& target) -> Outcome<std::size_t> {
    TagListing listing(exchange_, pages_, target, what, transport);
    if (!target.mirror) return listing.run(on_tags);
    // Nothing of a mirror's list is told before it is whole, and an empty one is no answer. Nor are its digests: the
    // host takes that of the running tag from the list, and one of a mirror that lags would lead it back.
    std::vector<TagRows> held;
    auto count = listing.run([&](const TagRows& rows) {
      held.push_back({rows.names, {}, rows.pushed_ms});
      return HW_OK;
    });
    if (count && *count == 0) return Failure{HW_NOT_FOUND, target.name + " has no tags", 0};
    for (const auto& rows : held)
      if (const auto status = count ? on_tags(rows) : HW_OK; status != HW_OK)
        return Failure{HW_CANCELLED, "the host stopped reading", 0};
    return count;
  });
}

Outcome<Artifact> Client::resolve(const Repository& repository, std::string_view tag, Transport& transport,
                                  std::string_view platform) {
  if (!is_valid_tag(tag)) return Failure{HW_INVALID, "the tag of " + repository.text() + " is not valid", 0};
  const auto node = parse_platform(platform);
  if (!platform.empty() && !node)
    return Failure{HW_INVALID, "the platform for " + repository.text() + " must be like linux/arm64", 0};
  const auto targets = targets_of(settings_, repository, transport);
  const std::string what = repository.text() + ":" + std::string(tag);
  std::optional<Doubted> doubted;
  std::size_t next_place = 0;
  auto found = first_answer(targets, [&](const Target& target) -> Outcome<Artifact> {
    const std::size_t place = next_place++;
    const Failure not_taken{HW_UNAVAILABLE, target.name + " is not taken at its word", 0};
    if (target.mirror && doubted && doubted->verdict == TagMemory::Verdict::unheard) return not_taken;
    Images images(exchange_, target, repository.text(), transport);
    auto top = images.resolve(tag);
    if (!top) return top;
    // Judged by what the tag itself names, whatever is chosen of that for a platform.
    if (targets.size() > 1)
      if (const auto verdict = tags_.named(what, place, target.mirror, top->digest);
          verdict != TagMemory::Verdict::stands) {
        doubted = Doubted{target.name, verdict};
        return not_taken;
      }
    return node ? images.select(*top, *node) : top;
  });
  if (found || !doubted) return found;
  // Any other failure is the registry's own word: a refusal, say, makes the host try another credential.
  const hw_status code = found.failure().code;
  if (code != HW_UNAVAILABLE && code != HW_THROTTLED) return found;
  return no_other_place(*doubted, repository, what, found.failure());
}

Outcome<std::vector<std::string>> Client::platforms(const Repository& repository, std::string_view digest,
                                                    Transport& transport) {
  if (!is_valid_digest(digest)) return Failure{HW_INVALID, "the digest of " + repository.text() + " is not valid", 0};
  const auto found = first_answer(targets_of(settings_, repository, transport), [&](const Target& target) {
    return Images(exchange_, target, repository.text(), transport).platforms(std::string(digest));
  });
  if (!found) return found.failure();
  std::vector<std::string> out;
  for (const auto& platform : *found) out.push_back(platform.text());
  return out;
}

}  // namespace headwind::registries
