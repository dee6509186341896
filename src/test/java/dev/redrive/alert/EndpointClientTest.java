package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointClientTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "120 | PT2M",
                "Mon, 23 Nov 2026 10:05:00 GMT | PT5M",
                "Monday, 23-Nov-26 10:05:00 GMT | PT5M",
                "Mon Nov 23 10:05:00 2026 | PT5M",
                "Tue Dec  1 10:00:00 2026 | PT192H",
                "Mon, 23 Nov 2026 09:00:00 GMT | PT0S",
                "- | PT0S",
                "soon | PT0S",
                "-5 | PT0S",
                "99999999999999999999 | PT0S"
            })
    void readsRetryAfterAsSecondsOrADate(@Nullable String header, Duration asked) {
        assertThat(EndpointClient.retryAfter(header, NOW)).isEqualTo(asked);
    }

    @Test
    void isNotHeldUpByAnswersWithoutAnEnd() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var server = ApiServer.await(vertx.createHttpServer()
                    .requestHandler(
                            request -> request.response().setChunked(true).write("the first half"))
                    .listen(0, "127.0.0.1"));
            var uri = URI.create("http://127.0.0.1:" + server.actualPort() + "/hook");
            var client = new EndpointClient(vertx, Duration.ofMillis(300));
            // More than there are connections.
            for (int i = 0; i < 7; i++) {
                var sent = client.send(
                        new Address.Http(uri, HttpMethod.POST, null), null, Map.of(), Buffer.buffer("{}"), NOW);
                assertThat(ApiServer.await(sent)).isInstanceOf(Answer.class);
            }
        } finally {
            ApiServer.await(vertx.close());
        }
    }
}
