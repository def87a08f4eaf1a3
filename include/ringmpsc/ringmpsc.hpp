// ringmpsc: a multi-producer single-consumer channel by ring decomposition. This header includes
// all of it.
#pragma once

#include "ringmpsc/backoff.hpp"
#include "ringmpsc/channel.hpp"
#include "ringmpsc/config.hpp"
#include "ringmpsc/deferred.hpp"
#include "ringmpsc/layout.hpp"
#include "ringmpsc/metrics.hpp"
#include "ringmpsc/reservation.hpp"
#include "ringmpsc/ring.hpp"
#include "ringmpsc/wait.hpp"
