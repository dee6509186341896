package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Letters whose fingerprint was made by older rules. */
class RegroupTest {

    private GroupDesk desk;
    private String price;
    private String stock;

    @BeforeEach
    void store() throws Exception {
        desk = new GroupDesk();
        price = desk.letters("shop.PriceException", "no price", "no price", "no price");
        stock = desk.letters("shop.StockException", "no stock", "no stock");
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    /** As if the rules of the first version had been others: the fingerprints that are stored are nobody's today. */
    private void age(String... groups) throws Exception {
        for (var group : groups) {
            desk.sql(
                    "UPDATE failure_group SET fingerprint_version = 0, fingerprint = '\\x00'::bytea || substring(fingerprint FROM 2) WHERE id = "
                            + group);
        }
    }

    private String newest() throws Exception {
        return desk.sql("SELECT max(id) FROM failure_group").get(0).getLong(0).toString();
    }

    @Test
    @DisplayName("Letters of an older version go to the group that ingest would give them today")
    void movesLettersOfAnOlderVersion() throws Exception {
        age(price, stock);
        var job = desk.regroup("is:open");
        assertThat(job.getJsonObject("counters").getInteger("done")).isEqualTo(5);
        var again = desk.group("shop.PriceException");
        assertThat(again).isNotEqualTo(price);
        assertThat(desk.get(again).getString("fingerprint")).startsWith("v" + Fingerprinter.VERSION);
        desk.letters("shop.PriceException", "no price");
        assertThat(desk.letters(again)).isEqualTo(4);
        desk.assertEverythingCounted("after the regroup");
    }

    @Test
    @DisplayName("A group that was emptied is in no list, and yet there for whoever knows it")
    void hidesWhatIsEmpty() throws Exception {
        age(price);
        desk.regroup("group:" + price);
        var again = desk.group("shop.PriceException");
        assertThat(desk.listed("")).containsExactlyInAnyOrder(stock, again);
        assertThat(desk.listed("group:" + price)).containsExactly(price);
        assertThat(desk.letters(price)).isZero();
        assertThat(desk.history(price)).containsExactly("group-regrouped");
        assertThat(desk.history(again)).containsExactly("group-regrouped");
    }

    @Test
    @DisplayName("What was decided goes along, no status changes, nobody is woken and nobody is alerted")
    void changesNothingButThePlace() throws Exception {
        desk.run("discard", "class:PriceException");
        desk.patch(
                price,
                new JsonObject()
                        .put("state", "resolved")
                        .put("assignee", "ana")
                        .put("tags", new JsonArray().add("vip"))
                        .put("ticketUrl", "https://tracker.example/INC-1"));
        age(price, stock);
        var letters = "SELECT letter_id || ' ' || status || ' ' || version FROM letter_state ORDER BY letter_id";
        var before = desk.sql(letters).stream().map(row -> row.getString(0)).toList();
        desk.regroup("");
        assertThat(desk.sql(letters).stream().map(row -> row.getString(0))).isEqualTo(before);
        var group = desk.get(desk.group("shop.PriceException"));
        assertThat(group.getString("state")).isEqualTo("resolved");
        assertThat(group.getString("assignee")).isEqualTo("ana");
        assertThat(group.getJsonArray("tags").encode()).isEqualTo("[\"vip\"]");
        assertThat(group.getString("ticketUrl")).endsWith("INC-1");
        assertThat(group.getJsonObject("counts").getInteger("discarded")).isEqualTo(3);
        assertThat(desk.get(desk.group("shop.StockException")).getString("assignee"))
                .isNull();
        assertThat(desk.sql("SELECT FROM alert_delivery")).isEmpty();
        desk.assertEverythingCounted("after the regroup");
    }

    @Test
    @DisplayName("What was decided about one of two groups that become one does not go along")
    void carriesNothingFromTwo() throws Exception {
        desk.patch(price, new JsonObject().put("state", "resolved"));
        // The older rules told two of these letters apart.
        desk.sql("UPDATE letter_state SET failure_group_id = " + stock
                + " WHERE letter_id = (SELECT min(letter_id) FROM letter_state WHERE failure_group_id = " + price
                + ")");
        age(price, stock);
        desk.regroup("");
        assertThat(desk.get(desk.group("shop.PriceException")).getString("state"))
                .isNotEqualTo("resolved");
    }

    @Test
    @DisplayName("A purged letter stays where it lies: what it was grouped by is gone")
    void leavesAPurgedLetterWhereItLies() throws Exception {
        desk.sql("UPDATE dead_letter SET message = NULL WHERE failure_group_id = " + price);
        desk.sql("UPDATE letter_state SET status = 'purged' WHERE failure_group_id = " + price);
        var newest = newest();
        var job = desk.regroup("");
        assertThat(job.getJsonObject("counters").getInteger("done")).isZero();
        assertThat(newest()).isEqualTo(newest);
        assertThat(desk.letters(price)).isEqualTo(3);
        desk.assertEverythingCounted("after the regroup");
    }

    @Test
    @DisplayName("A resolved failure that goes on while it is regrouped is not hidden")
    void doesNotHideWhatCameMeanwhile() throws Exception {
        desk.patch(price, new JsonObject().put("state", "resolved"));
        age(price);
        desk.letters("shop.PriceException", "no price");
        desk.regroup("");
        var again = desk.group("shop.PriceException");
        assertThat(desk.letters(again)).isEqualTo(4);
        assertThat(desk.get(again).getString("state")).isNotEqualTo("resolved");
    }

    @Test
    @DisplayName(
            "Letters that have their fingerprint already, and those that were split off by hand, stay where they are")
    void leavesAloneWhatIsRight() throws Exception {
        desk.splitBy(price, "error:\"no price\"");
        var off = newest();
        var job = desk.regroup("");
        assertThat(job.getJsonObject("counters").getInteger("done")).isZero();
        assertThat(job.getJsonObject("counters").getInteger("skipped")).isEqualTo(5);
        var why = desk.api
                .json("/api/v1/jobs/" + job.getString("id") + "/items")
                .getJsonArray("items")
                .encode();
        assertThat(why).contains("was split off by hand").contains("is where it belongs already");
        assertThat(desk.letters(off)).isEqualTo(3);
        assertThat(desk.history(stock)).isEmpty();
    }

    @Test
    @DisplayName("What is stored of a failure gives the fingerprint that its record gave, whatever framework wrote it")
    void findsTheSameFromWhatIsStored() throws Exception {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (var vector : Vectors.all()) {
            if (vector.isDeadLetter()) {
                var timestamp = vector.recordTimestamp();
                var headers = new RecordHeaders();
                vector.content().headers().forEach(header -> headers.add(header.name(), bytes(header.value())));
                records.add(new ConsumerRecord<>(
                        vector.dlqTopic(),
                        7,
                        records.size(),
                        timestamp == null ? 1_790_000_000_000L : timestamp,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        bytes(vector.content().key()),
                        bytes(vector.content().value()),
                        headers,
                        Optional.of(0)));
            }
        }
        desk.store(records);
        var job = desk.regroup("");
        assertThat(job.getJsonObject("counters").getInteger("done")).isZero();
        assertThat(job.getJsonObject("counters").getInteger("skipped")).isEqualTo(5 + records.size());
    }

    private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }

    @Test
    @DisplayName("A letter of a merged group stays in the survivor while its fingerprint is the same")
    void keepsMerges() throws Exception {
        desk.merge(price, stock);
        desk.regroup("");
        assertThat(desk.letters(price)).isEqualTo(5);
        desk.takeOut(price, stock);
        assertThat(List.of(desk.letters(price), desk.letters(stock))).containsExactly(3L, 2L);
        desk.assertEverythingCounted("after the split");
    }
}
