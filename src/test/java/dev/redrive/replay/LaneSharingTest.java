package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several processes and the lanes of one cluster. */
class LaneSharingTest {

    /** A process that the machine does not let run for so long loses its lanes, which would be no fault of ours. */
    private static final Duration LEASE = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int LANES = 4;
    private static final int KEYS = 12;

    private ReplayRig rig;

    @BeforeEach
    void start() {
        rig = ReplayRig.on(Broker.shared(), Postgres.shared().freshDatabase(), LEASE, LANES);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void handsLanesOverUnderLoadAndTakesThoseOfTheDeadWithoutLossDoubleOrDisorder() {
        var topic = rig.topic(3);
        var asked = new ArrayList<UUID>();
        rig.serve();
        shares(4);
        try (var other = LaneProcess.start(rig, "")) {
            while (!shares().equals(List.of(2L, 2L))) {
                ask(topic, asked, 20);
            }
            long handedOver = fences();
            ask(topic, asked, 200);
            assertThat(fences()).as("nobody takes what another one has").isEqualTo(handedOver);
            ask(topic, asked, 40);
            other.kill9();
        }
        shares(4);
        try (var another = LaneProcess.start(rig, "")) {
            while (!shares().equals(List.of(2L, 2L))) {
                ask(topic, asked, 20);
            }
            asked.forEach(rig::settled);
        }
        var values = new HashMap<String, List<Integer>>();
        rig.topics()
                .read(topic)
                .forEach(record -> values.computeIfAbsent(new String(record.key(), UTF_8), key -> new ArrayList<>())
                        .add(Integer.parseInt(new String(record.value(), UTF_8))));
        for (int key = 0; key < KEYS; key++) {
            int first = key;
            assertThat(values.get("key-" + key))
                    .containsExactlyElementsOf(IntStream.iterate(first, i -> i < asked.size(), i -> i + KEYS)
                            .boxed()
                            .toList());
        }
    }

    @Test
    void givesTheLanesThatDoNotDivideToThoseThatHaveBeenAliveLongest() {
        var store = new LaneStore(rig.pool);
        var lanes = IntStream.range(0, LANES)
                .mapToObj(lane -> ReplayRig.await(
                        store.identify(ReplayRig.await(rig.cluster.kafkaId()), ReplayRig.CLUSTER, lane)))
                .toList();
        var owners = Stream.generate(UUID::randomUUID).limit(3).toList();
        owners.forEach(owner -> ReplayRig.await(store.live(lanes.get(0).clusterId(), owner, LEASE)));
        var taken = owners.stream()
                .map(owner -> lanes.stream()
                        .filter(lane -> ReplayRig.await(store.take(lane, owner, LEASE, LANES))
                                .isPresent())
                        .count())
                .toList();
        assertThat(taken).containsExactly(2L, 1L, 1L);
        ReplayRig.await(store.leave(lanes.get(0).clusterId(), owners.get(2)));
        assertThat(ReplayRig.await(store.excess(lanes.get(0).clusterId(), owners.get(0), LANES)))
                .as("2 and 2 of 4")
                .isZero();
    }

    /** Sends letters of a few keys, each with the number of its turn as value. */
    private void ask(String topic, List<UUID> asked, int count) {
        var letters = IntStream.range(asked.size(), asked.size() + count)
                .mapToObj(i -> new Letter(topic).content("key-" + i % KEYS, Integer.toString(i)))
                .toList();
        rig.letters
                .addAll(letters)
                .forEach(letter -> asked.add(rig.replay(letter).id()));
    }

    private void shares(long... expected) {
        Eventually.until(
                PATIENCE,
                "shares of " + List.of(expected[0]),
                () -> shares().equals(IntStream.range(0, expected.length)
                        .mapToObj(i -> expected[i])
                        .toList()));
    }

    private List<Long> shares() {
        var rows = ReplayRig.await(rig.pool
                .query("SELECT count(*) AS lanes FROM replay_lane WHERE lease_until > now() AND health = 'serving'"
                        + " GROUP BY owner ORDER BY 1")
                .execute());
        return rows.stream().map(row -> row.getLong("lanes")).toList();
    }

    private long fences() {
        return rig.row("SELECT sum(fence)::bigint AS fences FROM replay_lane").getLong("fences");
    }
}
