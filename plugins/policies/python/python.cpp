// SPDX-License-Identifier: Apache-2.0
// Policies and notifiers in Python. This object holds no Python: CPython comes with the bridge, which is opened when
// the first instance is made, so that an operator without such a policy pays nothing.
#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <headwind/sdk/config.hpp>
#include <headwind/sdk/module.hpp>
#include <headwind/sdk/notifier.hpp>
#include <headwind/sdk/policy.hpp>
#include <headwind/sdk/services.hpp>
#include <memory>
#include <string>
#include <utility>

#include "bridge.hpp"

namespace headwind::python {
namespace {

std::filesystem::path bridge_file() {
  Dl_info info{};
  std::filesystem::path here = ".";
  if (dladdr(reinterpret_cast<const void*>(&bridge_file), &info) != 0 && info.dli_fname != nullptr)
    here = std::filesystem::absolute(info.dli_fname).parent_path();
  return here / "python" / "headwind-python-bridge.so";
}

// Never closed: CPython does not come out of a process again.
OpenScript open_bridge() {
  const std::filesystem::path file = bridge_file();
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = library == nullptr ? nullptr : dlsym(library, "headwind_python_open");
  if (symbol == nullptr) {
    const char* why = dlerror();
    throw hw::error(hw::code::invalid, "the Python bridge cannot be opened: " + std::string(why == nullptr ? "" : why) +
                                           "; install libpython3.11 and keep the directory python beside the plugin");
  }
  return reinterpret_cast<OpenScript>(symbol);
}

Settings settings_from(const hw::config& config, std::string callable) {
  Settings settings;
  settings.file = config.get<std::string>("file");
  settings.callable = config.get<std::string>("callable", std::move(callable));
  settings.limit = std::chrono::milliseconds(static_cast<std::int64_t>(config.get<double>("seconds", 1.0) * 1000));
  settings.memory = config.get<std::size_t>("memory_mib", 256) << 20U;
  settings.name = std::filesystem::path(settings.file).stem().string() + "_" +
                  std::to_string(std::hash<std::string>()(settings.file + "#" + settings.callable) % 1'000'000);
  return settings;
}

// The script of one instance.
std::unique_ptr<Script> open_script(const Settings& settings) {
  std::string problem;
  std::unique_ptr<Script> script(open_bridge()(settings, problem));
  if (!script) throw hw::error(hw::code::invalid, "CPython cannot be started: " + problem);
  return script;
}

void tell_remarks(const hw::call& call, Script& script, hw::level good = hw::level::info) {
  for (const Remark& remark : script.remarks()) {
    if (remark.good) {
      call.host().log(good, "script loaded", {{"file", remark.text}});
    } else {
      call.host().error("script not loaded", {{"error", remark.text}});
    }
  }
}

std::shared_ptr<Question> question_from(const hw::query& query, const hw::tags& tags, bool notes) {
  auto question = std::make_shared<Question>();
  question->workload = query.workload;
  question->slot = query.slot;
  question->repository = query.repository;
  question->tag = query.tag;
  question->digest = query.digest;
  question->parameters = query.args;
  question->pushed = query.pushed;
  question->notes = notes;
  Batch& batch = question->candidates;
  for (std::size_t row = 0; row < tags.size(); ++row) {
    batch.add(tags.name(row));
    if (tags.raw()->digests != nullptr) batch.add_digest(tags.digest(row));
    if (tags.raw()->pushed_ms != nullptr) batch.pushed_ms.push_back(tags.pushed_ms(row));
  }
  return question;
}

class PythonPolicy : public hw::policy {
 public:
  PythonPolicy(const hw::call& call, const hw::config& config) : script_(open_script(settings_from(config, "choose"))) {
    tell_remarks(call, *script_, hw::level::debug);
  }

  hw::choice choose(const hw::call& call, const hw::query& query, const hw::tags& tags, const hw::verdicts& verdicts) {
    const Answer answer = script_->choose(question_from(query, tags, verdicts.wanted()), call.remaining());
    tell_remarks(call, *script_);
    const std::string script = "the policy script ";
    switch (answer.fate) {
      case Answer::Fate::invalid:
        throw hw::error(hw::code::invalid,
                        "annotation headwind.sh/policy-config does not fit the policy's schema: " + answer.why);
      // Not for the breaker: another workload may fare better. But pointless to repeat at once.
      case Answer::Fate::failed: throw hw::error(hw::code::unavailable, script + answer.why).retryable(false);
      case Answer::Fate::busy: throw hw::error(hw::code::unavailable, script + "was not called: " + answer.why);
      case Answer::Fate::overrun: throw hw::error(hw::code::internal, script + answer.why);
      case Answer::Fate::hold:
      case Answer::Fate::update: break;
    }
    const bool update = answer.fate == Answer::Fate::update;
    for (std::size_t row = 0; verdicts.wanted() && row < tags.size(); ++row) {
      const bool chosen = update && row == answer.index;
      const std::string& note = answer.notes.at(row);
      verdicts.put(row, chosen ? hw::verdict::update : hw::verdict::hold,
                   !note.empty() ? note
                   : chosen      ? "was chosen"
                                 : "was not chosen");
    }
    return update ? hw::choice::update(answer.index, answer.why) : hw::choice::hold(answer.why);
  }

 private:
  std::unique_ptr<Script> script_;
};

const char* word_for(hw::level severity) {
  switch (severity) {
    case hw::level::debug: return "debug";
    case hw::level::info: return "info";
    case hw::level::warn: return "warn";
    case hw::level::error: return "error";
  }
  return "info";
}

class PythonNotifier : public hw::notifier {
 public:
  PythonNotifier(const hw::call& call, const hw::config& config)
      : script_(open_script(settings_from(config, "send"))),
        secrets_(call),
        names_(config.get<std::vector<std::string>>("secrets", {})) {
    tell_remarks(call, *script_, hw::level::debug);
  }

  void send(const hw::call& call, const hw::event& event) {
    nlohmann::json secrets = nlohmann::json::object();
    for (const std::string& name : names_) secrets[name] = secrets_.read(call, name);
    const nlohmann::json details = nlohmann::json::parse(event.details, nullptr, false);
    const nlohmann::json told{{"type", event.type},
                              {"id", event.id},
                              {"severity", word_for(event.severity)},
                              {"unix_ms", event.unix_ms},
                              {"subject", event.subject},
                              {"old", event.old_reference},
                              {"new", event.new_reference},
                              {"text", event.text},
                              {"link", event.link},
                              {"details", details.is_object() ? details : nlohmann::json::object()},
                              {"secrets", std::move(secrets)}};
    if (call.dry_run()) return;
    const Answer answer =
        script_->send(told.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), call.remaining());
    tell_remarks(call, *script_);
    if (answer.fate == Answer::Fate::hold) return;
    const std::string why = "the notifier script " + answer.why;
    if (answer.fate == Answer::Fate::invalid) throw hw::error(hw::code::invalid, why);
    throw hw::error(answer.fate == Answer::Fate::overrun ? hw::code::internal : hw::code::unavailable, why)
        .retryable(true);
  }

 private:
  std::unique_ptr<Script> script_;
  hw::secrets secrets_;
  std::vector<std::string> names_;
};

}  // namespace
}  // namespace headwind::python

// Serial: a script has one thread, and whoever waits for it should hold none of the host's.
HEADWIND_MODULE(
    hw::plugin<headwind::python::PythonPolicy>{
        .id = "headwind.policy.python",
        .version = "0.2.0",
        .summary = "Asks a function in a Python file",
        .schema = R"({"type": "object", "additionalProperties": false, "required": ["file"], "properties": {
  "file": {"type": "string", "pattern": "^/"},
  "callable": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "default": "choose"},
  "seconds": {"type": "number", "minimum": 0.01, "maximum": 60, "default": 1},
  "memory_mib": {"type": "integer", "minimum": 16, "maximum": 65536, "default": 256}}})",
        .serial = true},
    hw::plugin<headwind::python::PythonNotifier>{
        .id = "headwind.notifier.python",
        .version = "0.2.0",
        .summary = "Tells a function in a Python file",
        .schema = R"({"type": "object", "additionalProperties": false, "required": ["file"], "properties": {
  "file": {"type": "string", "pattern": "^/"},
  "callable": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "default": "send"},
  "secrets": {"type": "array", "maxItems": 32, "items": {"type": "string"}, "default": []},
  "seconds": {"type": "number", "minimum": 0.01, "maximum": 300, "default": 10},
  "memory_mib": {"type": "integer", "minimum": 16, "maximum": 65536, "default": 256}}})",
        .needs = {HW_SERVICE_SECRETS}});
