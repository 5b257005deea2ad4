// SPDX-License-Identifier: Apache-2.0
#include "sender.hpp"

#include <algorithm>

#include "dice.hpp"
#include "operator_process.hpp"

namespace headwind::soak {

using end_to_end::Json;

Sender::~Sender() {
  ended_ = true;
  thread_.join();
}

void Sender::announce(const std::string& image, const std::string& tag, const std::string& digest,
                      std::chrono::milliseconds delay) {
  const std::lock_guard lock(mutex_);
  letters_.push_back({image, tag, digest, now_ms() + delay.count()});
}

std::size_t Sender::waiting() const {
  const std::lock_guard lock(mutex_);
  return letters_.size() + on_the_way_;
}

std::int64_t Sender::told_ms(const std::string& image, const std::string& tag) const {
  const std::lock_guard lock(mutex_);
  const auto found = told_.find(image + ":" + tag);
  return found == told_.end() ? 0 : found->second;
}

void Sender::run() {
  while (!ended_) {
    std::vector<Letter> due;
    {
      const std::lock_guard lock(mutex_);
      const auto later = std::partition(letters_.begin(), letters_.end(),
                                        [now = now_ms()](const Letter& one) { return one.due_ms <= now; });
      due.assign(std::make_move_iterator(letters_.begin()), std::make_move_iterator(later));
      letters_.erase(letters_.begin(), later);
      on_the_way_ = due.size();
    }
    for (Letter& letter : due) send(std::move(letter));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void Sender::send(Letter letter) {
  constexpr const char* manifest = "application/vnd.oci.image.manifest.v1+json";
  const Json target{
      {"mediaType", manifest}, {"digest", letter.digest}, {"repository", letter.image}, {"tag", letter.tag}};
  const std::int64_t began = now_ms();
  const Json event{{"action", "push"}, {"target", target}};
  const end_to_end::Reply reply = end_to_end::OperatorProcess::webhook("registry", {{"events", Json::array({event})}});
  if (reply.status != 0) ++answered_;
  const std::lock_guard lock(mutex_);
  --on_the_way_;
  if (reply.status == 200) {
    ++accepted_;
    auto& told = told_[letter.image + ":" + letter.tag];
    told = std::max(told, began);
    return;
  }
  ++refused_;
  letter.due_ms = now_ms() + 500;
  letters_.push_back(std::move(letter));
}

}  // namespace headwind::soak
