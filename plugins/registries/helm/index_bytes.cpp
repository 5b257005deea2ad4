// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/index_bytes.hpp"

#include <algorithm>

namespace headwind::registries::helm {

std::string_view IndexBytes::beginning() {
  constexpr std::size_t enough = 4096;
  head_.resize(enough);
  std::size_t size = 0;
  while (size < enough) {
    const std::size_t more = source_.read(head_.data() + size, enough - size);
    if (more == 0) break;
    size += more;
  }
  head_.resize(size);
  return head_;
}

std::size_t IndexBytes::read(char* to, std::size_t most) {
  if (failure_) return 0;
  if (head_at_ < head_.size()) {
    const std::size_t size = std::min(most, head_.size() - head_at_);
    std::copy_n(head_.data() + head_at_, size, to);
    head_at_ += size;
    return count(size);
  }
  const std::size_t size = source_.read(to, most);
  if (size == 0 && source_.is_broken()) failure_ = Failure{HW_UNAVAILABLE, "broke off", 0};
  return count(size);
}

std::size_t IndexBytes::count(std::size_t size) {
  total_ += size;
  since_value_ += size;
  if (total_ > max_index) {
    failure_ = Failure{HW_INVALID, "is larger than 64 MiB", 0};
  } else if (since_value_ > max_value) {
    failure_ = Failure{HW_INVALID, "holds a single value of more than 1 MiB", 0};
  }
  return failure_ ? 0 : size;
}

}  // namespace headwind::registries::helm
