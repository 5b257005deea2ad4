// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <openssl/err.h>
#include <openssl/x509err.h>

#include <boost/system/error_code.hpp>

namespace headwind::net {

// Whether OpenSSL refused a key because it is not that of the certificate beside it.
inline bool is_of_another_pair(const boost::system::error_code& failure) {
  const auto code = static_cast<unsigned long>(failure.value());
  return failure && ERR_GET_LIB(code) == ERR_LIB_X509 && ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH;
}

}  // namespace headwind::net
