// SPDX-License-Identifier: Apache-2.0
// What people are told. The words of the kubelet and of the API server are foreign text: made one line, bounded, and
// rid of what may be a secret.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace headwind::workloads {

inline constexpr std::size_t max_sentence = 512;  // bytes
inline constexpr std::size_t max_quoted = 320;    // of it, for words that are quoted: what follows them shall fit too

// At most `most` bytes (at least 3), cut between two characters and then ending in "...".
std::string cut(std::string_view text, std::size_t most);

// A message of Kubernetes, to be quoted. URLs lose their user and their query: registries sign both.
std::string quote(std::string_view message);

// "1 restart", "3 restarts".
std::string count_of(std::int64_t count, const char* noun);

// "2 of 3 replicas are updated"
std::string progress(std::int64_t have, std::int64_t want, std::string_view what);

// "sentence; more", or the sentence alone where there is no more to say.
std::string joined(std::string sentence, std::string_view more);

}  // namespace headwind::workloads
