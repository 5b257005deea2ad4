// SPDX-License-Identifier: Apache-2.0
#include "plugin/lifecycle.hpp"

#include <string>
#include <utility>

#include "plugin/abi.hpp"
#include "plugin/instance.hpp"
#include "plugin/schema.hpp"

namespace headwind::plugin {
namespace {

class Create final : public Frame {
 public:
  explicit Create(std::shared_ptr<Instance> instance) : Frame(std::move(instance), Function::create) {}

 protected:
  hw_status enter(const hw_call& call, std::size_t) override {
    const hw_plugin& plugin = instance().plugin();
    Result<std::string> settings = prepare_settings(view(plugin.config_schema), instance().config().settings);
    if (!settings) return note(HW_INVALID, settings.error().message);
    settings_ = std::move(*settings);
    void* self = nullptr;
    const hw_status status = plugin.create(&call, &plugin, lend(settings_), &self);
    if (status != HW_OK) return status;
    instance().self = self;
    instance().made = true;
    return status;
  }

 private:
  std::string settings_;  // in the frame: the plugin may still read it after we gave up
};

class Destroy final : public Frame {
 public:
  explicit Destroy(std::shared_ptr<Instance> instance) : Frame(std::move(instance), Function::destroy) {}

 protected:
  hw_status enter(const hw_call&, std::size_t) override {
    // Also where it throws.
    const struct Closing {
      Services& services;
      ~Closing() { services.close(); }
    } closing{instance().services()};
    if (instance().made.exchange(false)) instance().plugin().destroy(std::exchange(instance().self, nullptr));
    return HW_OK;
  }
};

}  // namespace

std::shared_ptr<Frame> make_create(std::shared_ptr<Instance> instance) {
  return std::make_shared<Create>(std::move(instance));
}

std::shared_ptr<Frame> make_destroy(std::shared_ptr<Instance> instance) {
  return std::make_shared<Destroy>(std::move(instance));
}

}  // namespace headwind::plugin
