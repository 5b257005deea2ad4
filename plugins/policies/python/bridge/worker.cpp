// SPDX-License-Identifier: Apache-2.0
#include "worker.hpp"

#include <Python.h>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t and pthread_sigmask

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "interpreter.hpp"
#include "memory.hpp"

namespace headwind::python {
namespace {

constexpr std::chrono::milliseconds grace{250};  // for the exception to travel up

struct Job {
  Worker::Work work;
  bool started = false, done = false, given_up = false, looked = false;
  std::string where;
};

}  // namespace

struct Worker::State {
  const Interpreter* interpreter = nullptr;
  std::function<std::string(unsigned long)> whereabouts;
  Budget budget;

  std::mutex mutex;  // of what follows; nobody takes the interpreter while he holds it
  std::condition_variable wake, changed;
  std::shared_ptr<Job> job;
  bool closing = false, gone = false;

  // Only with the interpreter held.
  unsigned long thread = 0;
  Job* interruptible = nullptr;

  void work();
};

namespace {

using Shared = std::shared_ptr<Worker::State>;

// Signals are for the threads of the host.
std::thread quiet_thread(std::function<void()> body) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread made(std::move(body));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return made;
}

// Interrupts scripts. A thread of its own, because the interpreter may not be free for long.
class Interrupter {
 public:
  static Interrupter& get(const Interpreter& interpreter) {
    static auto* const made = new Interrupter(interpreter);  // lives as long as the process
    return *made;
  }

  void interrupt(Shared state, std::shared_ptr<Job> job) {
    const std::lock_guard lock(mutex_);
    queue_.emplace_back(std::move(state), std::move(job));
    wake_.notify_one();
  }

 private:
  explicit Interrupter(const Interpreter& interpreter) : interpreter_(interpreter) {
    quiet_thread([this] { work(); }).detach();
  }

  [[noreturn]] void work() {
    PyThreadState* own = PyThreadState_New(interpreter_.state);
    for (;;) {
      std::pair<Shared, std::shared_ptr<Job>> next;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return !queue_.empty(); });
        next = std::move(queue_.front());
        queue_.pop_front();
      }
      auto& [state, job] = next;
      PyEval_RestoreThread(own);
      std::string where;
      if (state->interruptible == job.get()) {
        where = state->whereabouts(state->thread);
        PyThreadState_SetAsyncExc(state->thread, interpreter_.overrun.ptr());
      }
      PyEval_SaveThread();
      const std::lock_guard lock(state->mutex);
      job->where = std::move(where);
      job->looked = true;
      state->changed.notify_all();
    }
  }

  const Interpreter& interpreter_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::pair<Shared, std::shared_ptr<Job>>> queue_;
};

}  // namespace

void Worker::State::work() {
  PyThreadState* own = PyThreadState_New(interpreter->state);
  charge(&budget);
  std::unique_lock lock(mutex);
  for (;;) {
    wake.wait(lock, [this] { return closing || (job != nullptr && !job->done); });
    if (job == nullptr || job->done) break;
    const std::shared_ptr<Job> current = job;
    lock.unlock();
    PyEval_RestoreThread(own);
    thread = PyThread_get_thread_ident();
    lock.lock();
    const bool run = !current->given_up;
    current->started = run;
    lock.unlock();
    if (run) current->work();
    current->work = nullptr;  // what it holds may be Python's
    PyEval_SaveThread();
    lock.lock();
    current->done = true;
    changed.notify_all();
  }
  lock.unlock();
  PyEval_RestoreThread(own);
  whereabouts = nullptr;
  PyThreadState_Clear(own);
  PyThreadState_DeleteCurrent();
  lock.lock();
  gone = true;
  changed.notify_all();
}

Worker::Worker(const Interpreter& interpreter, std::size_t memory,
               std::function<std::string(unsigned long)> whereabouts)
    : state_(std::make_shared<State>()) {
  state_->interpreter = &interpreter;
  state_->whereabouts = std::move(whereabouts);
  state_->budget.limit = static_cast<std::int64_t>(memory);
  Interrupter::get(interpreter);
  quiet_thread([state = state_] { state->work(); }).detach();
}

Worker::~Worker() {
  std::unique_lock lock(state_->mutex);
  state_->closing = true;
  state_->wake.notify_all();
  state_->changed.wait_for(lock, grace, [this] { return state_->gone; });
}

Worker::End Worker::run(Work work, std::chrono::milliseconds limit, std::string& where) {
  const auto due = std::chrono::steady_clock::now() + limit;
  std::unique_lock lock(state_->mutex);
  std::shared_ptr<Job> job = state_->job;
  if (job != nullptr && !job->done) {  // an earlier call is still in there: asked once more to end
    Interrupter::get(*state_->interpreter).interrupt(state_, job);
    state_->changed.wait_for(lock, grace, [&] { return job->done; });
    if (!job->done) {
      where = job->where;
      return job->started ? End::occupied : End::not_started;
    }
  }
  job = state_->job = std::make_shared<Job>();
  job->work = std::move(work);
  state_->wake.notify_one();
  if (state_->changed.wait_until(lock, due, [&] { return job->done; })) return End::done;
  if (!job->started) {
    job->given_up = true;
    return End::not_started;
  }
  Interrupter::get(*state_->interpreter).interrupt(state_, job);
  if (state_->changed.wait_for(lock, grace, [&] { return job->done; })) return End::done;
  where = job->where;
  return End::overrun;
}

Worker::Guarded::Guarded(State& state, std::int64_t spare_memory) : state_(state), spare_memory_(spare_memory) {
  {
    const std::lock_guard lock(state.mutex);
    state.interruptible = state.job.get();
  }
  state.budget.limit += spare_memory;
  state.budget.enforced = true;
}

Worker::Guarded::~Guarded() {
  state_.budget.enforced = false;
  state_.budget.limit -= spare_memory_;
  state_.interruptible = nullptr;
  PyThreadState_SetAsyncExc(state_.thread, nullptr);  // one that came too late
}

}  // namespace headwind::python
