// SPDX-License-Identifier: Apache-2.0
#include "plugin/module.hpp"

#include <boost/dll/shared_library.hpp>
#include <memory>
#include <mutex>
#include <vector>

#include "core/text.hpp"
#include "plugin/validate.hpp"

namespace headwind::plugin {
namespace {

// Never unloaded: thread-local destructors and unique symbols make dlclose a lottery, and an abandoned call may
// still be in there. So the handles outlive even static destruction.
void keep(boost::dll::shared_library library) {
  static std::mutex mutex;
  static auto* const handles = new std::vector<boost::dll::shared_library>;
  const std::lock_guard lock(mutex);
  handles->push_back(std::move(library));
}

}  // namespace

Result<const hw_module*> open_module(const std::filesystem::path& file, const std::function<void(LoadStage)>& enters,
                                     std::uint32_t minor) {
  const std::string name = file.filename().string();
  const auto enter = [&](LoadStage stage) {
    if (enters) enters(stage);
  };
  enter(LoadStage::loading);
  boost::dll::shared_library library;
  try {
    // All symbols now, so that a missing one is a sentence at start and not a crash at night.
    library.load(std::filesystem::absolute(file), boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  } catch (const boost::dll::fs::system_error& refused) {
    return make_error(Code::invalid, name + " cannot be loaded: " + printable(refused.what(), 512) +
                                         "; build it for this system, with all that it needs");
  } catch (...) {
    return make_error(Code::invalid, name + " threw an exception out of a static constructor; rebuild or remove it");
  }
  hw_entry_fn entry = nullptr;
  try {
    entry = &library.get<const hw_module*()>("hw_entry_v1");
  } catch (const std::exception&) {
    return make_error(Code::invalid, name + " exports no hw_entry_v1, so it is not a Headwind plugin; remove it");
  }
  keep(std::move(library));
  const hw_module* module = nullptr;
  enter(LoadStage::entry);
  try {
    module = entry();
  } catch (...) {
    return make_error(Code::invalid, name + " threw an exception out of hw_entry_v1; rebuild or remove it");
  }
  enter(LoadStage::description);
  if (Result<> valid = validate(module, minor); !valid)
    return make_error(Code::invalid, name + " " + valid.error().message);
  return module;
}

}  // namespace headwind::plugin
