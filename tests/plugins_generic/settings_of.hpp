// SPDX-License-Identifier: Apache-2.0
// Settings as they come from the host, in single quotes for double ones where that reads better.
#pragma once
#include <headwind/sdk.hpp>
#include <string>

#include "workloads/generic/settings.hpp"

namespace headwind::workloads::generic {

// Of a kind Widget, with `more` members: R"("ready": [...])".
inline Settings widget(const std::string& images, const std::string& more = {}) {
  return read_settings(
      hw::config(R"({"group":"example.com","versions":["v1"],"kind":"Widget","plural":"widgets","images":[)" + images +
                 "]" + (more.empty() ? "" : "," + more) + "}"));
}

// The sentence of a refusal; empty where it is none.
template <class Read>
std::string refusal(Read&& read) {
  try {
    read();
  } catch (const hw::error& refused) {
    return refused.code() == hw::code::invalid ? refused.what() : "another code";
  }
  return {};
}

}  // namespace headwind::workloads::generic
