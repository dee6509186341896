package dev.redrive.letter;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LetterRoutesTest {

    private static final String LIST = "/api/v1/dead-letters";

    private ApiServer server;
    private StoredLetters letters;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.open();
        letters = new StoredLetters(server.pool());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void showsTheWholeLetterWithNothingMissing() throws Exception {
        long id = letters.add(sample().withHeaders(
                        new Header("a", Buffer.buffer("1")), new Header("a", null), new Header("", Buffer.buffer())));
        var answer = server.get(LIST + "/" + id);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        assertThat(answer.getHeader("ETag")).matches("\"v1-[0-9a-f]{16}\"");
        var letter = answer.bodyAsJsonObject();
        assertThat(letter.getJsonObject("position").fieldNames())
                .containsExactlyInAnyOrder(
                        "cluster", "topic", "topicId", "partition", "offset", "leaderEpoch", "timestamp");
        assertThat(letter.getJsonObject("position").getValue("offset")).isEqualTo("0");
        assertThat(letter.getJsonObject("position").getString("timestamp")).isEqualTo("2026-11-23T03:07:41.004Z");
        assertThat(letter.getJsonObject("key"))
                .isEqualTo(new JsonObject("{\"encoding\":\"utf8\",\"data\":\"cust-4711\",\"size\":9}"));
        assertThat(letter.getJsonArray("headers").encode())
                .isEqualTo("[{\"name\":\"a\",\"value\":{\"encoding\":\"utf8\",\"data\":\"1\",\"size\":1}},"
                        + "{\"name\":\"a\",\"value\":null},"
                        + "{\"name\":\"\",\"value\":{\"encoding\":\"utf8\",\"data\":\"\",\"size\":0}}]");
        assertThat(letter.getJsonObject("failure").containsKey("stackTrace")).isTrue();
        assertThat(letter.getValue("draft")).isNull();
        assertThat(letter.fieldNames()).contains("draft", "unwrapped", "latest", "replayDrops", "lineage", "payload");
        assertThat(letter.getJsonArray("allowedActions").getList()).isEqualTo(List.of("edit", "replay", "discard"));
    }

    @Test
    void listsLeaveOutWhatIsWide() throws Exception {
        letters.add(sample());
        var item = server.json(LIST).getJsonArray("items").getJsonObject(0);
        assertThat(item.fieldNames()).doesNotContain("key", "value", "headers");
        assertThat(item.getJsonObject("failure").fieldNames()).doesNotContain("stackTrace");
        assertThat(item.getString("keyPreview")).isEqualTo("cust-4711");
    }

    @Test
    void answers304WhereTheCallerKnowsWhatIsShown() throws Exception {
        var path = LIST + "/" + letters.add(sample());
        var etag = server.get(path).getHeader("ETag");
        var same = server.get(path, "If-None-Match", etag);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.getHeader("ETag")).isEqualTo(etag);
        assertThat(server.get(path, "If-None-Match", "\"v2\"").statusCode()).isEqualTo(200);
        assertThat(server.post(path + "/discards", new JsonObject(), "If-Match", etag)
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.get(path, "If-None-Match", etag).statusCode()).isEqualTo(200);
    }

    @Test
    void answersAnewWhereADraftCameMeanwhile() throws Exception {
        long id = letters.add(sample());
        var etag = server.get(LIST + "/" + id).getHeader("ETag");
        var draft = server.pool()
                .preparedQuery("INSERT INTO draft (letter_id, version, headers, content_hash, author)"
                        + " VALUES ($1, 1, '', sha256(''), 'anna')")
                .execute(Tuple.of(id));
        ApiServer.await(draft);
        var answer = server.get(LIST + "/" + id, "If-None-Match", etag);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.bodyAsJsonObject().getJsonObject("draft").getString("updatedBy"))
                .isEqualTo("anna");
    }

    @Test
    void walksAllPagesOnceAndInOrder() throws Exception {
        var expected = new ArrayList<String>();
        for (int i = 0; i < 23; i++) {
            expected.add(0, Long.toString(letters.add(sample())));
        }
        var seen = new ArrayList<String>();
        var path = LIST + "?topic=orders-dlt&limit=5";
        for (var cursor = ""; cursor != null; ) {
            var page = server.json(path + cursor);
            seen.addAll(ids(page));
            var next = page.getJsonObject("page").getString("next");
            cursor = next == null ? null : "&cursor=" + next;
        }
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void followsItsOwnLinkToTheNextPage() throws Exception {
        for (int i = 0; i < 3; i++) {
            letters.add(sample().withFailure("a.B", "a + b & c"));
        }
        var first = server.get(
                LIST + "?limit=2&fields=" + encode("payload.amount,header.x") + "&error=" + encode("a + b & c"));
        var link = first.getHeader("Link");
        assertThat(link).endsWith("; rel=\"next\"");
        var second = server.json(link.substring(1, link.indexOf('>')));
        assertThat(ids(second)).hasSize(1);
        assertThat(second.getJsonArray("items")
                        .getJsonObject(0)
                        .getJsonArray("fields")
                        .encode())
                .isEqualTo("[\"12,50\",null]");
        assertThat(second.getJsonObject("page").getValue("next")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topic:orders-dlt | 2",
                "topic:orders* | 2",
                "topic:orders-dlt,pay.DLT | 3",
                "-topic:orders-dlt | 1",
                "topic:orders-dlt -topic:orders* | 0",
                "is:open | 2",
                "-is:open | 1",
                "status:discarded,open | 3",
                "is:open is:discarded | 0",
                "class:PriceException | 1",
                "class:Price* | 1",
                "class:org.acme.orders.PriceException | 1",
                "class:ice* | 0",
                "-class:Price* | 2",
                "error:amount | 1",
                "error:\"50% off\" | 1",
                "error:% | 1",
                "error:AMOUNT | 1",
                "key:cust-4711 | 1",
                "key:cust* | 2",
                "-key:cust* | 1",
                "key:cust-4711,cust-9 topic:orders-dlt | 2",
                "has:key | 2",
                "-has:key | 1",
                "has:trace | 0",
                "convention:spring-kafka origin:orders consumer:orders-svc | 3",
                "partition:3 offset:>=1 | 2",
                "attempt:<3 | 0",
                "is:loop | 0",
                "ts:2026-11-23..2026-11-24 | 2",
                "ts:>1s | 3",
                "ts:<1s | 0",
                "'' | 3",
                "topic:pay.DLT OR class:Price* | 2",
                "-(topic:pay.DLT OR class:Price*) | 1",
                "NOT (is:discarded OR key:cust-9) | 1",
                "\"Cannot read\" | 1",
                "cust | 2",
                "size:18 | 3",
                "size:>18 | 0",
                "partition:0..2 | 0",
                "offset:2..5 | 1",
                "header.traceparent:00-1 | 3",
                "header.traceparent:00* | 3",
                "-header.traceparent:00-2 | 3",
                "payload.amount:\"12,50\" | 3",
                "payload.amount:12* | 3",
                "-payload.amount:12* | 0",
                "payload.price:12* | 0",
                "outcome:sent | 0",
            })
    void filtersByTheLanguage(String q, int expected) throws Exception {
        letters.add(sample());
        letters.add(
                sample().withKey(Buffer.buffer("cust-9")).withFailure("java.lang.IllegalStateException", "50% off"));
        long third = letters.add(sample().withTopic("pay.DLT")
                .withKey(null)
                .withFailure("org.acme.Other", "x")
                .withFailedAt(sample().failedAt().minusDays(9)));
        server.post(LIST + "/" + third + "/discards", new JsonObject());
        var page = server.json(LIST + "?count=true&q=" + encode(q));
        assertThat(page.getJsonArray("items")).as(page.encode()).hasSize(expected);
        assertThat(page.getJsonObject("total"))
                .isEqualTo(new JsonObject().put("value", expected).put("relation", "eq"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "clas:x | 0",
                "topic: | 6",
                "state:new | 0",
                "topic:\"a | 6",
                "topic:a\"b | 7",
                "(topic:a | 0",
                "is:broken | 3",
                "partition:x | 10",
                "id:1' | 3",
                "ts:yesterday | 3",
                "ts:>2y | 4",
                "topic:>a | 6",
                "offset:99999999999999999999 | 7",
            })
    void refusesWhatItDoesNotUnderstandAndSaysWhere(String q, int position) throws Exception {
        letters.add(sample());
        var answer = server.get(LIST + "?q=" + encode(q));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(400);
        var problem = answer.bodyAsJsonObject();
        assertThat(problem.getString("code")).isEqualTo("query-invalid");
        assertThat(problem.getInteger("position")).as(problem.encode()).isEqualTo(position);
    }

    @Test
    void takesFiltersAsTheyAreWrittenAndDecodesThemOnce() throws Exception {
        letters.add(sample().withKey(Buffer.buffer("a+b %2B \"c\" 7")));
        assertThat(ids(server.json(LIST + "?key=" + encode("a+b %2B \"c\" 7")))).hasSize(1);
        letters.add(sample().withKey(Buffer.buffer("12")));
        assertThat(ids(server.json(LIST + "?key=12"))).hasSize(1);
        letters.add(sample().withKey(Buffer.buffer("\"12\"")));
        assertThat(ids(server.json(LIST + "?key=" + encode("\"12\"")))).hasSize(1);
        assertThat(ids(server.json(LIST + "?key=-1"))).isEmpty();
    }

    @Test
    void refusesACursorOfAnotherListAndAForgedOne() throws Exception {
        for (int i = 0; i < 3; i++) {
            letters.add(sample());
        }
        var next = server.json(LIST + "?limit=1").getJsonObject("page").getString("next");
        for (var path : List.of(
                "?limit=1&status=open&cursor=" + next,
                "?cursor=" + next.substring(1),
                "?cursor=AAAA",
                "?cursor=" + encode("' OR 1=1 --"))) {
            var answer = server.get(LIST + path);
            assertThat(answer.statusCode()).as(path).isEqualTo(400);
            assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("cursor-mismatch");
        }
    }

    @Test
    void refusesNulUnknownAndRepeatedParameters() throws Exception {
        assertThat(server.get(LIST + "?key=%00").statusCode()).isEqualTo(400);
        assertThat(server.get(LIST + "?q=key:%00").statusCode()).isEqualTo(400);
        assertThat(server.get(LIST + "?stauts=open").statusCode()).isEqualTo(400);
        assertThat(server.get(LIST + "?topic=a&topic=b").statusCode()).isEqualTo(400);
        assertThat(server.get(LIST + "?status=open,nonsense").statusCode()).isEqualTo(400);
        assertThat(server.get(LIST + "?limit=0").statusCode()).isEqualTo(400);
        assertThat(server.get(LIST + "?limit=501").statusCode()).isEqualTo(400);
        assertThat(server.get(LIST + "?from=yesterday").statusCode()).isEqualTo(400);
    }

    private static List<String> ids(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
