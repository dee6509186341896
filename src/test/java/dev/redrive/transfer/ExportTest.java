package dev.redrive.transfer;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.ApiServer;
import dev.redrive.http.Call;
import dev.redrive.letter.LetterWalk;
import dev.redrive.letter.Storage;
import dev.redrive.letter.StoredLetters;
import dev.redrive.testkit.Eventually;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExportTest {

    private ApiServer api;
    private StoredLetters letters;

    @BeforeEach
    void open() throws Exception {
        api = ApiServer.with(pool -> new ExportRoutes(pool, pool, new AuditStore(pool), Clock.systemUTC()));
        letters = new StoredLetters(api.pool());
    }

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    private String export(String query) throws Exception {
        return api.get("/api/v1/dead-letters/export" + query).bodyAsString();
    }

    private static String sha256(String text) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    @Test
    void writesLettersOldestFirstBetweenAHeadAndALineThatProvesThatNothingIsMissing() throws Exception {
        for (int i = 0; i < 70; i++) {
            letters.add(sample().withKey(Buffer.buffer("k" + i)));
        }
        var answer = api.get("/api/v1/dead-letters/export");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.getHeader("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(answer.getHeader("Content-Disposition"))
                .matches("attachment; filename=\"redrive-letters-\\d{8}T\\d{6}Z\\.ndjson\"");
        var lines = answer.bodyAsString().lines().map(JsonObject::new).toList();
        assertThat(lines).hasSize(72);
        assertThat(lines.get(0).getJsonObject("redriveExport").getInteger("version"))
                .isEqualTo(1);
        assertThat(lines.subList(1, 71).stream().map(line -> decoded(line.getString("key"))))
                .isEqualTo(IntStream.range(0, 70).mapToObj(i -> "k" + i).toList());
        var text = answer.bodyAsString();
        var end = lines.get(71).getJsonObject("redriveExport");
        assertThat(end.getLong("letters")).isEqualTo(70);
        assertThat(end.getString("sha256")).isEqualTo(sha256(text.substring(0, text.lastIndexOf("{\"redriveExport"))));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Test
    void exportsWhatTheFilterSaysAndRefusesAWrongOneBeforeAnythingIsSent() throws Exception {
        letters.add(sample().withTopic("orders-dlt"));
        letters.add(sample().withTopic("payments-dlt"));
        assertThat(export("?q=topic:payments-dlt")).contains("payments-dlt").doesNotContain("orders-dlt\"");
        var refused = api.get("/api/v1/dead-letters/export?q=colour:red");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("query-invalid");
        assertThat(api.get("/api/v1/dead-letters/export", "Accept", "image/png").statusCode())
                .isEqualTo(406);
        assertThat(api.get("/api/v1/dead-letters/export?format=csv&columns=id,colour")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void isInTheAuditBeforeTheFirstByteLeaves() throws Exception {
        letters.add(sample());
        export("?format=csv&q=is:open");
        var event = api.json("/api/v1/audit?action=letters-exported")
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(event.getJsonObject("details"))
                .isEqualTo(new JsonObject()
                        .put("q", "is:open")
                        .put("format", "csv")
                        .put("letters", 1));
    }

    @Test
    @DisplayName("S-22: no cell of a CSV export is a formula")
    void neutralisesFormulas() throws Exception {
        var hostile = List.of(
                "=cmd|'/C calc'!A0",
                "@SUM(1)",
                "+1",
                "-1",
                "\t=1",
                "\r=1",
                "\n=1",
                "  =1",
                "\"=1",
                "\u00A0=1",
                "\uFEFF=1",
                "\u0000=1",
                "\uFF1D1",
                "\uFF0B1",
                "\uFF0D1",
                "\uFF201");
        for (var text : hostile) {
            letters.add(sample().withFailure("org.acme.E", text.replace("\u0000", ""))
                    .withKey(Buffer.buffer(text)));
        }
        letters.add(sample().withKey(Buffer.buffer("a,b\r\n\"c\";=d")).withFailure("org.acme.E", "plain"));
        var csv = export("?format=csv&columns=key,message");
        var rows = csv.split("(?<=\")\r\n");
        assertThat(rows[0]).isEqualTo("\"key\",\"message\"");
        for (int i = 0; i < hostile.size(); i++) {
            assertThat(rows[i + 1]).as(hostile.get(i)).matches("(?s)\"'.*\",\"'.*\"");
        }
        assertThat(csv).contains("\"a,b\r\n\"\"c\"\";=d\",\"plain\"\r\n");
        assertThat(csv.substring(csv.lastIndexOf("#"))).startsWith("# end letters=17 sha256=");
    }

    @Test
    void readsAValueInPiecesWithoutHoldingItWhole() throws Exception {
        var value = new byte[2_000_000];
        new Random(3).nextBytes(value);
        letters.add(sample().withValue(Buffer.buffer(value)).withStorage(Storage.CHUNKED));
        var lines = export("").lines().map(JsonObject::new).toList();
        assertThat(lines.get(1).getInteger("pieces")).isEqualTo(3);
        var read = new ByteArrayOutputStream();
        for (var line : lines.subList(2, 5)) {
            read.writeBytes(Base64.getDecoder().decode(line.getString("bytes")));
        }
        assertThat(read.toByteArray()).isEqualTo(value);
        assertThat(export("?format=csv&columns=value")).contains("(2000000 bytes, see chunked)");
    }

    @Test
    void endsWithoutItsLastLineWhereALetterCannotBeWritten() throws Exception {
        var ended = new CompletableFuture<Void>();
        try (var broken = ApiServer.with(pool ->
                routes -> routes.getRoute("exportDeadLetters").addHandler(Call.streaming(call -> {
                    var export = new LetterExport(
                            pool, new Unwritable(), call.response().setChunked(true));
                    return export.find((client, below, limit) ->
                                    Future.succeededFuture(new LetterWalk.Slice(List.of(1L), 0, true)))
                            .compose(found -> export.send(""))
                            .onSuccess(ended::complete);
                })))) {
            new StoredLetters(broken.pool()).add(sample());
            assertThatThrownBy(() -> broken.get("/api/v1/dead-letters/export")).isInstanceOf(HttpClosedException.class);
            ended.get(5, TimeUnit.SECONDS);
        }
    }

    private static final class Unwritable implements ExportLines {

        @Override
        public Buffer head(String q) {
            return Buffer.buffer("head\n");
        }

        @Override
        public Buffer begin(ExportedLetter letter) {
            throw new IllegalStateException("Cannot be written");
        }

        @Override
        public boolean takesPieces(ExportedLetter letter) {
            return false;
        }

        @Override
        public Buffer piece(int no, Buffer bytes) {
            return bytes;
        }

        @Override
        public Buffer end(ExportedLetter letter) {
            return Buffer.buffer();
        }

        @Override
        public Buffer trailer(long letters, String sha256) {
            return Buffer.buffer();
        }
    }

    @Test
    void waitsForSlowClientsAndIsFreeAgainWhenTheyGoAway() throws Exception {
        var value = Buffer.buffer("x".repeat(200_000));
        for (int i = 0; i < 200; i++) {
            letters.add(sample().withValue(value));
        }
        var vertx = Vertx.vertx();
        var client = vertx.createHttpClient();
        var slow = new ArrayList<HttpClientRequest>();
        for (int i = 0; i < 4; i++) {
            var request = ApiServer.await(
                    client.request(HttpMethod.GET, api.port(), "127.0.0.1", "/api/v1/dead-letters/export"));
            var response = ApiServer.await(request.send());
            assertThat(response.getHeader("RateLimit")).isEqualTo("\"exports\";r=" + (3 - i));
            response.pause();
            slow.add(request);
        }
        var fifth = api.get("/api/v1/dead-letters/export?q=offset:7");
        assertThat(fifth.statusCode())
                .as("a fifth one while 40 MB each wait to be taken")
                .isEqualTo(429);
        assertThat(fifth.getHeader("RateLimit-Policy")).isEqualTo("\"exports\";q=4;qu=\"concurrent-requests\"");
        assertThat(fifth.getHeader("RateLimit")).isEqualTo("\"exports\";r=0");
        assertThat(fifth.getHeader("Retry-After")).isEqualTo("1");
        for (var request : slow) {
            ApiServer.await(request.connection().close());
        }
        Eventually.untilAsserted(
                Duration.ofSeconds(10),
                () -> assertThat(export("?q=offset:7").lines()).hasSize(3));
        ApiServer.await(vertx.close());
    }
}
