package dev.redrive.letter;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PayloadRoutesTest {

    private static ApiServer server;
    private static StoredLetters letters;

    @BeforeAll
    static void start() throws Exception {
        server = ApiServer.open();
        letters = new StoredLetters(server.pool());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    @DisplayName("S-21: bytes of a record are a download and nothing else")
    void givesTheExactBytesAsADownload() throws Exception {
        var html = Buffer.buffer("<script>alert(1)</script>")
                .appendByte((byte) 0xff)
                .appendByte((byte) 0);
        var answer = server.get(path(letters.add(sample().withValue(html))) + "/payload", "Accept-Encoding", "gzip");
        assertThat(answer.body()).isEqualTo(html);
        assertThat(answer.getHeader("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(answer.getHeader("Content-Disposition")).startsWith("attachment; filename=\"letter-");
        assertThat(answer.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.getHeader("Repr-Digest")).startsWith("sha-256=:");
    }

    @Test
    void tellsNullFromEmpty() throws Exception {
        var nulls = path(letters.add(sample().withValue(null).withKey(null).withHeaders(new Header("h", null))));
        assertThat(server.get(nulls + "/payload").statusCode()).isEqualTo(204);
        assertThat(server.get(nulls + "/payload?part=key").statusCode()).isEqualTo(204);
        assertThat(server.get(nulls + "/payload?part=header&index=0").statusCode())
                .isEqualTo(204);
        assertThat(server.json(nulls).getValue("value")).isNull();
        var empty = path(letters.add(sample().withValue(Buffer.buffer())));
        assertThat(server.get(empty + "/payload").statusCode()).isEqualTo(200);
        assertThat(server.json(empty).getJsonObject("value").getInteger("size")).isZero();
    }

    @Test
    void putsChunksTogetherAndCutsThemInTheDetail() throws Exception {
        var bytes = new byte[700_001];
        new Random(7).nextBytes(bytes);
        var large = path(letters.add(sample().withValue(Buffer.buffer(bytes)).withStorage(Storage.CHUNKED)));
        assertThat(server.get(large + "/payload").body().getBytes()).isEqualTo(bytes);
        var value = server.json(large).getJsonObject("value");
        assertThat(value.getBoolean("truncated")).isTrue();
        assertThat(value.getInteger("size")).isEqualTo(700_001);
        assertThat(Base64.getDecoder().decode(value.getString("data"))).hasSize(64 * 1024);
    }

    @Test
    void cutsTextBetweenCharacters() throws Exception {
        var text = "x" + "€".repeat(30_000);
        var value = server.json(path(letters.add(sample().withValue(Buffer.buffer(text)))))
                .getJsonObject("value");
        assertThat(value.getString("encoding")).isEqualTo("utf8");
        assertThat(text).startsWith(value.getString("data"));
        assertThat(value.getInteger("size")).isEqualTo(90_001);
        assertThat(value.getBoolean("truncated")).isTrue();
    }

    @Test
    void givesRanges() throws Exception {
        var path = path(letters.add(sample().withValue(Buffer.buffer("0123456789")))) + "/payload";
        var middle = server.get(path, "Range", "bytes=2-4");
        assertThat(middle.statusCode()).isEqualTo(206);
        assertThat(middle.bodyAsString()).isEqualTo("234");
        assertThat(middle.getHeader("Content-Range")).isEqualTo("bytes 2-4/10");
        assertThat(server.get(path, "Range", "bytes=7-").bodyAsString()).isEqualTo("789");
        assertThat(server.get(path, "Range", "bytes=-2").bodyAsString()).isEqualTo("89");
        assertThat(server.get(path, "Range", "bytes=4-2").statusCode())
                .as("no range at all")
                .isEqualTo(200);
        var beyond = server.get(path, "Range", "bytes=10-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(beyond.getHeader("Content-Range")).isEqualTo("bytes */10");
        assertThat(beyond.headers()).extracting(java.util.Map.Entry::getKey).doesNotContain("Content-Disposition");
        assertThat(server.get(path, "Range", "lines=1").statusCode()).isEqualTo(200);
    }

    @Test
    void saysThatOnlyKafkaHoldsAPointer() throws Exception {
        var path = path(letters.add(sample().withStorage(Storage.POINTER)));
        assertThat(server.get(path + "/payload").statusCode()).isEqualTo(410);
        var value = server.json(path).getJsonObject("value");
        assertThat(value.getBoolean("truncated")).isTrue();
        assertThat(value.getString("data")).isEmpty();
    }

    @Test
    void refusesAHeaderThatIsNotThere() throws Exception {
        var path = path(letters.add(sample())) + "/payload?part=header";
        assertThat(server.get(path).statusCode()).isEqualTo(400);
        assertThat(server.get(path + "&index=9").statusCode()).isEqualTo(404);
        assertThat(server.get(path + "&index=0").bodyAsString()).isEqualTo("00-1");
        assertThat(server.get(path + "&part=value").statusCode()).isEqualTo(400);
    }

    private static String path(long id) {
        return "/api/v1/dead-letters/" + id;
    }
}
