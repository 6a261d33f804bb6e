// Between the protocol's words and the engine's: the one place where the two meet. Pure.
#pragma once

#include "controller/engine/event.hpp"
#include "controller/projections/hall.hpp"
#include "controller/site/site.hpp"
#include "proto/messages.hpp"

namespace antrean::sessions {

bool may_ask(proto::Role role, const proto::Request& request);
// An issue has no estimate yet: who asks does not give it. Nor is it known when who has a number of
// a lease came: that is by the age that was told.
engine::Action to_action(const proto::Request& request);
proto::RefusalReason to_reason(engine::Refusal refusal);
proto::Answer to_answer(RequestId request, const engine::Answer& answer);
proto::CounterView to_view(const site::Site& site, const site::Counter& counter,
                           const projections::CounterNow& now);

}  // namespace antrean::sessions
