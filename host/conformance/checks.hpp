// SPDX-License-Identifier: Apache-2.0
// The checks of one plugin. Each runs in a process of its own, which has opened the plugin's file.
#pragma once
#include <array>
#include <string_view>

#include "conformance/finding.hpp"
#include "conformance/instance.hpp"

namespace headwind::conformance {

struct Check {
  std::string_view name;
  std::string_view asks;  // what it does, for a person
  Finding (*run)(const Subject&);
};

// What it says of itself.
Finding check_description(const Subject& subject);
Finding check_extension(const Subject& subject);
// Its life.
Finding check_create(const Subject& subject);
Finding check_settings(const Subject& subject);
// What it makes of its inputs, and what it does with them.
Finding check_ordinary(const Subject& subject);
Finding check_empty(const Subject& subject);
Finding check_huge(const Subject& subject);
Finding check_foreign(const Subject& subject);
Finding check_lent(const Subject& subject);
Finding check_concurrent(const Subject& subject);
Finding check_memory(const Subject& subject);
// Time.
Finding check_cancelled(const Subject& subject);
Finding check_deadline(const Subject& subject);
Finding check_sinks(const Subject& subject);
// What it is granted, and who answers it.
Finding check_answers(const Subject& subject);
Finding check_services(const Subject& subject);
Finding check_secrets(const Subject& subject);
Finding check_dry_run(const Subject& subject);

// The order is that of the table. Where `create` fails, none that follows is run.
inline constexpr std::array<Check, 18> kChecks = {{
    {"description", "id, version, summary, needs and schema make sense", check_description},
    {"extension", "an interface that nobody knows is answered with NULL", check_extension},
    {"create", "instances are made, side by side and again and again, and leave no thread", check_create},
    {"settings", "wrong settings are refused with a sentence", check_settings},
    {"ordinary", "every function is called as in daily life", check_ordinary},
    {"empty", "every function is called with nothing", check_empty},
    {"huge", "every function is called with far too much", check_huge},
    {"foreign", "every function is called with what strangers may send", check_foreign},
    {"lent", "what was lent is read neither beyond its end nor once the call is over", check_lent},
    {"concurrent", "[concurrent] functions are called from eight threads", check_concurrent},
    {"memory", "a thousand calls do not take more and more memory", check_memory},
    {"cancelled", "a cancelled call returns soon", check_cancelled},
    {"deadline", "a call returns soon after its deadline, though nobody answers it", check_deadline},
    {"sinks", "a call stops when its results are refused", check_sinks},
    {"answers", "HTTP 401, 404, 429, 500 and silence become the right errors", check_answers},
    {"services", "without its services it fails with a sentence", check_services},
    {"secrets", "without its secrets it fails with a sentence, and tells none of them", check_secrets},
    {"dry-run", "a dry run changes nothing outside", check_dry_run},
}};

}  // namespace headwind::conformance
