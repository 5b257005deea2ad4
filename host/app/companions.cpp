// SPDX-License-Identifier: Apache-2.0
#include "app/companions.hpp"

#include <algorithm>
#include <utility>

#include "app/reduced.hpp"
#include "core/text.hpp"
#include "kube/decode.hpp"
#include "kube/paths.hpp"

namespace headwind::app {

std::string companion_path(const std::string& companion, const std::string& name_space) {
  const auto parts = split(companion, '/');
  if (parts.size() == 2) return kube::collection_path({"", parts[0], parts[1]}, name_space);
  return parts.size() == 3 ? kube::collection_path({parts[0], parts[1], parts[2]}, name_space) : std::string();
}

Youngest::~Youngest() {
  for (const auto& [uid, kept] : kept_) bytes_->used -= kept.json.size();
}

Youngest::Place Youngest::drop(Place place) {
  bytes_->used -= place->second.json.size();
  return kept_.erase(place);
}

void Youngest::add(const kube::Object& object, unsigned list) {
  remove(object.uid);
  std::string text = reduced(object.json);
  bytes_->used += text.size();
  kept_.emplace(object.uid, Kept{object.created_ms, std::move(text), list});
  while (kept_.size() > most || (bytes_->used > CompanionBytes::most && kept_.size() > 1))
    drop(std::min_element(kept_.begin(), kept_.end(), [](const auto& left, const auto& right) {
      return left.second.created_ms < right.second.created_ms;
    }));
}

bool Youngest::remove(const std::string& uid) {
  const auto found = kept_.find(uid);
  if (found == kept_.end()) return false;
  drop(found);
  return true;
}

void Youngest::keep_only(unsigned list) {
  for (auto place = kept_.begin(); place != kept_.end();)
    place = place->second.list == list ? std::next(place) : drop(place);
}

void Youngest::add_to(std::vector<std::string>& texts) const {
  for (const auto& [uid, kept] : kept_) texts.push_back(kept.json);
}

Task<Result<std::vector<std::string>>> list_youngest(std::shared_ptr<kube::Client> client, std::string path,
                                                     std::string selector) {
  constexpr std::size_t page_size = 500, most_pages = 200;
  const kube::Decoder decoder(false);
  Youngest found(std::make_shared<CompanionBytes>());
  std::string token;
  for (std::size_t pages = 0; pages < most_pages; ++pages) {
    const std::string page_path = kube::with_query(
        path, {{"limit", std::to_string(page_size)}, {"continue", token}, {"labelSelector", selector}});
    Result<std::string> answer = co_await client->get(page_path);
    if (!answer) co_return answer.error();
    kube::Page page;
    if (!decoder.page(std::move(*answer), page))
      co_return make_error(Code::unavailable, "the answer to GET " + path + " is not a list");
    for (const kube::Object& object : page.items) found.add(object);
    token = std::move(page.continue_token);
    if (token.empty()) break;
  }
  std::vector<std::string> texts;
  found.add_to(texts);
  co_return texts;
}

Task<Result<>> Companions::upsert(std::vector<kube::Object> objects) {
  for (const kube::Object& object : objects) kept_.add(object, list_);
  if (listed_) changed_();
  co_return Result<>{};
}

void Companions::removed(const kube::Object& object) {
  if (kept_.remove(object.uid) && listed_) changed_();
}

void Companions::list_finished() {
  kept_.keep_only(list_);
  listed_ = true;
  changed_();
}

}  // namespace headwind::app
