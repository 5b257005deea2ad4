// SPDX-License-Identifier: Apache-2.0
#include "conformance/instance.hpp"

#include <exception>
#include <utility>

#include "conformance/trial.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"

namespace headwind::conformance {
namespace {

std::string joined(const std::vector<std::string>& sentences) {
  std::string out = sentences.front();
  if (sentences.size() > 1) out += " (and " + std::to_string(sentences.size() - 1) + " more: " + sentences[1] + ")";
  return out;
}

}  // namespace

bool Subject::needs(std::string_view service) const {
  for (const char* const* need = plugin->needs; need != nullptr && *need != nullptr; ++need)
    if (service == *need) return true;
  return false;
}

std::string Ending::sentence() const {
  std::string out(plugin::status_name(status));
  if (failure && !failure->message.empty()) out += ": " + printable(failure->message, 600);
  return out;
}

Instance::Instance(const Subject& subject, const Grants& grants, TakenBack afterwards)
    : subject_(subject), host_(*subject.plugin, grants, afterwards) {}

const Ending& Instance::create(const std::string& settings) {
  const hw_plugin& plugin = *subject_.plugin;
  const std::size_t before = host_.requests();
  Visit visit(host_, "create");
  const auto start = std::chrono::steady_clock::now();
  created_.status = visit.run([&] {
    void** self = visit.lent().one(static_cast<void*>(nullptr));
    const hw_status status = plugin.create(visit.call(), &plugin, visit.lent().text(settings), self);
    self_ = *self;
    return status;
  });
  created_.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  created_.failure = visit.failure();
  created_.requests = host_.requests() - before;
  made_ = created_.status == HW_OK;
  return created_;
}

Ending Instance::perform(const Step& step) {
  Ending out;
  const std::size_t before = host_.requests();
  Visit visit(host_, step.place(), step.wants);
  const auto start = std::chrono::steady_clock::now();
  out.status = visit.run([&] { return step.call({*subject_.plugin, self_}, visit); });
  out.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  out.failure = visit.failure();
  out.requests = host_.requests() - before;
  return out;
}

void Instance::destroy() {
  if (!std::exchange(made_, false)) return;
  enter_place("destroy");
  try {
    subject_.plugin->destroy(self_);
  } catch (...) {
    host_.note_breach("in destroy it throws something across the C boundary; catch everything at the edge");
  }
  host_.take_back();
}

Finding Instance::finding(std::string otherwise) const {
  const std::vector<std::string> breaches = host_.breaches();
  if (!breaches.empty()) return failed(joined(breaches));
  const std::vector<std::string> remarks = host_.remarks();
  if (!remarks.empty()) return warned(joined(remarks));
  return passed(std::move(otherwise));
}

}  // namespace headwind::conformance
