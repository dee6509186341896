package dev.redrive.letter;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FacetRoutesTest {

    private static final String FACETS = "/api/v1/dead-letters/facets";
    private static final String HISTOGRAM = "/api/v1/dead-letters/histogram";
    private static final OffsetDateTime THREE = OffsetDateTime.parse("2026-11-23T03:00:00Z");

    private ApiServer server;
    private StoredLetters letters;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.open();
        letters = new StoredLetters(server.pool());
        long first = letters.add(sample().withFailedAt(THREE.plusMinutes(1)));
        letters.add(sample().withFailedAt(THREE.plusMinutes(2)));
        letters.add(sample().withFailedAt(THREE.plusMinutes(61)).withFailure("java.io.IOException", "broken pipe"));
        letters.add(
                sample().withFailedAt(THREE.plusHours(5)).withTopic("pay.DLT").withKey(Buffer.buffer("k")));
        server.post("/api/v1/dead-letters/" + first + "/discards", new JsonObject());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void countsByValueMostFrequentFirst() throws Exception {
        assertThat(counts("field=topic")).containsExactly(Map.entry("orders-dlt", 3), Map.entry("pay.DLT", 1));
        assertThat(counts("field=status")).containsExactly(Map.entry("open", 3), Map.entry("discarded", 1));
        assertThat(counts("field=class&q=" + encode("topic:orders*")))
                .containsExactly(Map.entry("org.acme.orders.PriceException", 2), Map.entry("java.io.IOException", 1));
        assertThat(counts("field=topic&prefix=pay")).containsExactly(Map.entry("pay.DLT", 1));
        assertThat(counts("field=topic&q=" + encode("is:open -class:IO*")))
                .containsExactly(Map.entry("orders-dlt", 1), Map.entry("pay.DLT", 1));
    }

    @Test
    void groupsHaveTheirTitles() throws Exception {
        var items = server.json(FACETS + "?field=group").getJsonArray("items");
        assertThat(items.getJsonObject(0).getString("label")).isEqualTo("org.acme.orders.PriceException");
    }

    @Test
    void saysHowManyHoldAnotherValueOrNone() throws Exception {
        var facets = server.json(FACETS + "?field=topic&limit=1");
        assertThat(facets.getJsonObject("others")).isEqualTo(counted(1));
        assertThat(facets.getJsonObject("missing")).isEqualTo(counted(0));
        assertThat(server.json(FACETS + "?field=assignee").getJsonObject("missing"))
                .isEqualTo(counted(4));
    }

    /** The same numbers, once out of the tallies and once by looking at the letters: the term is always true. */
    @ParameterizedTest
    @ValueSource(strings = {"topic", "origin", "consumer", "convention", "class", "cause", "status", "group"})
    void countsTheSameWhereItHasToLook(String field) throws Exception {
        var tallied = server.json(FACETS + "?field=" + field);
        var scanned = server.json(FACETS + "?field=" + field + "&q=" + encode("partition:3"));
        assertThat(scanned.getJsonArray("items")).isEqualTo(tallied.getJsonArray("items"));
        assertThat(scanned.getJsonObject("others")).isEqualTo(tallied.getJsonObject("others"));
    }

    @Test
    void barsLieSideBySideAndNoneIsMissing() throws Exception {
        var histogram = server.json(
                HISTOGRAM + "?from=2026-11-23T03:30Z&to=2026-11-23T08:10Z&q=" + encode("class:*ice* OR -class:x"));
        assertThat(histogram.getString("from")).isEqualTo("2026-11-23T03:00:00.000Z");
        assertThat(histogram.getString("to")).isEqualTo("2026-11-23T09:00:00.000Z");
        var bars = histogram.getJsonArray("bars");
        assertThat(bars.stream().map(bar -> ((JsonObject) bar).getInteger("letters")))
                .containsExactly(2, 1, 0, 0, 0, 1);
        assertThat(bars.getJsonObject(0).getJsonObject("byStatus"))
                .isEqualTo(new JsonObject().put("open", 1).put("discarded", 1));
        assertThat(histogram.getJsonObject("total")).isEqualTo(counted(4));
    }

    @Test
    void countsShortStepsAndOtherTermsByLooking() throws Exception {
        var range = "?from=2026-11-23T03:00Z&to=2026-11-23T04:00Z&step=PT1M&by=none";
        var bars = server.json(HISTOGRAM + range).getJsonArray("bars");
        assertThat(bars.size()).isEqualTo(60);
        assertThat(bars.getJsonObject(1).getInteger("letters")).isEqualTo(1);
        assertThat(bars.getJsonObject(1).containsKey("byStatus")).isFalse();
        var keyed = server.json(HISTOGRAM + "?from=2026-11-23T00:00Z&to=2026-11-24T00:00Z&q=key:k");
        assertThat(keyed.getJsonObject("total")).isEqualTo(counted(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "histogram?step=PT1S",
                "histogram?step=x",
                "histogram?step=PT1M",
                "histogram?step=-PT1H",
                "histogram?step=P999999999999999999D",
                "histogram?from=2026-11-23&to=2026-11-22",
                "histogram?from=1901-01-01&to=1901-01-02",
                "histogram?by=class",
                "histogram?q=state:new",
                "facets?field=value",
                "facets",
                "facets?field=topic&limit=0",
                "facets?field=topic&q=clas:x",
            })
    void refusesWhatItCannotCount(String path) throws Exception {
        assertThat(server.get("/api/v1/dead-letters/" + path).statusCode())
                .as(path)
                .isEqualTo(400);
    }

    private Map<String, Integer> counts(String parameters) throws Exception {
        var counts = new LinkedHashMap<String, Integer>();
        var facets = server.json(FACETS + "?" + parameters);
        for (var item : facets.getJsonArray("items")) {
            var facet = (JsonObject) item;
            assertThat(facet.getJsonObject("count").getString("relation")).isEqualTo("eq");
            counts.put(facet.getString("value"), facet.getJsonObject("count").getInteger("value"));
        }
        return counts;
    }

    private static JsonObject counted(int letters) {
        return new JsonObject().put("value", letters).put("relation", "eq");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
