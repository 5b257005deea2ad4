// SPDX-License-Identifier: Apache-2.0
#include "core/coroutine_local.hpp"

#include <boost/asio/execution.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <type_traits>
#include <utility>

namespace headwind {

struct LocalCell {
  LocalValue value;
};

namespace {

namespace asio = boost::asio;

// Of whatever runs on this thread now. Read through functions only: a coroutine may go on elsewhere than it was when
// it last took an address.
thread_local LocalCell* running = nullptr;

[[gnu::noinline]] LocalCell* running_cell() { return running; }
[[gnu::noinline]] LocalCell* enter_cell(LocalCell* cell) { return std::exchange(running, cell); }

class Inside {
 public:
  explicit Inside(LocalCell* cell) : former_(enter_cell(cell)) {}
  ~Inside() { enter_cell(former_); }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  LocalCell* former_;
};

// Every piece of a coroutine runs through its executor, as Asio promises: this one puts the coroutine's cell in place
// around each. Its properties are those of the executor inside. One shared pointer, so that Asio's executor holds it
// within itself: the counts of what it would put on the heap use a fence, which ThreadSanitizer does not see.
class LocalExecutor {
 public:
  LocalExecutor(Executor inner, std::shared_ptr<LocalCell> cell)
      : place_(std::make_shared<const Place>(Place{std::move(inner), std::move(cell)})) {}

  template <class Property>
    requires asio::can_query<const Executor&, Property>::value
  decltype(auto) query(const Property& property) const {
    return asio::query(place_->inner, property);
  }
  template <class Property>
    requires asio::can_require<const Executor&, Property>::value
  LocalExecutor require(const Property& property) const {
    return {asio::require(place_->inner, property), place_->cell};
  }
  template <class Property>
    requires asio::can_prefer<const Executor&, Property>::value
  LocalExecutor prefer(const Property& property) const {
    return {asio::prefer(place_->inner, property), place_->cell};
  }
  template <class Function>
  void execute(Function&& function) const {
    place_->inner.execute(
        [cell = place_->cell, piece = std::decay_t<Function>(std::forward<Function>(function))]() mutable {
          const Inside inside(cell.get());
          std::move(piece)();
        });
  }
  const Executor& inner() const { return place_->inner; }
  bool operator==(const LocalExecutor& other) const noexcept {
    return place_ == other.place_ || (place_->cell == other.place_->cell && place_->inner == other.place_->inner);
  }
  bool operator!=(const LocalExecutor& other) const noexcept { return !(*this == other); }

 private:
  struct Place {
    Executor inner;
    std::shared_ptr<LocalCell> cell;
  };
  std::shared_ptr<const Place> place_;
};
static_assert(sizeof(LocalExecutor) <= sizeof(asio::detail::shared_ptr<void>) + sizeof(void*));

}  // namespace

LocalValue local_value() {
  const LocalCell* cell = running_cell();
  return cell == nullptr ? LocalValue() : cell->value;
}

LocalScope::LocalScope(LocalValue value) : cell_(running_cell()) {
  if (cell_ != nullptr) former_ = std::exchange(cell_->value, std::move(value));
}
LocalScope::~LocalScope() {
  if (cell_ != nullptr) cell_->value = std::move(former_);
}

LocalThread::LocalThread(LocalValue value)
    : cell_(std::make_unique<LocalCell>(LocalCell{std::move(value)})), former_(enter_cell(cell_.get())) {}
LocalThread::~LocalThread() { enter_cell(former_); }

Executor with_local_value(const Executor& executor) {
  // One place is enough: a coroutine that was started on another's executor shares nothing with it but the value.
  const LocalExecutor* outer = executor.target<LocalExecutor>();
  return LocalExecutor(outer != nullptr ? outer->inner() : executor,
                       std::make_shared<LocalCell>(LocalCell{local_value()}));
}

}  // namespace headwind
