#include "tests/sim/network.hpp"

#include "tests/catch.hpp"

namespace antrean::sim {
namespace {

using namespace std::chrono_literals;

struct Bench {
    explicit Bench(std::uint64_t seed)
        : world{seed, Telling::hash}, network{world, Random{seed}, manner()} {
        network.listen([this](StreamId id) {
            network.attach(id, End::controller,
                           {[this](std::span<const std::byte> bytes) {
                                for (const auto byte : bytes)
                                    got += static_cast<char>(byte);
                                ++deliveries;
                            },
                            [this] { ended = true; }});
        });
        network.connect(0, [this](std::optional<StreamId> id) { stream = id; });
        world.run_until(world.now() + 1s);
    }
    static Network::Manner manner() {
        Network::Manner manner;
        manner.slow_per_mille = 100;
        manner.split_per_mille = 1000;
        return manner;
    }
    void send(const std::string& text) {
        network.send(*stream, End::device, std::as_bytes(std::span{text}));
    }

    World world;
    Network network;
    std::optional<StreamId> stream;
    std::string got;
    int deliveries = 0;
    bool ended = false;
};

}  // namespace

TEST_CASE("bytes arrive in order, split and merged, before the end does", "[sim][network]") {
    Bench bench{GENERATE(range(1u, 20u))};
    std::string sent;
    for (int i = 0; i < 50; ++i) {
        const auto text = fmt::format("message {} ", i);
        bench.send(text);
        sent += text;
    }
    bench.network.close(*bench.stream, End::device);
    bench.world.run_until(bench.world.now() + 5min);
    CHECK(bench.got == sent);
    CHECK(bench.deliveries > 1);
    CHECK(bench.ended);
}

TEST_CASE("a stream that is cut delivers a first part and nothing else", "[sim][network]") {
    Bench bench{GENERATE(range(1u, 20u))};
    const std::string sent(1000, 'x');
    bench.send(sent);
    bench.network.cut_one();
    bench.send("too late");
    bench.world.run_until(bench.world.now() + 5min);
    CHECK(bench.got.size() <= sent.size());
    CHECK(bench.got.find('t') == std::string::npos);
}

TEST_CASE("who knocks at a machine that is off hears nothing, at a closed port a refusal",
          "[sim][network]") {
    Bench bench{1};
    int answers = 0;
    const auto knock = [&] {
        bench.network.connect(1, [&](std::optional<StreamId> id) {
            CHECK_FALSE(id);
            ++answers;
        });
        bench.world.run_until(bench.world.now() + 5min);
    };
    bench.network.stop_listening(Network::Listener::absent);
    knock();
    CHECK(answers == 0);
    bench.network.stop_listening(Network::Listener::refuses);
    knock();
    CHECK(answers == 1);
}

TEST_CASE("a machine without power sends nothing more, and what stalls goes on once healed",
          "[sim][network]") {
    Bench bench{3};
    bench.network.isolate(0, bench.world.now() + 24h);
    bench.send("hello");
    bench.world.run_until(bench.world.now() + 1h);
    CHECK(bench.got.empty());
    bench.network.heal();
    bench.world.run_until(bench.world.now() + 1min);
    CHECK(bench.got == "hello");
    bench.send("never seen");
    bench.network.vanish(*bench.stream, End::device);
    bench.world.run_until(bench.world.now() + 1h);
    CHECK(bench.got.size() < 15);
}

TEST_CASE("a greeting that stalls may come behind that of a newer stream", "[sim][network]") {
    int late = 0;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        World world{seed, Telling::hash};
        Network::Manner manner;
        manner.late_greeting_per_mille = 1000;
        Network network{world, Random{seed}, manner};
        std::vector<std::string> got;
        network.listen([&](StreamId id) {
            network.attach(id, End::controller,
                           {[&](std::span<const std::byte> bytes) {
                                got.emplace_back(reinterpret_cast<const char*>(bytes.data()),
                                                 bytes.size());
                            },
                            [] {}});
        });
        for (const std::string text : {"old", "new"}) {
            network.connect(0, [&network, text](std::optional<StreamId> id) {
                network.send(*id, End::device, std::as_bytes(std::span{text}));
                network.close(*id, End::device);
            });
            world.run_until(world.now() + 100ms);
        }
        CHECK(got.empty());
        world.run_until(world.now() + 1min);
        REQUIRE(got.size() == 2);
        late += got == std::vector<std::string>{"new", "old"};
        CHECK((got.front() == "old" || got.back() == "old"));
    }
    CHECK(late > 0);
}

}  // namespace antrean::sim
