// Ids of tickets in order, kept close together: most come in order, and go soon.
// One thread; a plain value.
#pragma once

#include "proto/types.hpp"

#include <algorithm>
#include <vector>

namespace antrean::engine {

class TicketIds {
public:
    bool contains(TicketId id) const { return std::binary_search(ids_.begin(), ids_.end(), id); }
    void insert(TicketId id) {
        const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
        if (at == ids_.end() || *at != id) ids_.insert(at, id);
    }
    // Whether it was there.
    bool erase(TicketId id) {
        const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
        if (at == ids_.end() || *at != id) return false;
        ids_.erase(at);
        return true;
    }
    bool empty() const { return ids_.empty(); }
    std::size_t size() const { return ids_.size(); }
    auto begin() const { return ids_.begin(); }
    auto end() const { return ids_.end(); }

private:
    std::vector<TicketId> ids_;
};

}  // namespace antrean::engine
