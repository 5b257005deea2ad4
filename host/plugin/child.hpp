// SPDX-License-Identifier: Apache-2.0
// A child process whose standard output is read, bounded in time and size.
#pragma once
#include <chrono>
#include <string>
#include <vector>

namespace headwind::plugin {

// "SIGSEGV"; "signal 64" where it has no name. Not for signal handlers.
std::string signal_name(int number);

class Child {
 public:
  // Starts it in a process group of its own, with /dev/null for input and errors. `problem` says why it did not start.
  Child(const std::vector<std::string>& arguments, std::string& problem);
  ~Child();  // kills what is left of it
  Child(Child&& other) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  Child& operator=(Child&&) = delete;

  int output() const { return output_; }  // -1 once it has ended
  // Takes what can be read now. False at the end of the output.
  bool read();
  void kill();
  bool has_ended() const;  // without waiting; it stays to be waited for
  // After the output has ended: waits for the process; its status as waitpid gives it.
  int wait();
  const std::string& text() const { return text_; }

 private:
  int process_ = -1;
  int output_ = -1;
  std::string text_;
};

}  // namespace headwind::plugin
