// SPDX-License-Identifier: Apache-2.0
// Every way to fail, and what a registry plugin has to make of it.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "faulty_registry.hpp"

namespace headwind::faults {

inline constexpr unsigned everywhere = first_page | later_page | head | get | token;
inline constexpr unsigned with_body = everywhere & ~head;
inline constexpr unsigned with_json = first_page | later_page | token;

struct Fault {
  std::string name;
  unsigned spots = everywhere;        // the requests on which it can happen
  Play play{};                        // but for its spot
  std::optional<Code> code{};         // of the error; empty: the call succeeds all the same
  std::optional<Code> at_token{};     // where it is another one for the token request
  std::chrono::milliseconds wait{0};  // that the error asks for
  bool only_tls = false;
  std::optional<Code> at_later_page{};  // where a further page makes it another one: the chain is broken
  bool names_repository = false;        // the error does, where it is about the registry's own answer
};

// `elsewhere`: the origin of another registry that may be redirected to.
std::vector<Fault> all_faults(const std::string& elsewhere);

}  // namespace headwind::faults
