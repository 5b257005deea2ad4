// SPDX-License-Identifier: Apache-2.0
// The first and the last call of an instance.
#pragma once
#include <memory>

#include "plugin/frame.hpp"

namespace headwind::plugin {

// Checks the settings against the plugin's schema, fills in defaults and calls `create`. Done well, it has set
// Instance::self.
std::shared_ptr<Frame> make_create(std::shared_ptr<Instance> instance);
std::shared_ptr<Frame> make_destroy(std::shared_ptr<Instance> instance);

}  // namespace headwind::plugin
