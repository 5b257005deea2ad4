// SPDX-License-Identifier: Apache-2.0
// Candidates on their way to Python: copied out of the host's batch, since a script that does not come back in time may
// still read them when the host's memory is gone.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using PyObject = struct _object;

namespace headwind::python {

struct Batch {
  std::size_t count = 0;
  std::string text;                   // of all rows, one behind the other
  std::vector<std::size_t> tag_ends;  // in `text`
  std::string digests;                // the same; empty where no row has one
  std::vector<std::size_t> digest_ends;
  std::vector<std::int64_t> pushed_ms;  // empty: not known

  void add(std::string_view tag) {
    text += tag;
    tag_ends.push_back(text.size());
    ++count;
  }
  void add_digest(std::string_view digest) {
    digests += digest;
    digest_ends.push_back(digests.size());
  }
  static std::string_view row(const std::string& text, const std::vector<std::size_t>& ends, std::size_t at) {
    const std::size_t begin = at == 0 ? 0 : ends[at - 1];
    return std::string_view(text).substr(begin, ends[at] - begin);
  }
};

// What headwind._native offers to the bridge in a capsule: a new list of Candidates, or NULL and a Python exception.
inline constexpr const char* batch_capsule = "headwind._native._list_of";
using ListOf = PyObject* (*)(const Batch& batch);

}  // namespace headwind::python
