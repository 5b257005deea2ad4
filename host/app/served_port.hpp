// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "config/config.hpp"
#include "core/async.hpp"
#include "core/result.hpp"
#include "net/server.hpp"

namespace headwind::app {

// A port as it is configured, with its certificate where it has one. `refusal`: see net::ServerOptions.
Result<std::unique_ptr<net::Server>> serve(const Executor& executor, const config::Port& port, net::Handler handler,
                                           decltype(net::ServerOptions::refusal) refusal = {});
// Whether serve() could do so now; the port is left alone, and so are certificates in pipes.
Result<> may_serve(const Executor& executor, const config::Port& port);
// What is under way may end within the grace. Null: nothing to do.
Task<> drain(std::unique_ptr<net::Server>& server);

}  // namespace headwind::app
