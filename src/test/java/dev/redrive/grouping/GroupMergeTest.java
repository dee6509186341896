package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failure groups that are one, and are not one any more. */
class GroupMergeTest {

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

    @Test
    @DisplayName("A merged group's letters are the survivor's, those that come in later too, and each is counted once")
    void bringsLettersOfBeforeAndAfter() throws Exception {
        var job = desk.merge(price, stock);
        assertThat(job.getJsonObject("counters").getInteger("done")).isEqualTo(2);
        assertThat(desk.letters(price)).isEqualTo(5);
        desk.letters("shop.StockException", "no stock");
        assertThat(desk.letters(price)).isEqualTo(6);
        assertThat(desk.get(price).getInteger("merged")).isEqualTo(1);
        var moved = desk.api.get(GroupDesk.GROUPS + "/" + stock);
        assertThat(moved.statusCode()).isEqualTo(301);
        assertThat(moved.getHeader("Location")).isEqualTo(GroupDesk.GROUPS + "/" + price);
        assertThat(desk.listed("")).containsExactly(price);
        var merged = desk.api.json(GroupDesk.GROUPS + "/" + price + "/merges").getJsonArray("items");
        assertThat(merged.getJsonObject(0).getString("id")).isEqualTo(stock);
        assertThat(merged.getJsonObject(0).getJsonObject("letters").getInteger("value"))
                .isEqualTo(3);
        assertThat(desk.history(price)).containsExactly("group-merged");
        assertThat(desk.history(stock)).containsExactly("group-merged");
        desk.assertEverythingCounted("after the merge");
    }

    @Test
    @DisplayName("A merge taken apart gives every letter back, and those that came in between")
    void takesAMergeApart() throws Exception {
        desk.merge(price, stock);
        desk.letters("shop.StockException", "no stock");
        desk.takeOut(price, stock);
        assertThat(desk.letters(price)).isEqualTo(3);
        assertThat(desk.letters(stock)).isEqualTo(3);
        desk.letters("shop.StockException", "no stock");
        assertThat(desk.letters(stock)).isEqualTo(4);
        assertThat(desk.history(stock)).containsExactly("group-merged", "group-split-off");
        desk.assertEverythingCounted("after the split");
    }

    @Test
    @DisplayName("A group comes out of a merge with what had been merged into it before")
    void takesAMergeOfMergesApart() throws Exception {
        var bank = desk.letters("shop.BankException", "no money");
        desk.merge(stock, bank);
        desk.merge(price, stock);
        assertThat(desk.letters(price)).isEqualTo(6);
        desk.takeOut(price, stock);
        assertThat(desk.letters(price)).isEqualTo(3);
        assertThat(desk.letters(stock)).isEqualTo(3);
        desk.letters("shop.BankException", "no money");
        assertThat(desk.letters(stock)).isEqualTo(4);
        desk.takeOut(stock, bank);
        assertThat(desk.letters(bank)).isEqualTo(2);
        desk.assertEverythingCounted("after both splits");
    }

    @Test
    @DisplayName("The move reopens nothing and changes no letter; the next letter of a resolved survivor does")
    void wakesNobody() throws Exception {
        desk.run("discard", "class:StockException");
        desk.patch(price, new JsonObject().put("state", "resolved"));
        var before = desk.sql("SELECT letter_id, status, version FROM letter_state ORDER BY 1").stream()
                .map(row -> row.toJson().encode())
                .toList();
        desk.merge(price, stock);
        assertThat(desk.get(price).getString("state")).isEqualTo("resolved");
        assertThat(desk.get(price).getJsonObject("counts").getInteger("discarded"))
                .isEqualTo(2);
        assertThat(desk.sql("SELECT letter_id, status, version FROM letter_state ORDER BY 1").stream()
                        .map(row -> row.toJson().encode()))
                .isEqualTo(before);
        desk.letters("shop.StockException", "no stock");
        assertThat(desk.get(price).getString("state")).isEqualTo("regressed");
        desk.assertEverythingCounted("after the move");
    }

    @Test
    @DisplayName("A letter that arrives in the middle of merges and splits lies in one group and is counted once")
    void placesWhatArrivesInTheMiddle() throws Exception {
        var exceptions = List.of("shop.PriceException", "shop.StockException", "shop.BankException");
        var messages = List.of("no price", "no stock", "no money");
        var bank = desk.letters(exceptions.get(2), messages.get(2));
        var storing = CompletableFuture.runAsync(() -> {
            for (int batch = 0; batch < 60; batch++) {
                var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
                for (int i = 0; i < 20; i++) {
                    records.add(desk.record("orders-dlt", exceptions.get(i % 3), messages.get(i % 3)));
                }
                desk.store(records);
            }
        });
        int rounds = 0;
        do {
            desk.merge(price, stock);
            desk.merge(bank, price);
            desk.takeOut(bank, price);
            desk.takeOut(price, stock);
            rounds++;
        } while (!storing.isDone());
        storing.join();
        System.out.println("merged and split " + rounds + " times while 1,200 letters came in");
        desk.assertEverythingCounted("after it");
        assertThat(desk.letters(price) + desk.letters(stock) + desk.letters(bank))
                .isEqualTo(1_206);
        assertThat(desk.sql("SELECT FROM letter_state WHERE home_group_id IS NOT NULL"))
                .isEmpty();
    }

    @Test
    @DisplayName("What fits a split is another group, now and as it comes in, and comes back when it is merged again")
    void splitsByWhatTheErrorSays() throws Exception {
        var api = desk.letters("shop.ApiException", "x");
        desk.letters("shop.PriceException", "no price");
        desk.merge(price, api);
        var job = desk.splitBy(price, "class:ApiException,Other error:\"X\"");
        assertThat(job.getJsonObject("counters").getInteger("done")).isEqualTo(1);
        var off = desk.api
                .json(GroupDesk.GROUPS + "/" + price + "/splits")
                .getJsonArray("items")
                .getJsonObject(0);
        var id = off.getString("id");
        assertThat(desk.get(id).getJsonArray("parts").encode()).contains("\"split\"");
        desk.letters("shop.ApiException", "x", "x");
        assertThat(desk.letters(id)).isEqualTo(3);
        assertThat(desk.letters(price)).isEqualTo(4);
        assertThat(desk.history(id)).containsExactly("group-made-by-split");
        assertThat(desk.sql("SELECT FROM alert_delivery")).isEmpty();
        desk.assertEverythingCounted("after the split");
        assertThat(desk.ask(id, "splits", new JsonObject().put("q", "error:y")).statusCode())
                .isEqualTo(409);

        desk.merge(price, id);
        desk.letters("shop.ApiException", "x");
        assertThat(desk.letters(price)).isEqualTo(8);
        desk.takeOut(price, id);
        assertThat(desk.letters(id)).isEqualTo(4);
        desk.assertEverythingCounted("after it went back and forth");
    }

    @Test
    @DisplayName("A split finds the same among letters that come in as the filter finds among those that are stored")
    void splitsAsTheFilterReads() throws Exception {
        var messages = List.of("no price", "No Price 100%", "100_", "a\\b", "price", "");
        for (var q : List.of(
                "error:\"no price\"",
                "error:no*",
                "error:\"100%\"",
                "error:\"100_\"",
                "error:\"a\\\\b\"",
                "class:PriceException",
                "class:shop.Price*",
                "class:Exception",
                "cause:PriceException",
                "topic:orders-dlt",
                "topic:orders*",
                "topic:other",
                "origin:orders consumer:orders-svc convention:spring-kafka",
                "origin:orders,returns error:price")) {
            desk.close();
            desk = new GroupDesk();
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            messages.forEach(message -> records.add(desk.record("orders-dlt", "shop.PriceException", message)));
            desk.store(records);
            // One group for all of them, whatever their words.
            var ids = desk.listed("");
            price = ids.get(0);
            if (ids.size() > 1) {
                desk.merge(price, ids.subList(1, ids.size()).toArray(String[]::new));
            }
            long found = desk.splitBy(price, q).getJsonObject("counters").getLong("done");
            var again = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            messages.forEach(message -> again.add(desk.record("orders-dlt", "shop.PriceException", message)));
            desk.store(again);
            var off = desk.api.json(GroupDesk.GROUPS + "/" + price + "/splits").getJsonArray("items");
            assertThat(desk.letters(off.getJsonObject(0).getString("id"))).as(q).isEqualTo(2 * found);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"payload.a:1", "-error:x", "error:x OR topic:y", "words", "status:open", "error:a error:b", ""})
    void refusesToSplitByWhatIsNotKnownInTime(String q) throws Exception {
        assertThat(desk.ask(price, "splits", new JsonObject().put("q", q)).statusCode())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("Refuses itself, the unknown, the merged, circles, and what the caller did not see")
    void refusesWhatMakesNoSense() throws Exception {
        var bank = desk.letters("shop.BankException", "no money");
        assertThat(refusal(price, "merges", "ids", price)).isEqualTo("422 unprocessable /ids/0");
        assertThat(refusal(price, "merges", "ids", stock, "999")).isEqualTo("422 unprocessable /ids/1");
        assertThat(refusal("999", "merges", "ids", stock)).isEqualTo("404 not-found");
        assertThat(refusal(price, "splits", "groups", stock)).isEqualTo("422 unprocessable /groups/0");
        var body = new JsonObject().put("ids", new JsonArray().add(stock));
        assertThat(desk.ask(price, "merges", body, "\"v9\"").statusCode()).isEqualTo(412);
        var key = UUID.randomUUID().toString();
        assertThat(desk.api
                        .post(GroupDesk.GROUPS + "/" + price + "/merges", body, "Idempotency-Key", key)
                        .statusCode())
                .isEqualTo(428);
        assertThat(desk.api
                        .post(GroupDesk.GROUPS + "/" + price + "/merges", body, "If-Match", "*")
                        .statusCode())
                .isEqualTo(400);
        desk.merge(price, stock);
        assertThat(refusal(stock, "merges", "ids", price)).isEqualTo("409 conflict-state");
        assertThat(refusal(bank, "merges", "ids", stock)).isEqualTo("409 conflict-state");
        assertThat(refusal(price, "splits", "groups", bank)).isEqualTo("422 unprocessable /groups/0");
        var both = new JsonObject().put("q", "error:x").put("groups", new JsonArray().add(stock));
        assertThat(desk.ask(price, "splits", both).statusCode()).isEqualTo(400);
        assertThat(desk.ask(price, "splits", new JsonObject()).statusCode()).isEqualTo(400);
        desk.assertEverythingCounted("after the refusals");
    }

    private String refusal(String id, String what, String field, String... ids) throws Exception {
        var answer = desk.ask(id, what, new JsonObject().put(field, new JsonArray(List.of(ids))));
        var body = answer.bodyAsJsonObject();
        var errors = body.getJsonArray("errors");
        return answer.statusCode() + " " + body.getString("code")
                + (errors == null ? "" : " " + errors.getJsonObject(0).getString("pointer"));
    }

    @Test
    @DisplayName("The same request twice merges once, and asked anew it brings what was left behind")
    void mergesOnce() throws Exception {
        var body = new JsonObject().put("ids", new JsonArray().add(stock)).put("reason", "one defect");
        var path = GroupDesk.GROUPS + "/" + price + "/merges";
        var first = desk.api.post(path, body, "Idempotency-Key", "k1", "If-Match", "\"v0\"", "Prefer", "wait=20");
        var second = desk.api.post(path, body, "Idempotency-Key", "k1", "If-Match", "\"v0\"");
        assertThat(second.bodyAsJsonObject().getString("id"))
                .isEqualTo(desk.done(first).getString("id"));
        // As if the job had been cancelled before its first letter.
        desk.sql(
                "UPDATE letter_state SET failure_group_id = home_group_id, home_group_id = NULL WHERE home_group_id IS NOT NULL");
        var again = desk.merge(price, stock);
        assertThat(again.getJsonObject("counters").getInteger("done")).isEqualTo(2);
        assertThat(desk.sql("SELECT FROM audit_event WHERE reason = 'one defect'"))
                .hasSize(4);
        assertThat(desk.api
                        .post(
                                "/api/v1/jobs",
                                new JsonObject()
                                        .put("type", "merge")
                                        .put("selectionId", UUID.randomUUID().toString())
                                        .put("expectedCount", 0)
                                        .put("reason", "x"),
                                "Idempotency-Key",
                                "k2")
                        .statusCode())
                .isEqualTo(400);
    }
}
