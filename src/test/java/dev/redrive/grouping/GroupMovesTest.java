package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whatever is merged, split, regrouped, discarded and stored, in any order. */
class GroupMovesTest {

    private static final int STEPS = Integer.getInteger("groups.steps", 40);

    private GroupDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new GroupDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    @Test
    @DisplayName("After any sequence of merges, splits, regroups, discards and new letters all counts equal a recount")
    void countsWhatIsThere() throws Exception {
        long seed = Long.getLong("groups.seed", System.nanoTime());
        System.out.println("groups.seed=" + seed);
        var random = new Random(seed);
        store(random, 40);
        for (int step = 0; step < STEPS; step++) {
            String did = step(random);
            desk.assertEverythingCounted("seed " + seed + ", step " + step + ": " + did);
        }
        // All apart again.
        for (var group :
                desk.sql("SELECT DISTINCT merged_into FROM failure_group_state WHERE merged_into IS NOT NULL")) {
            var survivor = group.getLong(0).toString();
            var merged = desk.sql("SELECT failure_group_id FROM failure_group_state WHERE merged_into = " + survivor);
            if (!merged.isEmpty()) {
                desk.takeOut(survivor, ids(merged));
            }
        }
        desk.assertEverythingCounted("seed " + seed + ", at the end");
        assertThat(desk.sql("SELECT FROM letter_state WHERE home_group_id IS NOT NULL"))
                .as("seed " + seed)
                .isEmpty();
    }

    private static String[] ids(List<Row> rows) {
        return rows.stream().map(row -> row.getLong(0).toString()).toArray(String[]::new);
    }

    private void store(Random random, int letters) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (int i = 0; i < letters; i++) {
            int kind = random.nextInt(5);
            var words = List.of("alpha", "beta", "gamma").get(random.nextInt(3));
            records.add(desk.record("orders-dlt-" + kind % 2, "shop.E" + kind + "Exception", words));
        }
        desk.store(records);
    }

    private String step(Random random) throws Exception {
        var listed = desk.listed("");
        var one = listed.get(random.nextInt(listed.size()));
        var other = listed.get(random.nextInt(listed.size()));
        switch (random.nextInt(6)) {
            case 0 -> {
                store(random, 1 + random.nextInt(30));
                return "stored";
            }
            case 1 -> {
                if (!one.equals(other)) {
                    desk.merge(one, other);
                }
                return "merged " + other + " into " + one;
            }
            case 2 -> {
                var merged = desk.sql("SELECT merged_into, failure_group_id FROM failure_group_state "
                        + "WHERE merged_into IS NOT NULL ORDER BY 2");
                if (!merged.isEmpty()) {
                    var row = merged.get(random.nextInt(merged.size()));
                    desk.takeOut(row.getLong(0).toString(), row.getLong(1).toString());
                    return "took " + row.getLong(1) + " out of " + row.getLong(0);
                }
                return "nothing to take out";
            }
            case 3 -> {
                var q = List.of("error:alpha", "class:E1Exception,E2Exception", "topic:orders-dlt-0")
                        .get(random.nextInt(3));
                var answer = desk.ask(one, "splits", new JsonObject().put("q", q));
                assertThat(answer.statusCode()).isIn(200, 409);
                return "split " + one + " by " + q;
            }
            case 4 -> {
                desk.sql(
                        "UPDATE failure_group SET fingerprint = decode('00' || substring(md5(id::text) FROM 3), 'hex'), fingerprint_version = 0 "
                                + "WHERE id = " + one + " AND fingerprint_version > 0");
                desk.regroup("group:" + one);
                return "regrouped " + one;
            }
            default -> {
                desk.run(random.nextBoolean() ? "discard" : "restore", "group:" + one);
                return "discarded or restored " + one;
            }
        }
    }

    @Test
    @DisplayName("Merging many at once and taking some out again leaves the rest together")
    void mergesMany() throws Exception {
        store(new Random(7), 60);
        var all = desk.listed("");
        var rest = all.subList(1, all.size());
        desk.merge(all.get(0), rest.toArray(String[]::new));
        assertThat(desk.letters(all.get(0))).isEqualTo(60);
        desk.takeOut(all.get(0), rest.get(0), rest.get(1));
        assertThat(desk.listed("")).hasSize(3);
        assertThat(desk.get(all.get(0)).getInteger("merged")).isEqualTo(all.size() - 3);
        desk.assertEverythingCounted("after it");
    }
}
