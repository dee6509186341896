package dev.redrive.letter;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownFieldsTest {

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
    void showsWhatItIsAskedForOfHeadersAndPayloads() throws Exception {
        letters.add(sample().withValue(Buffer.buffer("{\"a\":{\"b\":[{\"c\":\"x\"}]},\"n\":12345678901234567890}"))
                .withHeaders(
                        new Header("tenant", Buffer.buffer("acme")),
                        new Header("tenant", null),
                        new Header("tenant", Buffer.buffer("other"))));
        assertThat(shown("header.tenant,payload.a.b[0].c,payload.n"))
                .containsExactly("acme, other", "x", "12345678901234567890");
        assertThat(shown("payload.a,header.nobody,payload.a.b[7].c")).containsExactly(null, null, null);
        assertThat(server.json(LIST).getJsonArray("items").getJsonObject(0).fieldNames())
                .doesNotContain("fields");
    }

    /** Key and value of more than 127 bytes, so that their lengths take two. */
    @Test
    void looksIntoWhatAnEnvelopeHeldBeforeTheEnvelope() throws Exception {
        long id = letters.add(sample().withValue(Buffer.buffer("{\"sku\":\"outer\",\"condition\":\"retries\"}")));
        var inner = Buffer.buffer("{\"sku\":\"A-1\",\"pad\":\"" + "x".repeat(200) + "\",\"q\":\"\\u0041-2\"}");
        hold(id, new Content(Buffer.buffer("k".repeat(130)), inner, List.of()));
        assertThat(shown("payload.sku,payload.condition,payload.q")).containsExactly("A-1", "retries", "A-2");
        assertThat(found("payload.sku:A-1")).isEqualTo(1);
        assertThat(found("payload.q:A-2")).isEqualTo(1);
        assertThat(found("payload.condition:retries")).isEqualTo(1);
        assertThat(found("payload.sku:outer")).isZero();
        assertThat(found("-payload.sku:A-1")).isZero();
        hold(id, new Content(null, null, List.of()));
        assertThat(shown("payload.sku")).containsExactly("outer");
        hold(id, new Content(null, Buffer.buffer(), List.of()));
        assertThat(shown("payload.sku")).containsExactly("outer");
    }

    private void hold(long letter, Content inside) throws Exception {
        ApiServer.await(server.pool()
                .preparedQuery("UPDATE dead_letter SET unwrapped = $2 WHERE id = $1")
                .execute(Tuple.of(letter, ContentCodec.encode(inside))));
    }

    private int found(String q) throws Exception {
        return server.json(LIST + "?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8))
                .getJsonArray("items")
                .size();
    }

    /** Whatever stands there comes out short, as text, and in one piece; whatever it is asked by is a value, not SQL. */
    @Test
    void isNotHurtByWhatStandsThere() throws Exception {
        var long4 = "\ud83d\ude80".repeat(100_000);
        letters.add(sample().withValue(
                        Buffer.buffer("{\"'; DROP TABLE letter_state; --\":\"\u202egnp.exe\",\"l\":\"" + long4 + "\"}"))
                .withHeaders(
                        new Header("bytes", Buffer.buffer(new byte[] {0, 1, -1})),
                        new Header("long", Buffer.buffer(long4))));
        assertThat(shown("header.bytes,payload.\"'; DROP TABLE letter_state; --\""))
                .containsExactly("\ufffd\ufffd\ufffd", "\ufffdgnp.exe");
        for (var text : shown("header.long,payload.l")) {
            assertThat(text).matches("(\ud83d\ude80){50,200}");
        }
        letters.add(sample().withValue(Buffer.buffer("[".repeat(100_000))).withHeaders());
        letters.add(sample().withValue(Buffer.buffer(new byte[] {0, 0, 0, 0, 7, -1}))
                .withHeaders());
        assertThat(shown("payload.a,header.a")).containsExactly(null, null);
    }

    private List<String> shown(String fields) throws Exception {
        var first = server.json(LIST + "?fields=" + encode(fields))
                .getJsonArray("items")
                .getJsonObject(0);
        return first.getJsonArray("fields").stream().map(String.class::cast).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "payload.a;header.b",
        "key.x",
        "payload.",
        "header",
        "payload.a[x]",
        "payload.a||payload.b",
        "payload.a|payload.b|payload.c|payload.d"
    })
    void refusesFieldsThatItCannotRead(String fields) throws Exception {
        var answer = server.get(LIST + "?fields=" + encode(fields.replace('|', ',')));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("validation-failed");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
