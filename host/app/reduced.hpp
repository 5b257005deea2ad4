// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace headwind::app {

// The JSON of a companion object without what no verdict is read from. Of a pod: its metadata without annotations; of
// its spec the names, images and restart policies of its containers; its status without what the containers wrote. Of
// an object with a pod template: the same of the template, and what else it says. Of every object: no managedFields, no
// last-applied-configuration. What is no object comes back as it is.
std::string reduced(const std::string& object);

}  // namespace headwind::app
