// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/asio/io_context.hpp>

#include "testbed/control_plane.hpp"

namespace headwind::testbed {

struct ControlPlane::Connection {
  boost::asio::io_context context{1};
  net::Client client{context.get_executor(), {.user_agent = "headwind-testbed", .connections_per_host = 64}};
};

}  // namespace headwind::testbed
