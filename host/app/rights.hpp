// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "core/result.hpp"

namespace headwind::app {

// 403 has two meanings. Admission and quota refuse this very change, for good; RBAC refuses us, and the same call is
// fine once the roles are there: because somebody applies them again, or because the API server, which has just begun
// to answer, has read them. Those of the second kind become retryable, and name the remedy.
Error without_our_rights(Error error);

// Likewise 404 has two: no such object or namespace, and no such kind. Where UpdateRequests are not defined, what was
// to be written is still to be written.
Error without_definition(Error error);

}  // namespace headwind::app
