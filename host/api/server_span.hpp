// SPDX-License-Identifier: Apache-2.0
// The span of one request that we serve: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server.
#pragma once
#include <memory>

#include "api/router.hpp"
#include "net/server.hpp"

namespace headwind::api {

// As handler_of(), each request within a span: a part of the trace that its headers name, or the root of one. Health
// checks have none. Of the path only the route's pattern is recorded, never the path as it came (`url.path`): a segment
// may be a secret.
net::Handler traced_handler_of(std::shared_ptr<const Router> router);

}  // namespace headwind::api
