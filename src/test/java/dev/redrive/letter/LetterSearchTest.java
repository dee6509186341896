package dev.redrive.letter;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.filter.FilterParser;
import dev.redrive.http.ApiServer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LetterSearchTest {

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
    void searchesByTheBodyAsByTheAddress() throws Exception {
        for (int i = 0; i < 3; i++) {
            letters.add(sample());
        }
        var body = new JsonObject().put("q", "class:Price*").put("limit", 2).put("count", true);
        var first = server.post(LIST + "/search", body).bodyAsJsonObject();
        assertThat(ids(first)).as(first.encode()).hasSize(2);
        assertThat(first.getJsonObject("total").getInteger("value")).isEqualTo(3);
        var next = first.getJsonObject("page").getString("next");
        assertThat(ids(server.post(LIST + "/search", body.put("cursor", next)).bodyAsJsonObject()))
                .hasSize(1);
        assertThat(ids(server.json(LIST + "?q=class:Price*&cursor=" + next))).hasSize(1);
        assertThat(server.post(LIST + "/search", new JsonObject().put("q", "clas:x"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.post(LIST + "/search", new JsonObject().put("query", "x"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aSearchThatIsStoppedEarlySaysHowFarItCame() throws Exception {
        for (int i = 0; i < 40; i++) {
            letters.add(sample());
        }
        var scope = new LetterScope(FilterParser.parse("error:\"said by no letter\""), Instant.now(), "ana");
        var plan = answer(LetterPlanStore.plan(server.pool(), scope));
        var scan = new Scan(server.pool(), plan, Long.MAX_VALUE, Duration.ZERO);
        answer(scan.run(16, LetterWalkStore.Use.ids(10), window -> {}, () -> 1));
        assertThat(scan.isComplete()).isFalse();
        assertThat(scan.searched().letters()).isEqualTo(16);
        assertThat(scan.searched().of()).isIn(null, 40L);
        assertThat(server.json(LIST + "?q=error:nothing").getMap()).containsEntry("searched", null);
    }

    /** Whoever discards all that is not to be kept must not discard what nobody looked at. */
    @Test
    void aValueThatWasNotReadFitsNeitherATermNorItsNegation() throws Exception {
        var keep = Buffer.buffer("{\"kind\":\"keep\",\"note\":\"ledger\"}");
        letters.add(sample().withValue(keep));
        long other = letters.add(sample().withValue(Buffer.buffer("{\"kind\":\"drop\"}")));
        letters.add(sample().withValue(keep).withStorage(Storage.CHUNKED));
        for (var q : List.of("-payload.kind:keep", "-ledger", "NOT (payload.kind:keep OR ledger)")) {
            var page = server.json(LIST + "?count=true&q=" + URLEncoder.encode(q, StandardCharsets.UTF_8));
            assertThat(ids(page)).as(q).containsExactly(Long.toString(other));
            assertThat(page.getJsonArray("partial")).as(q).containsExactly("1 values over 256 KiB were not searched");
            assertThat(page.getJsonObject("total").getMap())
                    .as(q)
                    .containsEntry("value", 1)
                    .containsEntry("relation", "gte");
        }
        var known = server.json(LIST + "?count=true&q=key:none+ledger");
        assertThat(known.getJsonArray("partial")).isEmpty();
        assertThat(known.getJsonObject("total").getString("relation")).isEqualTo("eq");
    }

    /** Most letters of one topic, and those of the others wherever they fall: no place may be read too short. */
    @Test
    void theHighestOfManyPlacesAreTheHighestOfAll() throws Exception {
        var random = new Random(7);
        var added = new ArrayList<Long>();
        for (int i = 0; i < 120; i++) {
            var topic = random.nextInt(3) > 0 ? "big-dlt" : "small-%d-dlt".formatted(random.nextInt(12));
            added.add(letters.add(sample().withTopic(topic)));
        }
        added.sort(Comparator.reverseOrder());
        var scope = new LetterScope(FilterParser.parse("class:Price*"), Instant.now(), "ana");
        var plan = answer(LetterPlanStore.plan(server.pool(), scope));
        assertThat(plan.driver())
                .isInstanceOfSatisfying(
                        Lanes.class, lanes -> assertThat(lanes.values()).hasSizeGreaterThan(Merge.FEW_PLACES));
        for (int limit : List.of(1, 2, 7, 50, 119, 120, 121)) {
            for (int from = 0; from <= added.size(); from += 13) {
                long below = from == 0 ? Long.MAX_VALUE : added.get(from - 1);
                var expected = added.subList(from, Math.min(added.size(), from + limit));
                assertThat(answer(LetterWalkStore.ids(server.pool(), plan, below, limit)))
                        .as("%d below %d", limit, below)
                        .isEqualTo(expected);
            }
        }
    }

    /** The newest letters are looked at first; there are more of another topic than are looked at. */
    @Test
    void lettersOfManyPlacesAreFoundNearAndFarBack() throws Exception {
        var small = new ArrayList<Long>();
        for (int i = 0; i < 60; i++) {
            small.add(0, letters.add(sample().withTopic("small-" + i % 30)));
        }
        for (int i = 0; i < 250; i++) {
            letters.add(sample().withTopic("big-dlt"));
        }
        var scope = new LetterScope(FilterParser.parse("-topic:big-dlt"), Instant.now(), "ana");
        assertThat(found(scope, 1)).isEqualTo(small.subList(0, 1));
        assertThat(found(scope, 50)).isEqualTo(small.subList(0, 50));
        for (int i = 0; i < 40; i++) {
            small.add(0, letters.add(sample().withTopic("small-" + i % 30)));
        }
        for (int limit : List.of(1, 39, 40, 41, 100)) {
            assertThat(found(scope, limit)).as("%d", limit).isEqualTo(small.subList(0, limit));
        }
    }

    private List<Long> found(LetterScope scope, int limit) throws Exception {
        var plan = answer(LetterPlanStore.plan(server.pool(), scope));
        assertThat(plan.isExact()).isTrue();
        return answer(LetterWalkStore.ids(server.pool(), plan, Long.MAX_VALUE, limit));
    }

    @Test
    void keysThatAreCommonAreFoundNearAndFarBack() throws Exception {
        var far = new ArrayList<Long>();
        for (int i = 0; i < 505; i++) {
            far.add(0, letters.add(sample().withKey(Buffer.buffer("far-" + i))));
        }
        for (int i = 0; i < 60; i++) {
            letters.add(sample().withKey(Buffer.buffer("near-" + i)));
        }
        var search = new LetterSearch(server.pool(), server.pool());
        var scope = new LetterScope(FilterParser.parse("key:far-*"), Instant.now(), "ana");
        var page = answer(search.page(scope, Long.MAX_VALUE, 5));
        assertThat(page.rows()).extracting(row -> row.getLong("letter_id")).isEqualTo(far.subList(0, 5));
        assertThat(page.partial()).isEmpty();
        var behind = answer(search.page(scope, far.get(4), 5));
        assertThat(behind.rows()).extracting(row -> row.getLong("letter_id")).isEqualTo(far.subList(5, 10));
        assertThat(answer(search.count(scope))).isEqualTo(new LetterSearch.Count(505, true));
    }

    private static <T> T answer(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static List<String> ids(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }
}
